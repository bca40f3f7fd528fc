package dev.unroll.cli.transduce;

import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.BaselineOptions;
import dev.unroll.cli.option.PairColumns;
import dev.unroll.data.Pair;
import dev.unroll.measure.TextErrors;
import dev.unroll.task.transduce.WordDictionary;
import dev.unroll.text.Segmentation;
import dev.unroll.text.baseline.AlignedNgrams;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll transduce baseline}: how good what a network has to beat is. */
@Command(
    name = "baseline",
    description =
        "Evaluates the baseline that a network has to beat: a dictionary that translates word by word"
            + " (IBM model 1), or joint n-grams of aligned pieces of source and target.",
    footer = {
      "",
      "Examples:",
      "  unroll transduce baseline train.tsv --test valid.tsv",
      "  unroll transduce baseline cmudict.tsv --ngrams 8 --source-unit characters --test valid.tsv",
    })
final class TransduceBaselineCommand extends UnrollCommand {

  @Mixin BaselineOptions given = new BaselineOptions();

  @Option(
      names = "--ngrams",
      paramLabel = "ORDER",
      description =
          "Evaluate joint n-grams of up to N aligned pieces, not the dictionary. A piece is a"
              + " source token with the 0 to 2 target tokens that it becomes, so targets must"
              + " follow their sources in order.")
  @Nullable Integer order;

  @Option(
      names = "--source-unit",
      paramLabel = "UNIT",
      defaultValue = "tokens",
      description = "What a token of a source is, as in training. Default: ${DEFAULT-VALUE}.")
  String sourceUnit = "tokens";

  @Option(
      names = "--target-unit",
      paramLabel = "UNIT",
      defaultValue = "tokens",
      description = "What a token of a target is, as in training. Default: ${DEFAULT-VALUE}.")
  String targetUnit = "tokens";

  @Mixin PairColumns columns = new PairColumns();

  @Override
  public Integer call() {
    given.checkTests();
    var table = columns.table();
    var source = Segmentation.of(Segmentation.Unit.of(sourceUnit));
    var target = Segmentation.of(Segmentation.Unit.of(targetUnit));
    List<Pair> training = table.read(given.files());
    List<Pair> pairs = table.read(given.tests());
    UnaryOperator<List<String>> writer =
        writer(
            training.stream().map(pair -> source.cut(pair.source())).toList(),
            training.stream().map(pair -> target.cut(pair.target())).toList());
    Map<String, Set<String>> references = Pair.references(pairs);
    List<String> found =
        references.keySet().parallelStream()
            .map(each -> target.join(writer.apply(source.cut(each))))
            .toList();
    var wanted = references.values().stream().<List<String>>map(List::copyOf).toList();
    var errors = TextErrors.of(found, wanted, target::cut);
    var report = TransductionReport.of(pairs.size(), found, wanted, errors, null);
    report.print(out(), given.form());
    return 0;
  }

  private UnaryOperator<List<String>> writer(
      List<List<String>> sources, List<List<String>> targets) {
    if (order == null) {
      return new WordDictionary(sources, targets)::translate;
    }
    var ngrams = AlignedNgrams.estimate(sources, targets, order);
    err()
        .println(
            "%,d of %,d pairs could be cut into pieces"
                .formatted(ngrams.aligned(), sources.size()));
    return ngrams::write;
  }
}
