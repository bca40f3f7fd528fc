package dev.unroll.result;

import dev.unroll.data.Tokenizer;

/**
 * Which continuations may be drawn: a set of texts. With a tokenizer it becomes an automaton over
 * tokens. It is immutable, and threads may share it.
 */
public interface Constraint {

  /**
   * Returns the automaton that reads tokens. The text of a continuation begins without the space
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

  /** A deterministic automaton over tokens; its states are numbers. For any number of threads. */
  interface TokenAutomaton {

    /** Stands for no state, and for no number of tokens. */
    int NONE = -1;

    /** Returns the state before the first token. */
    int start();

    /**
     * Returns the fewest tokens with which a text may end after {@code state}: 0 if it may end
     * here, {@link #NONE} if it never may.
     */
    int least(int state);

    /** Returns the state after a token, {@link #NONE} if the constraint forbids it here. */
    int next(int state, int token);

    /**
     * Rules out the tokens with which no text can end within a length: sets their logits to -∞.
     *
     * @param left how many tokens may still be drawn, at least 1
     * @return whether any token is left
     */
    boolean restrict(int state, int left, float[] logits);
  }
}
