package dev.unroll.cli.label;

import dev.unroll.cli.option.BaselineOptions;
import dev.unroll.data.LabeledSequence;
import dev.unroll.task.label.FrequentTag;
import dev.unroll.task.label.TaggingReport;
import dev.unroll.text.table.ConllColumns;
import dev.unroll.text.table.ConllFile;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code unroll tag baseline}: what counting alone reaches. */
@Command(
    name = "baseline",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Measures the tagger that gives each word its most frequent tag, which a network has to beat.",
    footer = {
      "",
      "Example:  unroll tag baseline esp.train.txt --test esp.valid.txt",
    })
public final class TagBaselineCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin BaselineOptions given = new BaselineOptions();
  @Mixin TagColumns columns = new TagColumns();

  @Override
  public Integer call() {
    given.checkTests();
    PrintWriter notes = spec.commandLine().getErr();
    var training = TagColumns.read(given.files);
    ConllColumns own = columns.columns(training, List.of());
    var baseline = new FrequentTag(labelled(training, own, notes));
    List<LabeledSequence> wanted = labelled(TagColumns.read(given.tests), own, notes);
    TaggingReport report = baseline.evaluate(wanted);
    if (given.json) {
      TaggingPrinter.printJson(spec.commandLine().getOut(), report, Set.of());
    } else {
      TaggingPrinter.print(spec.commandLine().getOut(), report, Set.of());
    }
    return 0;
  }

  private static List<LabeledSequence> labelled(
      List<ConllFile.Sentence> sentences, ConllColumns own, PrintWriter notes) {
    var all = sentences.stream().map(each -> own.labeled(each, true)).toList();
    SpanTags.of(sentences, all, own).checked(notes);
    return all;
  }
}
