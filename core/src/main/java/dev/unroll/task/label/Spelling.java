package dev.unroll.task.label;

import dev.unroll.base.InputException;
import dev.unroll.file.Json;
import java.util.Locale;
import java.util.Map;

/**
 * How a network reads the characters of a word, beside the word's own vector: an LSTM that reads
 * them both ways, whose two last outputs are further inputs (Lample et al. 2016).
 *
 * @param embedding width of a character's vector
 * @param units units of each way
 */
public record Spelling(int embedding, int units) {

  /** Checks the sizes. */
  public Spelling {
    if (embedding < 1 || embedding > 4096 || units < 1 || units > 4096) {
      throw new InputException(
          String.format(Locale.ROOT, "characters of width %d, read by %d units", embedding, units),
          "Both are 1 to 4,096.");
    }
  }

  public Map<String, Object> toJson() {
    return Json.object("embedding", (long) embedding, "units", (long) units);
  }

  public static Spelling fromJson(Json.Reader json) {
    return new Spelling(json.integer("embedding"), json.integer("units"));
  }
}
