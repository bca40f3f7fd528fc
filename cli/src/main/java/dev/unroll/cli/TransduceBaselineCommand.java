package dev.unroll.cli;

import dev.unroll.task.Pair;
import dev.unroll.task.Transducer;
import dev.unroll.task.WordDictionary;
import dev.unroll.text.Segmentation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unroll transduce baseline}: how good a word-by-word dictionary is. */
@Command(
    name = "baseline",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Measures a dictionary that translates word by word (IBM model 1), which a network has to beat.",
    footer = {
      "",
      "Tokens are what stands between white space, in targets and sources.",
      "Example:  unroll transduce baseline train.tsv --test valid.tsv",
    })
final class TransduceBaselineCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Pairs, as for training.")
  List<Path> files = List.of();

  @Option(
      names = "--test",
      paramLabel = "FILE",
      required = true,
      description = "Pairs to measure on (repeatable).")
  List<Path> tests = List.of();

  @Mixin PairColumns columns = new PairColumns();

  @Override
  public Integer call() {
    var table = columns.table();
    List<Pair> training = table.read(files);
    List<Pair> pairs = table.read(tests);
    var words = Segmentation.of(Segmentation.Unit.TOKENS);
    var dictionary =
        new WordDictionary(
            training.stream().map(pair -> words.cut(pair.source())).toList(),
            training.stream().map(pair -> words.cut(pair.target())).toList());
    Map<String, Set<String>> references = Transducer.references(pairs);
    List<String> found =
        references.keySet().stream().map(each -> dictionary.translate(words.cut(each))).toList();
    var wanted = references.values().stream().<List<String>>map(List::copyOf).toList();
    var errors = WritingErrors.of(found, wanted, words::cut);
    TransductionReport.of(pairs.size(), found, wanted, errors, null)
        .print(spec.commandLine().getOut());
    return 0;
  }
}
