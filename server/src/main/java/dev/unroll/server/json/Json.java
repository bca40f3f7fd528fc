package dev.unroll.server.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.unroll.base.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads and writes JSON. What is read is RFC 8259 and nothing else: no NaN, no name twice, nothing
 * after the end, UTF-8 without errors, nesting and numbers of bounded length. What is written has
 * {@code null} where a number is not finite, and no field where a record has none.
 */
public final class Json {

  private static final int DEEPEST = 32;
  private static final int LONGEST_NUMBER = 100;
  private static final int LONGEST_NAME = 200;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNumberLength(LONGEST_NUMBER)
                          .maxNameLength(LONGEST_NAME)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .addModule(
              new SimpleModule()
                  .addSerializer(Double.class, new FiniteDoubles())
                  .addSerializer(double.class, new FiniteDoubles())
                  .addSerializer(Float.class, new FiniteFloats())
                  .addSerializer(float[].class, new FloatLists()))
          .build();

  private Json() {}

  /**
   * Reads a whole text.
   *
   * @throws InvalidJson if it is not one value in JSON, encoded in UTF-8
   */
  public static JsonNode read(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return read(text);
    } catch (CharacterCodingException e) {
      throw new InvalidJson(InvalidJson.Kind.SYNTAX, "", "the body is not valid UTF-8");
    }
  }

  /**
   * Reads a whole text.
   *
   * @throws InvalidJson if it is not one value in JSON
   */
  public static JsonNode read(String text) {
    try {
      JsonNode root = MAPPER.readTree(text);
      if (root == null || root.isMissingNode()) {
        throw new InvalidJson(InvalidJson.Kind.SYNTAX, "", "the body is empty");
      }
      return root;
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      String where =
          place == null
              ? ""
              : String.format(
                  Locale.ROOT, " at line %d, column %d", place.getLineNr(), place.getColumnNr());
      throw new InvalidJson(
          InvalidJson.Kind.SYNTAX, "", "not valid JSON" + where + ": " + firstLine(e));
    }
  }

  private static String firstLine(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    int end = message.indexOf('\n');
    String line = end < 0 ? message : message.substring(0, end);
    return InputException.quoted(line, 200);
  }

  /**
   * Returns records, maps, lists, texts and numbers as one line of JSON.
   *
   * @param value what is written; nothing of it may refer to itself
   */
  public static byte[] bytes(Object value) {
    try {
      // by way of a text: half a surrogate pair, which a client may have sent, is written as ?
      return MAPPER.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e); // such values can be written
    }
  }

  /** Returns records, maps, lists, texts and numbers as a tree. */
  public static JsonNode tree(Object value) {
    return read(bytes(value));
  }

  /** JSON has no NaN and no infinity. */
  private static final class FiniteDoubles extends JsonSerializer<Double> {
    @Override
    public void serialize(Double value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      if (Double.isFinite(value)) {
        out.writeNumber(value.doubleValue());
      } else {
        out.writeNull();
      }
    }
  }

  /** As few digits as give the same float again. */
  private static void write(float value, JsonGenerator out) throws IOException {
    if (Float.isFinite(value)) {
      out.writeNumber(value);
    } else {
      out.writeNull();
    }
  }

  private static final class FiniteFloats extends JsonSerializer<Float> {
    @Override
    public void serialize(Float value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      write(value, out);
    }
  }

  /** Vectors, without an object for each element. */
  private static final class FloatLists extends JsonSerializer<float[]> {
    @Override
    public void serialize(float[] values, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeStartArray(values, values.length);
      for (float each : values) {
        write(each, out);
      }
      out.writeEndArray();
    }
  }
}
