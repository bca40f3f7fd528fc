package dev.unroll.task.label;

import dev.unroll.layer.Steps;

/**
 * The words of a batch by their characters, each word once.
 *
 * @param letters the characters of each word
 * @param words of each row of the batch, the number of its word
 */
public record Spellings(int[][] letters, int[] words) {

  /** Words are not read by their characters. */
  public static final Spellings NONE = new Spellings(new int[0][], new int[0]);

  /**
   * Words side by side, time-major.
   *
   * @param steps a sequence for each word, as long as it has characters
   * @param characters the character of each row of {@code steps}
   */
  record Read(Steps steps, int[] characters) {

    /** Lays out the characters of words. */
    static Read of(int[][] letters) {
      int[] lengths = new int[letters.length];
      for (int word = 0; word < letters.length; word++) {
        lengths[word] = letters[word].length;
      }
      var steps = Steps.of(lengths);
      int[] characters = new int[steps.rows()];
      for (int word = 0; word < letters.length; word++) {
        for (int t = 0; t < letters[word].length; t++) {
          characters[steps.row(t, word)] = letters[word][t];
        }
      }
      return new Read(steps, characters);
    }
  }
}
