package dev.unroll.cli.lm;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.JsonOption;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.option.WeightsOption;
import dev.unroll.cli.report.Answers;
import dev.unroll.model.Filler;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll lm fill}: a gap between two texts. */
@Command(
    name = "fill",
    description =
        "Fills the gap between two texts. A model continues the left one, and then it and a backward"
            + " model score the whole text.",
    footer = {
      "",
      "Each output line has the score and the whole text, separated by a tab.",
      "Examples:",
      "  unroll lm train news.txt --backward -o backward.safetensors",
      "  unroll lm fill news.safetensors 'the cats' 'on the mat.' --with backward.safetensors",
    })
final class FillCommand extends UnrollCommand {

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model file.")
  Path model = Path.of("");

  @Parameters(index = "1", paramLabel = "LEFT", description = "The text before the gap.")
  String left = "";

  @Parameters(index = "2", paramLabel = "RIGHT", description = "The text after it, to its end.")
  String right = "";

  @Option(
      names = "--with",
      paramLabel = "MODEL",
      description =
          "Backward model (train --backward) on the same text with the same unit. Default:"
              + " the first model scores the whole text alone.")
  @Nullable Path backward;

  @Option(
      names = "--length",
      paramLabel = "N",
      defaultValue = "10",
      description = "Maximum length of the gap, in tokens. Default: ${DEFAULT-VALUE}.")
  int length = 10;

  @Option(
      names = "--beam",
      paramLabel = "N",
      defaultValue = "32",
      description = "Continuations of each length that are scored. Default: ${DEFAULT-VALUE}.")
  int beam = 32;

  @Option(
      names = "--length-power",
      paramLabel = "A",
      defaultValue = "1",
      description =
          "Compare log-probability / tokens^A of the whole text; 0 favors short gaps. Default: 1.")
  double lengthPower = 1;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "5",
      description = "Number of answers. Default: ${DEFAULT-VALUE}.")
  int count = 5;

  @Mixin WeightsOption weights = new WeightsOption();
  @Mixin GivenOption given = new GivenOption();
  @Mixin JsonOption json = new JsonOption();
  @Mixin ThreadOption threads = new ThreadOption();

  @Override
  public Integer call() {
    if (count < 1) {
      throw new InputException("--count is " + count, "It must be at least 1.");
    }
    var answers = new Answers(json.form());
    var forward = given.open(model, weights);
    var other = backward == null ? null : given.open(backward, weights);
    var filler = new Filler(forward, other, length, beam, lengthPower);
    Unread.note(forward, left, err());
    Unread.note(forward, right, err());
    try (Workers workers = threads.workers()) {
      filler.fill(left, right, count, workers).forEach(each -> print(each, answers));
    }
    return 0;
  }

  private void print(Filler.Filled filled, Answers answers) {
    if (!answers.areAsked()) {
      out().println(String.format(Locale.ROOT, "%.4f\t", filled.score()) + filled.text());
      return;
    }
    var fields = new LinkedHashMap<String, Object>();
    fields.put("gap", filled.gap());
    fields.put("text", filled.text());
    fields.put("score", filled.score());
    fields.put("logProbability", filled.forward());
    if (backward != null) {
      fields.put("backwardLogProbability", filled.backward());
    }
    answers.print(out(), fields);
  }
}
