package dev.unroll.data;

import org.jspecify.annotations.Nullable;

/**
 * A corpus as ids: sentences one after the other, each ended by {@code <EOS>}. Together with {@link
 * Tokenizer}, this is how {@code core} sees text.
 */
public interface IdStream {

  /** Returns the tokenizer that the ids come from. */
  Tokenizer tokenizer();

  /** Returns the number of ids. */
  long size();

  /** Returns the id at a position. */
  int id(long position);

  /** Returns the number of sentences. */
  long sentences();

  /**
   * Returns where a sentence begins; {@code sentenceStart(sentences())} is the end of the stream.
   */
  long sentenceStart(long sentence);

  /**
   * Returns the number of characters (code points) of the text before a sentence; a line end counts
   * as one.
   */
  long charactersBefore(long sentence);

  /** Returns the number of whitespace-separated words of the text, or 0 if unknown. */
  default long words() {
    return 0;
  }

  /** Returns what the sentences are conditioned on, or null. */
  default @Nullable Condition condition() {
    return null;
  }

  /** Returns the vector that a sentence is conditioned on; of length 0 for none. */
  default float[] conditionOf(long sentence) {
    return new float[0];
  }

  /** Returns whether sentences are read from their last token to their first. */
  default boolean isBackward() {
    return false;
  }

  /**
   * Returns a hash of the text that the ids came from, which identifies what a model was trained
   * on.
   */
  String fingerprint();

  /** Views the sentences from {@code from} up to, not including, {@code to}. */
  default IdStream part(long from, long to) {
    IdStream whole = this;
    long start = sentenceStart(from);
    return new IdStream() {
      @Override
      public Tokenizer tokenizer() {
        return whole.tokenizer();
      }

      @Override
      public long size() {
        return whole.sentenceStart(to) - start;
      }

      @Override
      public int id(long position) {
        return whole.id(start + position);
      }

      @Override
      public long sentences() {
        return to - from;
      }

      @Override
      public long sentenceStart(long sentence) {
        return whole.sentenceStart(from + sentence) - start;
      }

      @Override
      public long charactersBefore(long sentence) {
        return whole.charactersBefore(from + sentence) - whole.charactersBefore(from);
      }

      @Override
      public String fingerprint() {
        return whole.fingerprint() + " sentences " + from + "-" + to;
      }
    };
  }
}
