package dev.unroll.file;

import dev.unroll.base.InputException;

/** Data that a program hands over as objects, which come from no file. */
public final class MemoryData {

  /** What messages call them, where they would name a file. */
  public static final String NAME = "data";

  private MemoryData() {}

  /**
   * Refuses an object.
   *
   * @param number its number, from 1
   * @param problem what is wrong with it
   */
  public static InputException unusable(long number, String problem) {
    return InputException.at(NAME, number, problem, "Leave the object out.");
  }
}
