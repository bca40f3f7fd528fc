package dev.unroll.task.regress;

import dev.unroll.batch.SourceReader;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Numbers;
import dev.unroll.result.Overview;
import dev.unroll.task.OverviewBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is reported about texts with values before training. */
final class RegressOverview {

  /** Deviations from the mean beyond which a value is far from all others. */
  private static final double FAR = 8;

  private RegressOverview() {}

  static Overview of(
      SourceReader source,
      List<String> training,
      double[] values,
      List<String> validation,
      boolean grouped) {
    var overview = new OverviewBuilder();
    overview.parts("text", training.size(), validation.size(), "");
    overview.aside(training.size(), validation.size());
    values(overview, values);
    Tokenizer tokens = source.tokens();
    overview.lengths(
        "lengths",
        "Length",
        tokens == null ? "step" : "token",
        training.stream().mapToInt(source::steps).toArray());
    if (tokens == null) {
      overview.fact("texts", source.inputs() + " numbers a step");
    } else {
      overview.vocabulary(
          "vocabulary",
          tokens,
          OverviewBuilder.unknown(tokens, validation),
          "try {unit characters} or {min-count 1}");
    }
    overview.twice("texts", training, validation, OverviewBuilder.apart(grouped));
    return overview.build();
  }

  private static void values(OverviewBuilder overview, double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double mean = Arrays.stream(sorted).average().orElse(0);
    double variance =
        Arrays.stream(sorted).map(each -> (each - mean) * (each - mean)).average().orElse(0);
    double deviation = Math.sqrt(variance);
    double least = sorted[0];
    double most = sorted[sorted.length - 1];
    overview.value("meanValue", mean);
    overview.value("deviation", deviation);
    overview.value("leastValue", least);
    overview.value("largestValue", most);
    overview.fact(
        "values",
        String.format(
            Locale.ROOT,
            "mean %s, standard deviation %s, from %s to %s",
            Numbers.rounded(mean),
            Numbers.rounded(deviation),
            Numbers.rounded(least),
            Numbers.rounded(most)));
    double far = Math.max(most - mean, mean - least);
    if (deviation > 0 && far > FAR * deviation) {
      overview.note(
          String.format(
              Locale.ROOT,
              "the value %s is %.0f standard deviations from the mean: squared errors make it count"
                  + " most",
              Numbers.rounded(most - mean > mean - least ? most : least),
              far / deviation),
          "check it, or train on the logarithm of the values");
    }
  }
}
