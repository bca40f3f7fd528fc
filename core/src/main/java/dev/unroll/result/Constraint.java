package dev.unroll.result;

import dev.unroll.data.Tokenizer;

/**
 * Which continuations may be drawn: a set of texts. Used under a tokenizer, it becomes an automaton
 * over tokens. It never changes and may be used by many threads.
 */
public interface Constraint {

  /**
   * Returns the automaton that reads tokens. The text of a continuation begins without the blank
   * that separates it from its prompt.
   *
   * @param unknownAllowed whether {@code <UNK>} may be drawn
   * @param endStops whether {@code <EOS>} ends the text; else it is a line end in it
   * @throws dev.unroll.base.InputException if the tokenizer's tokens have no text of their own, or
   *     the automaton would be too large
   */
  TokenAutomaton over(Tokenizer tokenizer, boolean unknownAllowed, boolean endStops);

  /** Returns whether every beginning of a text of the set is in the set, too. */
  boolean holdsForBeginnings();
}
