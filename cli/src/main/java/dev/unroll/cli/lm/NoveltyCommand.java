package dev.unroll.cli.lm;

import dev.unroll.base.InputException;
import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.JsonOption;
import dev.unroll.cli.report.Answers;
import dev.unroll.cli.report.Form;
import dev.unroll.text.Lines;
import dev.unroll.text.Segmentation;
import dev.unroll.text.inspect.Novelty;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll lm novelty}: what of texts stands in a corpus. */
@Command(
    name = "novelty",
    description =
        "Finds which parts of texts occur verbatim in a corpus, such as a model's training text: the"
            + " longest copied passage and the share of n-grams that are copied.",
    footer = {
      "",
      "The corpus is read once and not kept; memory grows with the texts. A line end counts as a token.",
      "lm sample --novelty does the same for sampled texts.",
      "Example:  unroll lm novelty poem.txt --corpus shakespeare.txt",
    })
final class NoveltyCommand extends UnrollCommand {

  @Parameters(
      paramLabel = "TEXT",
      arity = "1..*",
      description = "Texts, one per file; - reads standard input.")
  List<Path> files = List.of();

  @Option(
      names = "--corpus",
      paramLabel = "FILE",
      required = true,
      description = "A file or folder of the corpus. Repeatable.")
  List<Path> corpus = List.of();

  @Option(
      names = "--unit",
      paramLabel = "UNIT",
      defaultValue = "words",
      description =
          "Unit of comparison: words, tokens (separated by whitespace) or characters."
              + " Default: words.")
  String unit = "words";

  @Option(names = "--lower-case", description = "Ignore case in the comparison.")
  boolean lowerCase;

  @Mixin JsonOption json = new JsonOption();

  @Override
  public Integer call() {
    var segmentation = Segmentation.of(Segmentation.Unit.of(unit)).withLowerCase(lowerCase);
    if (segmentation.unit() == Segmentation.Unit.BYTE_PAIRS) {
      throw new InputException("--unit is byte-pairs", "Use words, tokens or characters.");
    }
    var novelty = new Novelty(segmentation);
    var report = new NoveltyReport(novelty);
    var texts = new ArrayList<String>();
    for (Path file : files) {
      var lines = new ArrayList<String>();
      Lines.read(file, lines::add);
      texts.add(String.join("\n", lines));
    }
    var copied = novelty.compare(texts, corpus);
    var answers = new Answers(json.form());
    if (!answers.areAsked()) {
      report.print(out(), copied);
      return 0;
    }
    for (int i = 0; i < copied.size(); i++) {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("text", files.get(i).toString());
      fields.putAll(report.fields(copied.get(i), json.form() == Form.CSV));
      answers.print(out(), fields);
    }
    return 0;
  }
}
