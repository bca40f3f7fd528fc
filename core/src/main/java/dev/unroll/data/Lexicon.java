package dev.unroll.data;

import java.util.List;

/**
 * A tokenizer whose tokens can also be given one by one, such as the words of a tagged sentence,
 * and may have character features. It is immutable, and threads may share it.
 */
public interface Lexicon extends Tokenizer {

  /** Cuts a text into tokens. */
  @Override
  List<String> cut(String text);

  /** Returns the id of a token, {@link #unknown} where it has none. */
  int id(String token);

  /** Returns whether the training data has a token, whether or not it has an id. */
  boolean hasSeen(String token);

  /** Returns the number of ids of characters; 0 where tokens are not read by them. */
  int characters();

  /** Returns the ids of a token's characters, one at least. */
  int[] spelling(String token);
}
