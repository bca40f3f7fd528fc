package dev.unroll.cli.lm;

import dev.unroll.cli.option.KeptInModel;
import dev.unroll.data.Condition;
import dev.unroll.data.ConditionedStream;
import dev.unroll.file.InputException;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.text.Corpus;
import dev.unroll.text.table.TextTable;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a language model writes for, and the tables that say it of each text. */
@KeptInModel
final class GivenColumns {

  @Mixin GivenTable table = new GivenTable();

  @Option(
      names = "--given-numbers",
      description =
          "The column has numbers between spaces or commas, a vector, instead of a label.")
  boolean numbers;

  @Option(
      names = "--given-at",
      paramLabel = "PLACE",
      defaultValue = "steps",
      description =
          "Where the network reads it: at the start (its first state) or at all steps, beside each token."
              + " Default: ${DEFAULT-VALUE}.")
  String place = "steps";

  /** Returns whether texts are written for something. */
  boolean used() {
    if (table.column == null && (numbers || !place.equals("steps"))) {
      throw new InputException(
          "--given-numbers and --given-at do nothing without --given-column",
          "Add --given-column COLUMN, or leave them out.");
    }
    return table.used();
  }

  /** Reads tables, in an order of their own: many are sorted by label. */
  ConditionedStream read(List<Path> files, Corpus.Options options, long seed) {
    List<TextTable.Row> rows = table.rows(files);
    if (numbers) {
      rows.forEach(row -> GivenTable.located(row, GivenTable::vector)); // named in their order
    }
    int[] order = IntStream.range(0, rows.size()).toArray();
    CounterRandom.of(seed, CounterRandom.Purpose.PARTS, 0).shuffle(order);
    List<TextTable.Row> shuffled = IntStream.of(order).mapToObj(rows::get).toList();
    Corpus corpus = Corpus.of(shuffled.stream().map(GivenTable::line).toList(), options);
    Condition.Place at = Condition.Place.of(place);
    Condition condition =
        numbers
            ? new Condition(
                List.of(), GivenTable.located(shuffled.getFirst(), GivenTable::vector).length, at)
            : Condition.ofLabels(
                List.copyOf(new TreeSet<>(shuffled.stream().map(GivenTable::label).toList())), at);
    return new ConditionedStream(corpus, condition, GivenTable.vectors(shuffled, condition));
  }
}
