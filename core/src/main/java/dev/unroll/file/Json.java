package dev.unroll.file;

import java.util.ArrayList;
import java.util.HashSet;
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

  /** Nesting that a file may have: more would overflow the stack. */
  private static final int MAX_DEPTH = 32;

  /** No number of ours has more characters. */
  private static final int LONGEST_NUMBER = 64;

  /** About how many bytes an object takes in memory, besides what it refers to. */
  private static final int OBJECT = 64;

  private final String text;
  private int at;
  private int depth;

  /** Bytes of memory that the values may still take. */
  private long room = room();

  private Json(String text) {
    this.text = text;
  }

  /** A quarter of the memory: what a stranger sends must not fill it. */
  private static long room() {
    return Math.max(1 << 24, Runtime.getRuntime().maxMemory() / 4);
  }

  private void take(int bytes) {
    room -= bytes;
    if (room < 0) {
      throw new JsonException(
          String.format(
              Locale.ROOT,
              "its values would take more than %d MiB of memory (a larger heap, -Xmx, allows more)",
              room() >> 20));
    }
  }

  /** JSON text that breaks the rules, or lacks what was asked of it. */
  public static final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JsonException(String message) {
      super(message);
    }
  }

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
    var json = new Json(text);
    Object value = json.value();
    json.skipSpace();
    if (json.at < text.length()) {
      throw json.error("nothing more");
    }
    return new Reader("", value);
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
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  private Object value() {
    skipSpace();
    if (at >= text.length()) {
      throw error("a value");
    }
    char c = text.charAt(at);
    if (c == '{' || c == '[') {
      if (++depth > MAX_DEPTH) {
        throw error("less nesting");
      }
      Object nested = c == '{' ? map() : list();
      depth--;
      return nested;
    }
    if (c == '"') {
      return string();
    }
    if (text.startsWith("true", at) || text.startsWith("false", at)) {
      boolean value = c == 't';
      at += value ? 4 : 5;
      return value;
    }
    return number();
  }

  private Map<String, Object> map() {
    var map = new LinkedHashMap<String, Object>();
    take(OBJECT);
    at++;
    if (next() == '}') {
      at++;
      return map;
    }
    while (true) {
      expect('"', false);
      String name = string();
      take(OBJECT);
      expect(':', true);
      if (map.put(name, value()) != null) {
        throw new JsonException("the name " + name + " twice in one object");
      }
      if (next() == '}') {
        at++;
        return map;
      }
      expect(',', true);
    }
  }

  private List<Object> list() {
    var list = new ArrayList<>();
    take(OBJECT);
    at++;
    if (next() == ']') {
      at++;
      return list;
    }
    while (true) {
      take(Long.BYTES);
      list.add(value());
      if (next() == ']') {
        at++;
        return list;
      }
      expect(',', true);
    }
  }

  private String string() {
    at++;
    int start = at;
    while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\\') {
      at++;
    }
    take(OBJECT + at - start);
    if (at < text.length() && text.charAt(at) == '\\') {
      return escaped(start);
    }
    if (at >= text.length()) {
      throw error("a closing quote");
    }
    return text.substring(start, at++);
  }

  /** Returns a string that began at {@code start}; the first of its escapes is at hand. */
  private String escaped(int start) {
    var out = new StringBuilder(text.substring(start, at));
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      out.append(c == '\\' ? escape() : c);
      take(1);
    }
    if (at >= text.length()) {
      throw error("a closing quote");
    }
    at++;
    return out.toString();
  }

  private char escape() {
    if (at >= text.length()) {
      throw error("an escape");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int end = at + 4; at < end; at++) {
          int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
          if (digit < 0 || text.charAt(at) > 'f') {
            throw error("four hexadecimal digits");
          }
          code = 16 * code + digit;
        }
        yield (char) code;
      }
      default -> throw error("an escape that JSON knows");
    };
  }

  private Object number() {
    int start = at;
    while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    if (at - start > LONGEST_NUMBER) {
      at = start;
      throw error("a shorter number");
    }
    String number = text.substring(start, at);
    take(Long.BYTES + Long.BYTES);
    try {
      if (isWhole(number)) {
        return Long.valueOf(number);
      }
      double value = Double.parseDouble(number);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    at = start;
    throw error(number.isEmpty() ? "a value" : "a number in range");
  }

  private static boolean isWhole(String number) {
    return number.chars().skip(number.startsWith("-") ? 1 : 0).allMatch(c -> c >= '0' && c <= '9');
  }

  private char next() {
    skipSpace();
    if (at >= text.length()) {
      throw error("more");
    }
    return text.charAt(at);
  }

  private void expect(char c, boolean consume) {
    if (next() != c) {
      throw error("'" + c + "'");
    }
    at += consume ? 1 : 0;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private JsonException error(String expected) {
    String found = at < text.length() ? "'" + text.charAt(at) + "'" : "the end";
    return new JsonException("expected " + expected + " at character " + at + ", found " + found);
  }

  /**
   * Typed access to a parsed value: each method says the type and the range of a field, and throws
   * {@link JsonException} with the place of the field where it is not there or is something else.
   *
   * @param place where the value stands, such as {@code labels.thresholds[2]}; empty for the root
   * @param value the parsed value
   */
  public record Reader(String place, Object value) {

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
        readers.add(new Reader(place + "[" + readers.size() + "]", element));
      }
      return readers;
    }

    /** Returns what {@code parse} reads of each of a member's elements. */
    public <T> List<T> parts(String name, Function<Reader, T> parse) {
      return list(name).stream().map(each -> each.parsed(parse)).toList();
    }

    /** Returns a member's elements, which are texts. */
    public List<String> texts(String name) {
      return list(name).stream().map(Reader::asText).toList();
    }

    /** Returns a member's elements, which are texts, each once. */
    public List<String> distinctTexts(String name) {
      var seen = new HashSet<String>();
      for (Reader each : list(name)) {
        if (!seen.add(each.asText())) {
          throw new JsonException(each.place + " is there twice: " + shown(each.value));
        }
      }
      return texts(name);
    }

    /** Returns a member's elements, which are finite numbers. */
    public List<Double> numbers(String name) {
      return list(name).stream().map(Reader::asNumber).toList();
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
      return as(String.class, "a text");
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
    long asWhole() {
      return as(Long.class, "a whole number");
    }

    private double asNumber() {
      return as(Number.class, "a number").doubleValue(); // finite: the parser refuses others
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
