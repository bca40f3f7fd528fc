package dev.unroll.cli.label;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.command.EvalCommand;
import dev.unroll.cli.option.ModelAndFiles;
import dev.unroll.data.LabeledSequence;
import dev.unroll.model.Tagger;
import dev.unroll.result.TagScheme;
import dev.unroll.text.table.ColumnCheck;
import dev.unroll.text.table.ConllColumns;
import dev.unroll.text.table.ConllSentence;
import dev.unroll.text.table.SpanTags;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code unroll tag eval}: how well a model tags sentences whose tags are known. */
@Command(
    name = "eval",
    description =
        "Evaluates a tagger: accuracy, also on unseen words; for spans precision, recall and F1.",
    footer = {
      "",
      "Spans are counted by conlleval's rules, for IOB1, IOB2 and IOBES alike. A tag that the model does",
      "not know counts as a miss.",
      "Example:  unroll tag eval upos.safetensors en_ewt-ud-test.conllu",
    })
final class TagEvalCommand extends EvalCommand<Tagger, TaggingPrinter> {

  @Mixin ModelAndFiles given = new ModelAndFiles();
  @Mixin TagColumns columns = new TagColumns();

  @Mixin ConfusionPlot plot = new ConfusionPlot();

  @Override
  protected void check() {
    plot.check(given.inputs());
  }

  @Override
  protected Tagger open() {
    return Tagger.open(given.model());
  }

  @Override
  protected TaggingPrinter measure(Tagger tagger, Workers workers) {
    ConllColumns own = columns.columns(tagger.labelNames().source());
    List<ConllSentence> read = TagColumns.read(given.files());
    new ColumnCheck(read, own).reportWords(columns.words != null, err()::println);
    List<LabeledSequence> sentences = read.stream().map(each -> own.labeled(each, true)).toList();
    Set<String> unknown = tagger.unknownTags(sentences);
    if (sentences.stream().allMatch(each -> unknown.containsAll(each.labels()))) {
      throw InputException.in(
          given.files().getFirst(),
          "the model knows none of the tags in column %s, such as %s"
              .formatted(own.tags(), unknown.iterator().next()),
          "Name the columns with --words, --tags and --columns.");
    }
    noteScheme(SpanTags.of(read, sentences, own), tagger);
    return new TaggingPrinter(tagger.evaluate(sentences, workers), unknown);
  }

  @Override
  protected void finish(Tagger tagger, TaggingPrinter report, Workers workers) {
    plot.draw(report.measured().score());
  }

  /** Spans are counted alike in each scheme, single tags are not. */
  private void noteScheme(SpanTags tags, Tagger tagger) {
    PrintWriter notes = err();
    String known = tagger.labelNames().source().get(Tagger.FILE_SCHEME);
    if (known == null || TagScheme.of(known).faults(tags.tags()).count() == 0) {
      return;
    }
    Optional<TagScheme> found = tags.checked(notes::println);
    if (found.isPresent() && !found.get().label().equals(known)) {
      notes.println(
          "note: the tags are of %s, the model answers in %s: spans are counted alike, the accuracy of"
                  .formatted(found.get().label(), known)
              + " single tags falls");
    }
  }
}
