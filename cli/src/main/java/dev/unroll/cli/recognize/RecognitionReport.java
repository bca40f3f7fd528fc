package dev.unroll.cli.recognize;

import dev.unroll.cli.report.Report;
import dev.unroll.result.ErrorRates;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How well sequences were labeled. */
record RecognitionReport(ErrorRates errors) implements Report {

  @Override
  public void print(PrintWriter out) {
    out.println(String.format(Locale.ROOT, "%,d pairs", errors.texts()));
    print(out, "exact match", errors.exactMatch());
    print(out, "label error rate", errors.tokenRate());
    print(out, "character error rate", errors.characterRate());
  }

  private static void print(PrintWriter out, String name, double share) {
    out.println(String.format(Locale.ROOT, "%-20s  %6.2f%%", name, 100 * share));
  }

  @Override
  public Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("pairs", errors.texts());
    fields.put("exactMatch", errors.exactMatch());
    fields.put("labelErrorRate", errors.tokenRate());
    fields.put("characterErrorRate", errors.characterRate());
    return fields;
  }
}
