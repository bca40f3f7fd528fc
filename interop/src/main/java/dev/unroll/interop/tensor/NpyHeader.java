package dev.unroll.interop.tensor;

import dev.unroll.base.InputException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header of a file of NumPy. It is text in Python, of which only this is understood: a
 * dictionary of the keys {@code descr} (a text), {@code fortran_order} ({@code True} or {@code
 * False}) and {@code shape} (a tuple of numbers).
 *
 * @param width bytes of an element in the file
 * @param columnMajor whether the first axis is contiguous
 */
record NpyHeader(ElementType type, int width, ByteOrder order, boolean columnMajor, Shape shape) {

  private static final Pattern DESCRIPTION = Pattern.compile("([<>|])([a-zA-Z])([0-9]{1,6})");

  private static final int MOST_AXES = 64;

  private static final String FIX = "Write it again, by numpy.save.";

  static NpyHeader parse(String text) {
    return new Parser(text).parse();
  }

  /** Returns how NumPy names a type. */
  static String description(ElementType type, int longestText) {
    return switch (type) {
      case FLOAT16 -> "<f2";
      case FLOAT, BFLOAT16 -> "<f4";
      case DOUBLE -> "<f8";
      case INT8 -> "|i1";
      case UINT8 -> "|u1";
      case INT16 -> "<i2";
      case UINT16 -> "<u2";
      case INT32 -> "<i4";
      case UINT32 -> "<u4";
      case INT64 -> "<i8";
      case UINT64 -> "<u8";
      case BOOL -> "|b1";
      case STRING -> "<U" + longestText;
      case SEQUENCE -> throw new IllegalArgumentException("NumPy has no sequences of tensors");
    };
  }

  private static NpyHeader of(String description, boolean columnMajor, List<Integer> axes) {
    Matcher matcher = DESCRIPTION.matcher(description);
    ElementType type = matcher.matches() ? type(matcher.group(2), matcher.group(3)) : null;
    if (type == null) {
      throw new InputException(
          "has elements of the type " + description,
          "Write floats, integers, bool or text, by numpy.save(…, allow_pickle=False).");
    }
    int size = Integer.parseInt(matcher.group(3));
    ByteOrder order = matcher.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    try {
      int width = type == ElementType.STRING ? 4 * size : size;
      return new NpyHeader(type, width, order, columnMajor, new Shape(axes));
    } catch (IllegalArgumentException e) { // too many elements
      throw refused("has a shape that is not possible: " + e.getMessage());
    }
  }

  private static @Nullable ElementType type(String letter, String size) {
    if (letter.equals("U")) {
      return ElementType.STRING;
    }
    for (ElementType each : ElementType.OF_FILES) {
      if (each != ElementType.STRING && description(each, 0).substring(1).equals(letter + size)) {
        return each; // the first of FLOAT and BFLOAT16
      }
    }
    return null;
  }

  static void refuse(boolean wrong, String problem) {
    if (wrong) {
      throw refused(problem);
    }
  }

  static InputException refused(String problem) {
    return new InputException(problem, FIX);
  }

  /** Reads the text from left to right. */
  private static final class Parser {

    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    NpyHeader parse() {
      String description = null;
      Boolean columnMajor = null;
      List<Integer> axes = null;
      expect('{');
      while (!takes('}')) {
        String key = string();
        expect(':');
        switch (key) {
          case "descr" -> description = string();
          case "fortran_order" -> columnMajor = flag();
          case "shape" -> axes = tuple();
          default -> throw refused("has the unknown field " + key + " in its header");
        }
        if (!takes(',')) {
          expect('}');
          break;
        }
      }
      skipSpace();
      if (at < text.length() || description == null || columnMajor == null || axes == null) {
        throw refused("has a header that is not whole");
      }
      return NpyHeader.of(description, columnMajor, axes);
    }

    private String string() {
      char quote = takes('\'') ? '\'' : '"';
      if (quote == '"') {
        expect('"');
      }
      int end = text.indexOf(quote, at);
      if (end < 0) {
        throw unexpected("a closing quote");
      }
      String string = text.substring(at, end);
      at = end + 1;
      return string;
    }

    private boolean flag() {
      skipSpace();
      for (String word : List.of("True", "False")) {
        if (text.startsWith(word, at)) {
          at += word.length();
          return word.equals("True");
        }
      }
      throw unexpected("True or False");
    }

    private List<Integer> tuple() {
      var axes = new ArrayList<Integer>();
      expect('(');
      while (!takes(')')) {
        axes.add(number());
        refuse(axes.size() > MOST_AXES, "has more than " + MOST_AXES + " axes");
        if (!takes(',')) {
          expect(')');
          break;
        }
      }
      return axes;
    }

    private int number() {
      skipSpace();
      int start = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      String digits = text.substring(start, at);
      takes('L'); // of Python 2
      if (digits.isEmpty() || digits.length() > 10 || Long.parseLong(digits) > Integer.MAX_VALUE) {
        at = start;
        throw unexpected("the length of an axis");
      }
      return (int) Long.parseLong(digits);
    }

    private boolean takes(char c) {
      skipSpace();
      boolean there = at < text.length() && text.charAt(at) == c;
      at += there ? 1 : 0;
      return there;
    }

    private void expect(char c) {
      if (!takes(c)) {
        throw unexpected("'" + c + "'");
      }
    }

    private void skipSpace() {
      while (at < text.length() && " \t\n".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private InputException unexpected(String expected) {
      return refused(
          "has a header that is not valid: expected " + expected + " at character " + at);
    }
  }
}
