package dev.unroll.text.pattern;

import com.ibm.icu.text.UnicodeSet;
import java.util.ArrayList;
import java.util.Locale;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;

/**
 * Reads a regular expression by recursive descent:
 *
 * <pre>{@code
 * alternatives = sequence { "|" sequence }
 * sequence     = { atom [ "*" | "+" | "?" | "{" n [ "," [ m ] ] "}" [ "?" ] ] }
 * atom         = "." | "[" set "]" | "(" alternatives ")" | "\" escape | character
 * }</pre>
 */
final class PatternParser {

  private static final int MOST_DEPTH = 200;
  private static final int MOST_REPETITIONS = 10_000;

  /** States of a part of the automaton, before it is made deterministic. */
  private static final int MOST_STATES = 500_000;

  private final PatternReader in;
  private int depth;

  PatternParser(String regex) {
    in = new PatternReader(regex);
  }

  Automaton automaton() {
    in.skip("^");
    Automaton all = alternatives();
    if (!in.atEnd()) {
      throw in.problem("has a ) without its (", "Write \\) for the character.");
    }
    return all;
  }

  private Automaton alternatives() {
    if (++depth > MOST_DEPTH) {
      throw in.problem("has more than 200 groups in one another", "Make it simpler.");
    }
    var all = new ArrayList<Automaton>();
    do {
      all.add(sequence());
    } while (in.skip("|"));
    depth--;
    return all.size() == 1 ? all.getFirst() : Operations.union(all);
  }

  private Automaton sequence() {
    var parts = new ArrayList<Automaton>();
    long states = 0;
    while (!in.atEnd() && !in.sees('|') && !in.sees(')')) {
      if (in.sees('$') && in.isLast()) {
        in.next();
        break;
      }
      Automaton part = repeated(atom());
      states += part.getNumStates();
      checkSize(states);
      parts.add(part);
    }
    return parts.isEmpty() ? Automata.makeEmptyString() : Operations.concatenate(parts);
  }

  private Automaton repeated(Automaton atom) {
    Automaton result = atom;
    boolean repeats = false;
    while (!in.atEnd() && in.seesAnyOf("*+?{")) {
      if (repeats) {
        throw in.problem(
            "repeats a repetition",
            "Put the inner one in parentheses; possessive repetition (*+) is not known.");
      }
      repeats = true;
      result = repeat(atom);
      in.skip("?"); // as few as possible: matches the same texts
    }
    return result;
  }

  private Automaton repeat(Automaton atom) {
    int sign = in.next();
    if (sign != '{') {
      return switch (sign) {
        case '*' -> Operations.repeat(atom);
        case '+' -> Operations.repeat(atom, 1);
        default -> Operations.optional(atom);
      };
    }
    int least = in.number(MOST_REPETITIONS);
    boolean open = in.skip(",");
    int most = open && !in.sees('}') ? in.number(MOST_REPETITIONS) : open ? -1 : least;
    if (!in.skip("}") || (most >= 0 && most < least)) {
      throw in.problem(
          "has a { that no numbers follow",
          "Repetitions are written {3}, {3,} or {3,5}; write \\{ for the character.");
    }
    checkSize((long) atom.getNumStates() * Math.max(1, Math.max(least, most)));
    return most < 0 ? Operations.repeat(atom, least) : Operations.repeat(atom, least, most);
  }

  private void checkSize(long states) {
    if (states > MOST_STATES) {
      throw in.problem(
          String.format(Locale.ROOT, "is too large: more than %,d states", MOST_STATES),
          "Make its numbers of repetitions smaller.");
    }
  }

  private Automaton atom() {
    int character = in.next();
    return switch (character) {
      case '.' -> CharacterSets.automaton(CharacterSets.NO_LINE_END);
      case '[' -> CharacterSets.automaton(in.folded(in.set()));
      case '(' -> group();
      case '\\' -> CharacterSets.automaton(in.folded(in.escape()));
      case '*', '+', '?', '{' ->
          throw in.problem(
              "repeats nothing", "Write \\" + (char) character + " for the character.");
      case '^', '$' ->
          throw in.problem(
              "has a " + (char) character + " inside",
              "It always matches the whole text; write \\"
                  + (char) character
                  + " for the character.");
      default -> CharacterSets.automaton(in.folded(new UnicodeSet(character, character)));
    };
  }

  private Automaton group() {
    if (in.skip("?") && !in.skip(":") && !in.skipName()) {
      throw in.problem(
          "has a group of a kind that no automaton can match",
          "Known are (…), (?:…), (?<name>…) and, at the very beginning, (?i).");
    }
    Automaton inner = alternatives();
    if (!in.skip(")")) {
      throw in.problem("has a ( without its )", "Write \\( for the character.");
    }
    return inner;
  }
}
