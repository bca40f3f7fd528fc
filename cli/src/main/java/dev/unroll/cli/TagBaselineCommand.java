package dev.unroll.cli;

import dev.unroll.task.FrequentTag;
import dev.unroll.task.Labelled;
import dev.unroll.text.ConllColumns;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
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
final class TagBaselineCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Tagged sentences, as for training.")
  List<Path> files = List.of();

  @Option(
      names = "--test",
      paramLabel = "FILE",
      required = true,
      description = "Tagged sentences to measure on (repeatable).")
  List<Path> tests = List.of();

  @Mixin TagColumns columns = new TagColumns();

  @Override
  public Integer call() {
    var training = TagColumns.read(files);
    ConllColumns own = columns.columns(training, List.of());
    var baseline =
        new FrequentTag(training.stream().map(each -> own.labelled(each, true)).toList());
    List<Labelled> wanted =
        TagColumns.read(tests).stream().map(each -> own.labelled(each, true)).toList();
    TaggingPrinter.print(spec.commandLine().getOut(), baseline.evaluate(wanted), Set.of());
    return 0;
  }
}
