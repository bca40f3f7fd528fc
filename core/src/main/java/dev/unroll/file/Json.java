package dev.unroll.file;

import dev.unroll.base.InputException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reading and writing the JSON of a model file's header. The format (RFC 8259) is part of
 * safetensors, and {@code core} may depend on no library; everything else in this project that
 * speaks JSON uses one.
 *
 * <p>Values are {@code Map<String, Object>} (in the order of the text), {@code List<Object>},
 * {@code String}, {@code Long}, {@code Double} and {@code Boolean}. {@code null} and doubled names
 * are refused: no file of ours has them.
 */
public final class Json {

  private Json() {}

  /** Returns a map of names and values given in turn. */
  public static Map<String, Object> object(Object... namesAndValues) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  /** Parses one object and nothing after it. */
  public static Reader parse(String text) {
    return new Reader("", new JsonParser(text).parse());
  }

  /** Writes a value, without spaces. */
  public static String write(Object value) {
    var out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(Object value, StringBuilder out) {
    switch (value) {
      case Map<?, ?> map -> {
        out.append('{');
        String comma = "";
        for (var entry : map.entrySet()) {
          out.append(comma);
          writeText((String) entry.getKey(), out);
          out.append(':');
          write(entry.getValue(), out);
          comma = ",";
        }
        out.append('}');
      }
      case List<?> list -> {
        out.append('[');
        String comma = "";
        for (Object element : list) {
          out.append(comma);
          write(element, out);
          comma = ",";
        }
        out.append(']');
      }
      case String string -> writeText(string, out);
      case Double number -> {
        if (!Double.isFinite(number)) {
          throw new JsonException("JSON has no number for " + number);
        }
        out.append(number);
      }
      default -> out.append(value); // Long, Integer, Boolean
    }
  }

  private static void writeText(String string, StringBuilder out) {
    out.append('"');
    int written = 0;
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      boolean quoted = c == '"' || c == '\\';
      if (quoted || c < ' ' || Character.isSurrogate(c)) {
        out.append(string, written, i).append('\\');
        if (quoted) {
          out.append(c);
        } else {
          out.append('u').append(HexFormat.of().toHexDigits(c));
        }
        written = i + 1;
      }
    }
    out.append(string, written, string.length()).append('"');
  }

  /**
   * Typed access to a parsed value: each method says the type and the range of a field, and throws
   * {@link JsonException} with the place of the field where it is not there or is something else.
   *
   * @param place where the value stands, such as {@code labels.thresholds[2]}; empty for the root
   * @param value the parsed value
   */
  public record Reader(String place, Object value) {

    private static final String TEXT = "a text";
    private static final String NUMBER = "a number";

    /** Returns a member's text. */
    public String text(String name) {
      return member(name).asText();
    }

    /** Returns a member's number as an {@code int}. */
    public int integer(String name) {
      return member(name).asInteger();
    }

    /** Returns a member's number as an {@code int} that is at least {@code least}. */
    public int integer(String name, int least) {
      return (int) whole(name, least, Integer.MAX_VALUE);
    }

    /** Returns a member's number as a {@code long} in a range, both ends included. */
    public long whole(String name, long least, long most) {
      long number = member(name).asWhole();
      return check(name, number, number >= least && number <= most, least + " to " + most);
    }

    /** Returns a member's number, which is finite. */
    public double number(String name) {
      return member(name).asNumber();
    }

    /** Returns a member's truth value. */
    public boolean flag(String name) {
      return member(name).as(Boolean.class, "true or false");
    }

    /** Returns a member's number, 0 where an older version wrote none. */
    public double numberIfAny(String name) {
      return has(name) ? number(name) : 0;
    }

    /** Returns a member's truth value, false where an older version wrote none. */
    public boolean flagIfAny(String name) {
      return has(name) && flag(name);
    }

    /** Returns a member's text, empty where there is none. */
    public String textIfAny(String name) {
      return has(name) ? text(name) : "";
    }

    /** Returns whether there is a member of that name. */
    public boolean has(String name) {
      return members().containsKey(name);
    }

    /** Returns a member's value of any type. */
    public Reader member(String name) {
      Object found = members().get(name);
      if (found == null) {
        throw new JsonException("there is no " + placeOf(name));
      }
      return new Reader(placeOf(name), found);
    }

    /** Returns what {@code parse} reads of a member; where it refuses that, the member is named. */
    public <T> T part(String name, Function<Reader, T> parse) {
      return member(name).parsed(parse);
    }

    /** Returns what {@code parse} reads of this value; where it refuses it, its place is named. */
    public <T> T parsed(Function<Reader, T> parse) {
      try {
        return parse.apply(this);
      } catch (InputException e) { // its fix is an option, which a file does not have
        throw new JsonException(named(e.problem()));
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw new JsonException(named(e.getMessage()));
      }
    }

    private String named(@Nullable String problem) {
      return place.isEmpty() ? String.valueOf(problem) : place + ": " + problem;
    }

    /** Returns a member's elements. */
    public List<Reader> list(String name) {
      return member(name).elements();
    }

    private List<Reader> elements() {
      var readers = new ArrayList<Reader>();
      for (Object element : as(List.class, "a list")) {
        readers.add(element(readers.size(), element));
      }
      return readers;
    }

    private Reader element(int index, Object element) {
      return new Reader(place + "[" + index + "]", element);
    }

    /** Returns elements of one type; names of places are made only for those of another. */
    private <T> List<T> elements(Class<T> type, String description) {
      var all = new ArrayList<T>();
      for (Object element : as(List.class, "a list")) {
        all.add(
            type.isInstance(element)
                ? type.cast(element)
                : element(all.size(), element).as(type, description));
      }
      return all;
    }

    /** Returns what {@code parse} reads of each of a member's elements. */
    public <T> List<T> parts(String name, Function<Reader, T> parse) {
      return list(name).stream().map(each -> each.parsed(parse)).toList();
    }

    /** Returns a member's elements, which are texts. */
    public List<String> texts(String name) {
      return List.copyOf(member(name).elements(String.class, TEXT));
    }

    /** Returns a member's elements, which are texts, each once. */
    public List<String> distinctTexts(String name) {
      List<String> texts = texts(name);
      var seen = new HashSet<String>();
      for (String text : texts) {
        if (!seen.add(text)) {
          throw new JsonException(
              member(name).element(seen.size(), text).place + " is there twice: " + shown(text));
        }
      }
      return texts;
    }

    /** Returns a member's elements, which are finite numbers. */
    public List<Double> numbers(String name) {
      return member(name).elements(Number.class, NUMBER).stream().map(Number::doubleValue).toList();
    }

    /** Returns a member's elements, which are so many finite numbers in a range. */
    public List<Double> numbers(String name, int count, double least, double most) {
      List<Double> numbers = numbers(name);
      if (numbers.size() != count) {
        throw new JsonException(
            String.format(
                Locale.ROOT, "%s has %d numbers, not %d", placeOf(name), numbers.size(), count));
      }
      for (int i = 0; i < count; i++) {
        double number = numbers.get(i);
        check(
            name + "[" + i + "]", number, number >= least && number <= most, least + " to " + most);
      }
      return numbers;
    }

    /** Returns this value's text. */
    public String asText() {
      return as(String.class, TEXT);
    }

    /** Returns this value's number as an {@code int}. */
    public int asInteger() {
      long number = asWhole();
      if (number != (int) number) {
        throw new JsonException(place + " is " + number + ", which is too large");
      }
      return (int) number;
    }

    /** Returns this value's number as a {@code long}. */
    public long asWhole() {
      return as(Long.class, "a whole number");
    }

    /** Returns this value's number, which is finite. */
    public double asNumber() {
      return as(Number.class, NUMBER).doubleValue(); // finite: the parser refuses others
    }

    /** Returns the names and values of this object. */
    public Map<?, ?> members() {
      return as(Map.class, "an object");
    }

    /** Returns a copy of this object, in its order. */
    public Map<String, Object> asMap() {
      var map = new LinkedHashMap<String, Object>();
      members().forEach((name, value) -> map.put((String) name, value));
      return map;
    }

    /** Returns a copy of this object, whose values are texts, in its order. */
    public Map<String, String> asTexts() {
      var map = new LinkedHashMap<String, String>();
      members().keySet().forEach(name -> map.put((String) name, text((String) name)));
      return map;
    }

    private String placeOf(String name) {
      return place.isEmpty() ? name : place + "." + name;
    }

    private <N extends Number> N check(String name, N number, boolean fits, String range) {
      if (!fits) {
        throw new JsonException(placeOf(name) + " is " + number + ", not in " + range);
      }
      return number;
    }

    private <T> T as(Class<T> type, String description) {
      if (!type.isInstance(value)) {
        String named = place.isEmpty() ? "it" : place;
        throw new JsonException(named + " is " + shown(value) + ", not " + description);
      }
      return type.cast(value);
    }

    /** A value in a message, cut short. */
    private static String shown(Object value) {
      return switch (value) {
        case Map<?, ?> map -> "an object";
        case List<?> list -> "a list";
        case String text -> "«" + text.substring(0, Math.min(text.length(), 40)) + "»";
        default -> value.toString();
      };
    }
  }
}
