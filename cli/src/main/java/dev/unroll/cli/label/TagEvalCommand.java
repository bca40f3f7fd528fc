package dev.unroll.cli.label;

import dev.unroll.cli.option.OutputFile;
import dev.unroll.cli.option.TaskOptions;
import dev.unroll.cli.report.Charts;
import dev.unroll.data.LabeledSequence;
import dev.unroll.file.InputException;
import dev.unroll.kernel.Workers;
import dev.unroll.measure.TagScheme;
import dev.unroll.task.label.Tagger;
import dev.unroll.task.label.TaggingReport;
import dev.unroll.text.table.ConllColumns;
import dev.unroll.text.table.ConllFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unroll tag eval}: how well a model tags sentences whose tags are known. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Measures how well a model tags: accuracy, also of unseen words; of spans precision, recall, F1.",
    footer = {
      "",
      "Spans are counted by the rules of conlleval, for IOB1, IOB2 and IOBES alike. A tag that the model",
      "does not know counts as missed.",
      "Example:  unroll tag eval upos.safetensors en_ewt-ud-test.conllu",
    })
public final class TagEvalCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin TaskOptions given = new TaskOptions();
  @Mixin TagColumns columns = new TagColumns();

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draw the confusion matrix of the tags, as SVG.")
  @Nullable Path plot;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Path drawing = plot;
    if (drawing != null) {
      OutputFile.checkPlace(drawing, given.files);
    }
    Tagger tagger = Tagger.open(given.model);
    ConllColumns own = columns.columns(tagger.model().labels().source());
    List<ConllFile.Sentence> read = TagColumns.read(given.files);
    List<LabeledSequence> sentences = read.stream().map(each -> own.labeled(each, true)).toList();
    Set<String> unknown = tagger.unknownTags(sentences);
    if (sentences.stream().allMatch(each -> unknown.containsAll(each.labels()))) {
      throw InputException.in(
          given.files.getFirst(),
          "the model knows none of the tags in column %s, such as %s"
              .formatted(own.tags(), unknown.iterator().next()),
          "Name the columns with --words, --tags and --columns.");
    }
    noteScheme(SpanTags.of(read, sentences, own), tagger);
    try (Workers workers = given.threads.workers()) {
      TaggingReport report = tagger.evaluate(sentences, workers);
      if (given.json) {
        TaggingPrinter.printJson(out, report, unknown);
      } else {
        TaggingPrinter.print(out, report, unknown);
      }
      if (drawing != null) {
        Charts.confusion(report.score(), drawing);
      }
    }
    return 0;
  }

  /** Spans are counted alike in each scheme, single tags are not. */
  private void noteScheme(SpanTags tags, Tagger tagger) {
    PrintWriter notes = spec.commandLine().getErr();
    String known = tagger.model().labels().source().get(Tagger.FILE_SCHEME);
    if (known == null || TagScheme.of(known).faults(tags.tags()).count() == 0) {
      return;
    }
    Optional<TagScheme> found = tags.checked(notes);
    if (found.isPresent() && !found.get().label().equals(known)) {
      notes.println(
          "note: the tags are of %s, the model answers in %s: spans are counted alike, the accuracy of"
                  .formatted(found.get().label(), known)
              + " single tags falls");
    }
  }
}
