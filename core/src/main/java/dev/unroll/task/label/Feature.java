package dev.unroll.task.label;

import dev.unroll.base.InputException;
import dev.unroll.file.Json;
import java.util.Locale;
import java.util.Map;

/**
 * A further column of each token that a network reads beside the token itself, such as its part of
 * speech: a vector for each value of the column.
 *
 * @param values number of values that have a vector; others are read as zeros
 * @param width width of the vectors
 */
public record Feature(int values, int width) {

  /** Checks the sizes. */
  public Feature {
    if (values < 1 || width < 1 || width > 4096) {
      throw new InputException(
          String.format(
              Locale.ROOT, "a column of %d values, read as vectors of width %d", values, width),
          "It needs a value, and a width of 1 to 4,096.");
    }
  }

  Map<String, Object> toJson() {
    return Json.object("values", (long) values, "width", (long) width);
  }

  static Feature fromJson(Json.Reader json) {
    return new Feature(json.integer("values"), json.integer("width"));
  }
}
