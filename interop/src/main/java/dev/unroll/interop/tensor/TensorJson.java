package dev.unroll.interop.tensor;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.unroll.base.InputException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tensors as JSON: nested lists, {@code [[1, 2], [3, 4]]}, or an object with a type, a shape and
 * lists, {@code {"type": "float", "shape": [2, 2], "data": [1, 2, 3, 4]}}. JSON has no numbers that
 * are not finite; they are the texts {@code "NaN"}, {@code "Infinity"} and {@code "-Infinity"}.
 */
public final class TensorJson {

  private static final JsonFactory JSON = new JsonFactory();

  private static final String FIX =
      "Write nested lists of numbers, all of one length at each depth.";

  private TensorJson() {}

  /**
   * Reads a file.
   *
   * @param expected the type where the file does not say one; null for {@code int64} of whole
   *     numbers, {@code float} of others, {@code bool} and {@code string}
   * @throws InputException if it is not such JSON, or an element is not of the type
   */
  public static Tensor read(Path file, @Nullable ElementType expected) {
    var memory = MemoryLimit.ofHeap();
    return ForeignFiles.read(file, memory, bytes -> read(bytes, expected, memory));
  }

  static Tensor read(byte[] bytes, @Nullable ElementType expected, MemoryLimit memory) {
    try (JsonParser parser = JSON.createParser(bytes)) {
      parser.nextToken();
      Tensor tensor =
          parser.currentToken() == JsonToken.START_OBJECT
              ? ofObject(parser, expected, memory)
              : JsonElements.read(parser, memory).tensor(expected, null);
      if (parser.nextToken() != null) {
        throw new InputException("continues after the tensor", FIX);
      }
      return tensor;
    } catch (JacksonException e) {
      throw new InputException(
          "is not JSON: "
              + e.getOriginalMessage()
              + (e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr()),
          FIX);
    } catch (IOException e) { // of bytes in memory: they are no characters
      throw new InputException("is not text in UTF-8: " + e.getMessage(), FIX);
    }
  }

  private static Tensor ofObject(
      JsonParser parser, @Nullable ElementType expected, MemoryLimit memory) throws IOException {
    ElementType type = expected;
    Shape shape = null;
    JsonElements data = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "type" -> type = type(parser.getText());
        case "shape" -> shape = JsonElements.read(parser, memory).shape();
        case "data" -> data = JsonElements.read(parser, memory);
        default -> throw new InputException("has the unknown field " + name, FIX);
      }
    }
    if (data == null) {
      throw new InputException("has no data", FIX);
    }
    return data.tensor(type, shape);
  }

  private static ElementType type(String label) {
    var labels = new ArrayList<String>();
    for (ElementType each : ElementType.OF_FILES) {
      if (each.label().equals(label)) {
        return each;
      }
      labels.add(each.label());
    }
    throw new InputException(
        "has the type " + label, "Use one of " + String.join(", ", labels) + ".");
  }

  /** Returns a tensor as an object with type, shape and nested lists, in one line. */
  public static String write(Tensor tensor) {
    return written(out -> write(tensor, out));
  }

  /** Returns tensors as an object of such objects, by name. */
  public static String write(Map<String, Tensor> tensors) {
    return written(
        out -> {
          out.writeStartObject();
          for (var each : tensors.entrySet()) {
            out.writeFieldName(each.getKey());
            write(each.getValue(), out);
          }
          out.writeEndObject();
        });
  }

  private interface Content {
    void write(JsonGenerator out) throws IOException;
  }

  private static String written(Content content) {
    var text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      content.write(out);
    } catch (IOException e) {
      throw new IllegalStateException("text is written to memory", e);
    }
    return text.toString();
  }

  private static void write(Tensor tensor, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("type", tensor.type().label());
    out.writeFieldName("shape");
    out.writeStartArray();
    for (int axis : tensor.shape().axes()) {
      out.writeNumber(axis);
    }
    out.writeEndArray();
    out.writeFieldName("data");
    writeAxis(tensor, 0, 0, out);
    out.writeEndObject();
  }

  private static void writeAxis(Tensor tensor, int axis, int from, JsonGenerator out)
      throws IOException {
    List<Integer> axes = tensor.shape().axes();
    if (axis == axes.size()) {
      writeElement(tensor, from, out);
      return;
    }
    int stride = tensor.shape().strides()[axis];
    out.writeStartArray();
    for (int i = 0; i < axes.get(axis); i++) {
      writeAxis(tensor, axis + 1, from + i * stride, out);
    }
    out.writeEndArray();
  }

  private static void writeElement(Tensor tensor, int at, JsonGenerator out) throws IOException {
    switch (tensor.elements()) {
      case float[] floats -> {
        if (Float.isFinite(floats[at])) {
          out.writeNumber(floats[at]);
        } else {
          out.writeString(Float.toString(floats[at]));
        }
      }
      case double[] doubles -> {
        if (Double.isFinite(doubles[at])) {
          out.writeNumber(doubles[at]);
        } else {
          out.writeString(Double.toString(doubles[at]));
        }
      }
      case boolean[] booleans -> out.writeBoolean(booleans[at]);
      case long[] longs ->
          out.writeNumber(
              tensor.type() == ElementType.UINT64
                  ? Long.toUnsignedString(longs[at])
                  : Long.toString(longs[at]));
      default -> out.writeString(((String[]) tensor.elements())[at]);
    }
  }
}
