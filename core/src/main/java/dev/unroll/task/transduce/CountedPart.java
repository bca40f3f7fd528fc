package dev.unroll.task.transduce;

import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What was counted, beside a network. Both write targets, and each target is compared by
 *
 * <pre>{@code
 * (1-w) score by the network + w score by what was counted
 * }</pre>
 *
 * @param writer writes by what was counted
 * @param weight w, in (0, 1]
 */
record CountedPart(CountedWriter writer, double weight) {

  private static final String KIND = "kind";
  private static final String WEIGHT = "weight";

  /** Returns what was counted and what it weighs, in words. */
  String describe() {
    return String.format(
        Locale.ROOT, "%s: %s, weight %.2f", writer.kind(), writer.describe(), weight);
  }

  Map<String, Object> toJson() {
    var json = new LinkedHashMap<String, Object>();
    json.put(KIND, writer.kind());
    json.put(WEIGHT, weight);
    json.putAll(writer.toJson());
    return json;
  }

  static CountedPart fromJson(Json.Reader json, Tokenizer source, Tokenizer target) {
    double weight = json.number(WEIGHT);
    if (!(weight > 0 && weight <= 1)) {
      throw new IllegalArgumentException("weight is " + weight + ", must be in (0, 1]");
    }
    CountedWriter writer =
        switch (json.text(KIND)) {
          case PieceWriter.KIND -> PieceWriter.fromJson(json, source, target);
          case DictionaryWriter.KIND -> DictionaryWriter.fromJson(json, source, target);
          case String other -> throw new IllegalArgumentException("nothing counts by " + other);
        };
    return new CountedPart(writer, weight);
  }
}
