package dev.unroll.cli.transduce;

import dev.unroll.cli.report.Report;
import dev.unroll.measure.Bleu;
import dev.unroll.measure.Chrf;
import dev.unroll.result.ErrorRates;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How good texts are that were made of others.
 *
 * @param crossEntropy in nats per token, or null where nothing gives probabilities
 */
record TransductionReport(
    int sources,
    int pairs,
    ErrorRates errors,
    double bleu,
    double chrf,
    @Nullable Double crossEntropy)
    implements Report {

  /** Measures what was found against what was wanted. */
  static TransductionReport of(
      int pairs,
      List<String> found,
      List<List<String>> wanted,
      ErrorRates errors,
      @Nullable Double crossEntropy) {
    double bleu = Bleu.of(found, wanted);
    double chrf = Chrf.of(found, wanted);
    return new TransductionReport(found.size(), pairs, errors, bleu, chrf, crossEntropy);
  }

  @Override
  public Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("sources", sources);
    fields.put("pairs", pairs);
    fields.put("exactMatch", errors.exactMatch());
    fields.put("tokenErrorRate", errors.tokenRate());
    fields.put("characterErrorRate", errors.characterRate());
    fields.put("bleu", bleu);
    fields.put("chrf2", chrf);
    if (crossEntropy != null) {
      fields.put("crossEntropyPerToken", crossEntropy);
    }
    return fields;
  }

  @Override
  public void print(PrintWriter out) {
    out.println(String.format(Locale.ROOT, "%,d sources, %,d pairs", sources, pairs));
    print(out, "exact match", 100 * errors.exactMatch(), "%");
    print(out, "token error rate", 100 * errors.tokenRate(), "%");
    print(out, "character error rate", 100 * errors.characterRate(), "%");
    print(out, "BLEU", bleu, "");
    print(out, "chrF2", chrf, "");
    if (crossEntropy != null) {
      print(out, "cross-entropy", crossEntropy, " nats/token");
    }
  }

  private static void print(PrintWriter out, String name, double value, String unit) {
    out.println(String.format(Locale.ROOT, "%-22s %6.2f%s", name, value, unit));
  }
}
