package dev.unroll.data;

/**
 * Appends tokens to an existing text, one after another, with the spaces that belong between them.
 * For one thread; {@link Tokenizer#detokenizer} creates it.
 */
public interface Detokenizer {

  /**
   * Returns what a token adds to the text: with a leading space if one belongs there, a line end
   * for {@link Tokenizer#endOfSentence}, nothing while a character is not complete.
   */
  String add(int id);

  /** Returns what is left when no further token comes: a character that was not completed. */
  String end();
}
