package dev.unroll.text.pattern;

import com.ibm.icu.text.UnicodeSet;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.jspecify.annotations.Nullable;

/** The sets of characters that stand behind a letter in patterns, as {@code java.util.regex}. */
final class CharacterSets {

  /** What {@code .} stands for: all but line ends. */
  static final UnicodeSet NO_LINE_END = new UnicodeSet("[^\\n\\r\\u0085\\u2028\\u2029]").freeze();

  private static final UnicodeSet DIGIT = new UnicodeSet("[0-9]").freeze();
  private static final UnicodeSet WORD = new UnicodeSet("[a-zA-Z_0-9]").freeze();
  private static final UnicodeSet SPACE = new UnicodeSet("[\\u0020\\t\\n\\u000B\\f\\r]").freeze();

  private CharacterSets() {}

  /** Returns the set of a letter after a backslash, null where it stands for none. */
  static @Nullable UnicodeSet of(int letter) {
    return switch (letter) {
      case 'd' -> DIGIT;
      case 'D' -> without(DIGIT);
      case 'w' -> WORD;
      case 'W' -> without(WORD);
      case 's' -> SPACE;
      case 'S' -> without(SPACE);
      default -> null;
    };
  }

  /** Returns all other characters. */
  static UnicodeSet without(UnicodeSet set) {
    return set.cloneAsThawed().complement();
  }

  /** Returns the automaton that reads one character of a set. */
  static Automaton automaton(UnicodeSet set) {
    int ranges = set.getRangeCount();
    if (ranges == 0) {
      return Automata.makeEmpty();
    }
    int[] starts = new int[ranges];
    int[] ends = new int[ranges];
    for (int i = 0; i < ranges; i++) {
      starts[i] = set.getRangeStart(i);
      ends[i] = set.getRangeEnd(i);
    }
    return Automata.makeCharClass(starts, ends);
  }
}
