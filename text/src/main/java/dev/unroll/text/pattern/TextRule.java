package dev.unroll.text.pattern;

import com.ibm.icu.text.UnicodeSet;
import dev.unroll.base.InputException;
import dev.unroll.data.Tokenizer;
import dev.unroll.result.Constraint;
import dev.unroll.text.TokenTexts;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.TooComplexToDeterminizeException;
import org.jspecify.annotations.Nullable;

/**
 * A set of texts that a language model may write: those that match a pattern as a whole, that
 * contain something or that do not, or that fulfill several rules at once.
 *
 * {@snippet :
 * var date = TextRule.matching("\\d{4}-\\d\\d-\\d\\d").and(TextRule.without(List.of("1900")));
 * model.sample("born ", Sampling.defaults().withConstraint(date));
 * }
 *
 * <p>Rules become deterministic automata; the time that it takes to create one for a model grows
 * with its states times the vocabulary, a step of drawing with the vocabulary.
 */
public final class TextRule implements Constraint {

  /** Lucene's measure of the work to make an automaton deterministic: some seconds. */
  private static final int MOST_WORK = 200_000;

  /** Pairs of states of two automata that are combined. */
  private static final long MOST_PAIRS = 20_000_000;

  /** All but letters and digits: what may stand beside a whole word. */
  private static final UnicodeSet BESIDE_WORDS = new UnicodeSet("[^\\p{L}\\p{M}\\p{N}]").freeze();

  private final String description;

  /** Deterministic, without states from which no text is reached. */
  private final Automaton automaton;

  /** The automaton of the model that asked last: a model usually writes many texts. */
  private volatile @Nullable Compiled compiled;

  /** An automaton over tokens, and what it was asked for. */
  private record Compiled(
      Tokenizer tokenizer,
      boolean unknown,
      boolean endStops,
      Constraint.TokenAutomaton automaton) {}

  private TextRule(String description, Automaton automaton) {
    this.description = description;
    try {
      this.automaton = Operations.removeDeadStates(Operations.determinize(automaton, MOST_WORK));
    } catch (TooComplexToDeterminizeException e) {
      throw new InputException(
          description + " is too complex: its automaton has too many states",
          "Bounded repetitions after .* are the usual cause; make the bounds smaller.");
    }
  }

  /**
   * Texts that match a regular expression from their first to their last character. The syntax is
   * that of {@link java.util.regex.Pattern}, without what no automaton can do: back references,
   * lookaround, boundaries, possessive repetition.
   *
   * @throws InputException if it is not a regular expression, or too complex
   */
  public static TextRule matching(String regex) {
    return new TextRule("«" + regex + "»", new PatternParser(regex).automaton());
  }

  /** Texts in which a text occurs, within a word too. */
  public static TextRule containing(String text) {
    return new TextRule("containing «" + text + "»", around(text));
  }

  /** Texts in which a text occurs with neither letters nor digits beside it. */
  public static TextRule containingWord(String text) {
    return new TextRule("containing the word «" + text + "»", aroundWord(text));
  }

  /** Texts in which none of some texts occurs, not even within a word. */
  public static TextRule without(List<String> texts) {
    return without(
        "without ", texts, Operations.union(texts.stream().map(TextRule::around).toList()));
  }

  /** Texts in which none of some texts occurs with neither letters nor digits beside it. */
  public static TextRule withoutWords(List<String> texts) {
    var words = texts.stream().map(TextRule::aroundWord).toList();
    return without("without the words ", texts, Operations.union(words));
  }

  private static TextRule without(String name, List<String> texts, Automaton with) {
    String description =
        texts.stream().map(text -> "«" + text + "»").collect(Collectors.joining(", ", name, ""));
    Automaton all = Automata.makeAnyString();
    try {
      return new TextRule(description, Operations.minus(all, with, MOST_WORK));
    } catch (TooComplexToDeterminizeException e) {
      throw new InputException(
          description + ": too many texts to avoid", "Name fewer, or shorter ones.");
    }
  }

  private static Automaton around(String text) {
    check(text);
    Automaton any = Automata.makeAnyString();
    return Operations.concatenate(List.of(any, Automata.makeString(text), any));
  }

  private static Automaton aroundWord(String text) {
    check(text);
    Automaton any = Automata.makeAnyString();
    Automaton beside = CharacterSets.automaton(BESIDE_WORDS);
    return Operations.concatenate(
        List.of(
            Operations.optional(Operations.concatenate(List.of(any, beside))),
            Automata.makeString(text),
            Operations.optional(Operations.concatenate(List.of(beside, any)))));
  }

  private static void check(String text) {
    if (text.isEmpty()) {
      throw new InputException("a text to look for is empty", "Give at least one character.");
    }
  }

  /** Texts that fulfill both rules. */
  public TextRule and(TextRule other) {
    String both = description + " and " + other.description;
    long pairs = (long) automaton.getNumStates() * other.automaton.getNumStates();
    if (pairs > MOST_PAIRS) {
      throw new InputException(
          String.format(Locale.ROOT, "%s: %,d pairs of states are too many", both, pairs),
          "Make the patterns simpler.");
    }
    return new TextRule(both, Operations.intersection(automaton, other.automaton));
  }

  @Override
  public Constraint.TokenAutomaton over(
      Tokenizer tokenizer, boolean unknownAllowed, boolean endStops) {
    Compiled last = compiled;
    if (last == null
        || !last.tokenizer.equals(tokenizer)
        || last.unknown != unknownAllowed
        || last.endStops != endStops) {
      var texts = TokenTexts.of(tokenizer, unknownAllowed, !endStops);
      int end = endStops ? tokenizer.endOfSentence() : Constraint.TokenAutomaton.NONE;
      var made = RuleAutomaton.of(description, automaton, texts, end);
      last = new Compiled(tokenizer, unknownAllowed, endStops, made);
      compiled = last;
    }
    return last.automaton;
  }

  @Override
  public boolean holdsForBeginnings() {
    return automaton.getAcceptStates().cardinality() == automaton.getNumStates();
  }

  @Override
  public String toString() {
    return description;
  }
}
