package dev.unroll.model;

import dev.unroll.base.InputException;

/** What all measuring of models needs: something to measure on. */
final class Measuring {

  private Measuring() {}

  /**
   * Refuses to measure on nothing, of which every figure would be 0 or undefined.
   *
   * @param count number of examples
   * @param example what one is called
   */
  static void check(long count, String example) {
    if (count == 0) {
      throw new InputException("there is nothing to measure on", "Give a " + example + " or more.");
    }
  }
}
