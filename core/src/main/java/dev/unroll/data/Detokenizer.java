package dev.unroll.data;

/**
 * Writes tokens after a text that is there already, one after another, with the blanks that belong
 * between them. For one thread; {@link Tokenizer#detokenizer} creates it.
 */
public interface Detokenizer {

  /**
   * Returns what a token adds to the text: with the blank before it where one belongs there, a line
   * end for {@link Tokenizer#endOfSentence}, nothing while a character is not complete.
   */
  String add(int id);

  /** Returns what is left when no further token comes: a character that was not completed. */
  String end();
}
