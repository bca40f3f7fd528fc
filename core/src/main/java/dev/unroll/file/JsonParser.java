package dev.unroll.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads JSON text, within bounds of nesting and memory: it may come from a stranger. */
final class JsonParser {

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

  JsonParser(String text) {
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

  /** Parses one value and nothing after it. */
  Object parse() {
    Object value = value();
    skipSpace();
    if (at < text.length()) {
      throw error("nothing more");
    }
    return value;
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
    int start = ++at;
    int quote = text.indexOf('"', start);
    int backslash = text.indexOf('\\', start, quote < 0 ? text.length() : quote);
    at = backslash >= 0 ? backslash : quote >= 0 ? quote : text.length();
    take(OBJECT + at - start);
    if (backslash >= 0) {
      return escaped(start);
    }
    if (quote < 0) {
      throw error("a closing quote");
    }
    return text.substring(start, at++);
  }

  /** Returns a string that began at {@code start}; the first of its escapes is at hand. */
  private String escaped(int start) {
    var out = new StringBuilder();
    int copied = start;
    while (at < text.length() && text.charAt(at) != '"') {
      if (text.charAt(at) == '\\') {
        out.append(text, copied, at++).append(escape());
        copied = at;
      } else {
        at++;
      }
      take(1);
    }
    if (at >= text.length()) {
      throw error("a closing quote");
    }
    return out.append(text, copied, at++).toString();
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
    boolean whole = true;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c < '0' || c > '9') {
        if ("+-.eE".indexOf(c) < 0) {
          break;
        }
        whole &= c == '-' && at == start;
      }
    }
    if (at - start > LONGEST_NUMBER) {
      at = start;
      throw error("a shorter number");
    }
    String number = text.substring(start, at);
    take(Long.BYTES + Long.BYTES);
    try {
      if (whole) {
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
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  private JsonException error(String expected) {
    String found = at < text.length() ? "'" + text.charAt(at) + "'" : "the end";
    return new JsonException("expected " + expected + " at character " + at + ", found " + found);
  }
}
