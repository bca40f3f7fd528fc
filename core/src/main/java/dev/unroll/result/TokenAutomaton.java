package dev.unroll.result;

/** A deterministic automaton over tokens; its states are numbers. For any number of threads. */
public interface TokenAutomaton {

  /** Stands for no state, and for no number of tokens. */
  int NONE = -1;

  /** Returns the state before the first token. */
  int start();

  /**
   * Returns the fewest tokens with which a text may end after {@code state}: 0 if it may end here,
   * {@link #NONE} if it never may.
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
