package dev.unroll.cli.label;

import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.BaselineOptions;
import dev.unroll.data.LabeledSequence;
import dev.unroll.model.Tagger;
import dev.unroll.tasks.FrequentTag;
import dev.unroll.text.table.ColumnCheck;
import dev.unroll.text.table.ConllColumns;
import dev.unroll.text.table.ConllSentence;
import dev.unroll.text.table.SpanTags;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code unroll tag baseline}: what counting reaches. */
@Command(
    name = "baseline",
    description =
        "Evaluates the most frequent tag of each word, the baseline that a network has to beat.",
    footer = {
      "",
      "Example:  unroll tag baseline esp.train.txt --test esp.valid.txt",
    })
final class TagBaselineCommand extends UnrollCommand {

  @Mixin BaselineOptions given = new BaselineOptions();
  @Mixin TagColumns columns = new TagColumns();

  @Override
  public Integer call() {
    given.checkTests();
    PrintWriter notes = err();
    var training = TagColumns.read(given.files());
    ConllColumns own = ConllColumns.of(training, columns.words, columns.tags, List.of());
    new ColumnCheck(training, own)
        .report(columns.words != null, columns.tags != null, notes::println);
    var baseline = new FrequentTag(labeled(training, own, notes));
    List<LabeledSequence> wanted = labeled(TagColumns.read(given.tests()), own, notes);
    Tagger.Report report = baseline.evaluate(wanted);
    new TaggingPrinter(report, Set.of()).print(out(), given.form());
    return 0;
  }

  private static List<LabeledSequence> labeled(
      List<ConllSentence> sentences, ConllColumns own, PrintWriter notes) {
    var all = sentences.stream().map(each -> own.labeled(each, true)).toList();
    SpanTags.of(sentences, all, own).checked(notes::println);
    return all;
  }
}
