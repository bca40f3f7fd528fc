package dev.unroll.cli.label;

import dev.unroll.base.InputException;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.data.LabeledSequence;
import dev.unroll.file.Numbers;
import dev.unroll.task.label.LabelRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much the loss of each label counts. */
@KeptInModel
final class ClassWeights {

  /** A label, which may have commas and equals signs, and its weight. */
  private static final Pattern WEIGHT = Pattern.compile("(.+?)=(\\d+(?:\\.\\d+)?)(?:,|$)");

  @Option(
      names = "--class-weights",
      paramLabel = "W",
      description =
          "Weight of each label in the loss: balanced (all labels count the same), or"
              + " LABEL=WEIGHT,… (1 for others). Default: 1 for all.")
  @Nullable String asked;

  /** Returns the weight of each label, or nothing where all weigh 1. */
  List<Double> of(List<LabeledSequence> data, List<String> labels) {
    String given = asked;
    if (given == null) {
      return List.of();
    }
    return given.equals("balanced") ? LabelRun.balanced(data, labels) : parsed(given, labels);
  }

  private static List<Double> parsed(String given, List<String> labels) {
    var weights = new ArrayList<>(Collections.nCopies(labels.size(), 1.0));
    Matcher each = WEIGHT.matcher(given);
    int end = 0;
    for (; each.lookingAt(); each.region(end, given.length())) {
      int number = labels.indexOf(each.group(1));
      double weight = Numbers.parse(each.group(2));
      if (number < 0 || !(weight > 0)) {
        throw new InputException(
            "--class-weights has «" + each.group(1) + "=" + each.group(2) + "»",
            number < 0 ? "The labels are: " + String.join(", ", labels) : "A weight is above 0.");
      }
      weights.set(number, weight);
      end = each.end();
    }
    if (end < given.length()) {
      throw new InputException(
          "--class-weights has «" + given.substring(end) + "»",
          "Give balanced, or LABEL=WEIGHT for some labels, with commas between.");
    }
    return weights;
  }
}
