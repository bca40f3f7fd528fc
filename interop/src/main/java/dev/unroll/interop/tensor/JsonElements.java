package dev.unroll.interop.tensor;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.unroll.base.InputException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Nested lists of JSON, or one value, as elements and the lengths of the lists. */
final class JsonElements {

  private static final int MOST_AXES = 64;

  /** About how many bytes an element takes while it is read. */
  private static final int ELEMENT = 32;

  private static final String FIX =
      "Write nested lists of one kind of elements, all of one length at each depth.";

  private static final BigInteger PAST_UNSIGNED = BigInteger.TWO.pow(64);

  private final MemoryLimit memory;
  private final List<Object> elements = new ArrayList<>();

  /** The lengths at each depth, as the first list of that depth has them; then all must. */
  private final List<Integer> lengths = new ArrayList<>();

  /** How deep the elements are; unknown before the first one. */
  private int depth = -1;

  private JsonElements(MemoryLimit memory) {
    this.memory = memory;
  }

  /** Reads the value at the parser's token, up to its end. */
  static JsonElements read(JsonParser parser, MemoryLimit memory) throws IOException {
    var read = new JsonElements(memory);
    read.value(parser, 0);
    return read;
  }

  private void value(JsonParser parser, int level) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      memory.take("an element", ELEMENT);
      if ((level != depth && depth >= 0) || level < lengths.size()) {
        throw ragged(parser);
      }
      depth = level;
      elements.add(element(parser));
      return;
    }
    if (level >= MOST_AXES || level == depth) {
      throw ragged(parser);
    }
    boolean first = level == lengths.size();
    if (first) {
      lengths.add(-1);
    }
    int length = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      value(parser, level + 1);
      length++;
    }
    int other = lengths.set(level, length);
    if (other >= 0 && other != length) {
      throw ragged(parser);
    }
  }

  private static InputException ragged(JsonParser parser) {
    return new InputException(
        "has lists of different lengths or depths, up to line "
            + parser.currentLocation().getLineNr(),
        FIX);
  }

  private static Object element(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new InputException("ends too early", FIX);
    }
    return switch (token) {
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? parser.getBigIntegerValue()
              : (Object) parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> {
        String text = parser.getText(); // Jackson makes a float of a double, rounding twice
        yield new Decimal(Double.parseDouble(text), Float.parseFloat(text));
      }
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_STRING -> parser.getText();
      default ->
          throw new InputException(
              "has "
                  + parser.getText()
                  + " as an element, in line "
                  + parser.currentLocation().getLineNr(),
              FIX);
    };
  }

  /** A number with a fraction; rounded once, whatever it becomes. */
  private record Decimal(double asDouble, float asFloat) {}

  /** Returns the elements as the lengths of axes. */
  Shape shape() {
    var axes = new ArrayList<Integer>();
    for (Object each : elements) {
      if (!(each instanceof Long length) || length < 0 || length > Integer.MAX_VALUE) {
        throw new InputException("has " + each + " in its shape", FIX);
      }
      axes.add(length.intValue());
    }
    return shape(axes);
  }

  private static Shape shape(List<Integer> axes) {
    try {
      return new Shape(axes);
    } catch (IllegalArgumentException e) {
      throw new InputException("has a shape that is not possible: " + e.getMessage(), FIX);
    }
  }

  /**
   * Returns the tensor.
   *
   * @param type null for what the elements look like
   * @param shape null for what the lists look like
   */
  Tensor tensor(@Nullable ElementType type, @Nullable Shape shape) {
    Shape own = shape(lengths);
    if (shape != null && shape.size() != elements.size()) {
      throw new InputException(
          "has "
              + elements.size()
              + " elements, not the "
              + shape.size()
              + " of its shape "
              + shape,
          FIX);
    }
    ElementType known = type == null ? look() : type;
    return Tensor.adopt(known, shape == null ? own : shape, array(known));
  }

  private ElementType look() {
    if (!elements.isEmpty() && elements.stream().allMatch(Boolean.class::isInstance)) {
      return ElementType.BOOL;
    }
    if (!elements.isEmpty() && elements.stream().allMatch(String.class::isInstance)) {
      return ElementType.STRING;
    }
    boolean whole = !elements.isEmpty() && elements.stream().allMatch(Long.class::isInstance);
    return whole ? ElementType.INT64 : ElementType.FLOAT;
  }

  private Object array(ElementType type) {
    int size = elements.size();
    if (type == ElementType.STRING) {
      var texts = new String[size];
      for (int i = 0; i < size; i++) {
        texts[i] = element(i, String.class, type);
      }
      return texts;
    }
    if (type == ElementType.BOOL) {
      var flags = new boolean[size];
      for (int i = 0; i < size; i++) {
        flags[i] = element(i, Boolean.class, type);
      }
      return flags;
    }
    return switch (type) {
      case DOUBLE -> {
        var doubles = new double[size];
        for (int i = 0; i < size; i++) {
          doubles[i] = real(i, type).asDouble;
        }
        yield doubles;
      }
      case FLOAT, FLOAT16, BFLOAT16 -> {
        var floats = new float[size];
        for (int i = 0; i < size; i++) {
          floats[i] = ElementBytes.rounded(real(i, type).asFloat, type);
        }
        yield floats;
      }
      default -> {
        var longs = new long[size];
        for (int i = 0; i < size; i++) {
          longs[i] = whole(i, type);
        }
        yield longs;
      }
    };
  }

  private <T> T element(int index, Class<T> kind, ElementType type) {
    Object element = elements.get(index);
    if (!kind.isInstance(element)) {
      throw wrong(index, type);
    }
    return kind.cast(element);
  }

  private Decimal real(int index, ElementType type) {
    Object element = elements.get(index);
    if (element instanceof Decimal decimal) {
      return decimal;
    }
    if (element instanceof Long whole) {
      return new Decimal(whole, whole);
    }
    if (element instanceof BigInteger whole) {
      return new Decimal(whole.doubleValue(), whole.floatValue());
    }
    if (element instanceof String text && text.matches("NaN|-?Infinity")) {
      return new Decimal(Double.parseDouble(text), Float.parseFloat(text));
    }
    throw wrong(index, type);
  }

  private long whole(int index, ElementType type) {
    Object element = elements.get(index);
    boolean unsigned = type == ElementType.UINT64;
    if (element instanceof Long whole && type.holds(whole) && (!unsigned || whole >= 0)) {
      return whole;
    }
    if (element instanceof BigInteger whole
        && unsigned
        && whole.signum() > 0
        && whole.compareTo(PAST_UNSIGNED) < 0) {
      return whole.longValue();
    }
    throw wrong(index, type);
  }

  private InputException wrong(int index, ElementType type) {
    Object element = elements.get(index);
    Object shown = element instanceof Decimal decimal ? decimal.asDouble : element;
    return new InputException(
        "has " + shown + " as element " + index + ", which is not of " + type.label(), FIX);
  }
}
