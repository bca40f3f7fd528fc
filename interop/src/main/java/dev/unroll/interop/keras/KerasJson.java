package dev.unroll.interop.keras;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * JSON as Python writes it: with null, NaN and Infinity, none of which the JSON of our own files
 * has. A member that is null has the value null; elements of lists that are null are left out.
 */
final class KerasJson {

  private static final int DEEPEST = 100;

  private static final ObjectReader READER =
      new ObjectMapper(
              new JsonFactoryBuilder()
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .reader()
          .with(DeserializationFeature.USE_LONG_FOR_INTS)
          .forType(Object.class);

  private KerasJson() {}

  /**
   * Parses a text.
   *
   * @throws JsonException if it is not JSON, or an array or object is nested too deep
   */
  static Json.Reader parse(String text) {
    try {
      Object value = READER.readValue(text);
      removeNulls(value);
      return new Json.Reader("", value == null ? "" : value);
    } catch (JsonProcessingException e) {
      throw new JsonException(e.getOriginalMessage());
    }
  }

  private static void removeNulls(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      map.values().forEach(KerasJson::removeNulls);
    } else if (value instanceof List<?> list) {
      list.removeIf(Objects::isNull);
      list.forEach(KerasJson::removeNulls);
    }
  }
}
