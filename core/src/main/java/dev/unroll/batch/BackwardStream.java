package dev.unroll.batch;

import dev.unroll.data.IdStream;

/**
 * A corpus each of whose sentences is read from its last token to its first; {@code <EOS>} stays
 * last.
 *
 * @param text the sentences as they are written
 */
public record BackwardStream(IdStream text) implements ForwardingStream {

  @Override
  public int id(long position) {
    long sentence = sentenceAt(position);
    long start = text.sentenceStart(sentence);
    long end = text.sentenceStart(sentence + 1) - 1; // of <EOS>
    return text.id(position == end ? end : start + end - 1 - position);
  }

  /** The last sentence that begins at a position or before. */
  private long sentenceAt(long position) {
    long sentence = 0;
    long above = text.sentences();
    while (above - sentence > 1) {
      long middle = (sentence + above) / 2;
      if (text.sentenceStart(middle) <= position) {
        sentence = middle;
      } else {
        above = middle;
      }
    }
    return sentence;
  }

  @Override
  public boolean isBackward() {
    return true;
  }

  @Override
  public IdStream part(long from, long to) {
    return new BackwardStream(text.part(from, to));
  }

  @Override
  public String fingerprint() {
    return text.fingerprint() + " backward";
  }
}
