package dev.unroll.text.pattern;

import com.ibm.icu.text.UnicodeSet;
import dev.unroll.base.InputException;
import java.util.Locale;

/** The characters of a regular expression, its escapes and sets of characters. */
final class PatternReader {

  private static final String IGNORE_CASE = "(?i)";

  private final String regex;
  private final boolean ignoreCase;
  private int at;

  PatternReader(String regex) {
    this.regex = regex;
    ignoreCase = skip(IGNORE_CASE);
  }

  boolean atEnd() {
    return at == regex.length();
  }

  /** Whether the next character is the last one. */
  boolean isLast() {
    return at == regex.length() - 1;
  }

  boolean sees(char character) {
    return !atEnd() && regex.charAt(at) == character;
  }

  boolean seesAnyOf(String characters) {
    return !atEnd() && characters.indexOf(regex.charAt(at)) >= 0;
  }

  boolean skip(String text) {
    boolean found = regex.startsWith(text, at);
    at += found ? text.length() : 0;
    return found;
  }

  /** Skips the name of a group: {@code <name>}. */
  boolean skipName() {
    int end = regex.indexOf('>', at);
    boolean name = end > at + 1 && regex.substring(at, end).matches("<[a-zA-Z][a-zA-Z0-9]*");
    at = name ? end + 1 : at;
    return name;
  }

  int next() {
    if (atEnd()) {
      throw problem("ends too early", "Its last group, set or escape is not complete.");
    }
    int character = regex.codePointAt(at);
    at += Character.charCount(character);
    return character;
  }

  /** Reads a number of decimal digits. */
  int number(int most) {
    int start = at;
    while (!atEnd() && regex.charAt(at) >= '0' && regex.charAt(at) <= '9') {
      at++;
    }
    if (at == start || at - start > 6 || Integer.parseInt(regex.substring(start, at)) > most) {
      at = start;
      throw problem(
          String.format(Locale.ROOT, "has no number of 0 … %,d where one is needed", most),
          "Repetitions are written {3}, {3,} or {3,5}; write \\{ for the character.");
    }
    return Integer.parseInt(regex.substring(start, at));
  }

  /** Returns a set with the other cases of its letters, where case is ignored. */
  UnicodeSet folded(UnicodeSet set) {
    return ignoreCase ? set.cloneAsThawed().closeOver(UnicodeSet.SIMPLE_CASE_INSENSITIVE) : set;
  }

  /** Reads a set of characters, whose {@code [} has been read. */
  UnicodeSet set() {
    boolean others = skip("^");
    var all = new UnicodeSet();
    boolean first = true;
    while (first || !sees(']')) {
      UnicodeSet from = item();
      if (sees('-') && at + 1 < regex.length() && regex.charAt(at + 1) != ']') {
        next();
        int end = single(item());
        int start = single(from);
        if (start > end) {
          throw problem("has a range whose end comes before its start", "Exchange the two.");
        }
        all.add(start, end);
      } else {
        all.addAll(from);
      }
      first = false;
    }
    next();
    UnicodeSet folded = folded(all);
    return others ? CharacterSets.without(folded) : folded;
  }

  private UnicodeSet item() {
    if (sees('[') || regex.startsWith("&&", at)) {
      throw problem("has a set within a set", "Write \\[ and \\& for the characters.");
    }
    int character = next();
    return character == '\\' ? escape() : new UnicodeSet(character, character);
  }

  private int single(UnicodeSet set) {
    if (set.size() != 1) {
      throw problem("has a range that does not stand between two characters", "Write \\- for a -.");
    }
    return set.charAt(0);
  }

  /** Reads what follows a backslash. */
  UnicodeSet escape() {
    int letter = next();
    UnicodeSet known = CharacterSets.of(letter);
    if (known != null) {
      return known;
    }
    boolean plain =
        !(letter >= 'a' && letter <= 'z')
            && !(letter >= 'A' && letter <= 'Z')
            && !(letter >= '0' && letter <= '9');
    if (plain) {
      return new UnicodeSet(letter, letter);
    }
    return switch (letter) {
      case 'n' -> new UnicodeSet('\n', '\n');
      case 't' -> new UnicodeSet('\t', '\t');
      case 'r' -> new UnicodeSet('\r', '\r');
      case 'f' -> new UnicodeSet('\f', '\f');
      case 'x' -> skip("{") ? code(until('}')) : code(take(2));
      case 'u' -> code(take(4));
      case 'p', 'P' -> property(letter == 'P');
      default ->
          throw problem(
              "has \\" + Character.toString(letter) + ", which no automaton can match",
              "Known are \\d \\w \\s \\p{…}, their capitals, \\n \\t \\r \\f \\xhh \\uhhhh, and \\ before"
                  + " punctuation.");
    };
  }

  private UnicodeSet property(boolean others) {
    String name = skip("{") ? until('}') : take(1);
    try {
      var set = new UnicodeSet("\\p{" + name.replaceFirst("^Is|^In", "") + "}");
      return others ? CharacterSets.without(set) : set;
    } catch (IllegalArgumentException e) {
      throw problem(
          "has \\p{" + name + "}, which is not a property of Unicode",
          "Examples: \\p{L} letters, \\p{Lu} capitals, \\p{Greek} a script.");
    }
  }

  private UnicodeSet code(String hexadecimal) {
    if (!hexadecimal.matches("[0-9a-fA-F]{1,6}")
        || Integer.parseInt(hexadecimal, 16) > Character.MAX_CODE_POINT) {
      throw problem(
          "has «" + hexadecimal + "» where the number of a character is needed",
          "Write \\x41, \\u0041 or \\x{1F600}.");
    }
    int character = Integer.parseInt(hexadecimal, 16);
    return new UnicodeSet(character, character);
  }

  private String take(int length) {
    int end = Math.min(regex.length(), at + length);
    String taken = regex.substring(at, end);
    at = end;
    return taken;
  }

  private String until(char character) {
    int end = regex.indexOf(character, at);
    String taken = regex.substring(at, end < 0 ? at : end);
    at = end < 0 ? at : end + 1;
    return taken;
  }

  /** Returns what to throw: the pattern, the place, and how to fix it. */
  InputException problem(String what, String fix) {
    return new InputException(
        String.format(Locale.ROOT, "the pattern «%s» %s (at character %d)", regex, what, at), fix);
  }
}
