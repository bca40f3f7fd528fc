package dev.unroll.batch;

import dev.unroll.data.IdStream;
import dev.unroll.data.Tokenizer;

/**
 * A stream in two parts.
 *
 * @param before the first part
 * @param after the rest
 */
public record StreamCut(IdStream before, IdStream after) {

  /**
   * Cuts a stream near {@code position}: at the first end of a sentence from there on or, where
   * that would leave nothing on one side, exactly there.
   */
  public static StreamCut near(IdStream stream, long position) {
    long sentence = firstSentence(stream, position);
    long sentences = stream.sentences();
    if (sentence > 0 && sentence < sentences) {
      return new StreamCut(stream.part(0, sentence), stream.part(sentence, sentences));
    }
    return new StreamCut(
        new OneSentence(stream, 0, position), new OneSentence(stream, position, stream.size()));
  }

  /** Returns the first sentence that begins at or after a position. */
  private static long firstSentence(IdStream stream, long position) {
    long sentence = 0;
    long above = stream.sentences();
    while (sentence < above) {
      long middle = (sentence + above) / 2;
      if (stream.sentenceStart(middle) < position) {
        sentence = middle + 1;
      } else {
        above = middle;
      }
    }
    return sentence;
  }

  /**
   * Part of a stream taken as one sentence, for texts of a single long line.
   *
   * @param whole the stream
   * @param from where the part begins
   * @param to where it ends
   */
  private record OneSentence(IdStream whole, long from, long to) implements IdStream {

    @Override
    public Tokenizer tokenizer() {
      return whole.tokenizer();
    }

    @Override
    public long size() {
      return to - from;
    }

    @Override
    public int id(long position) {
      return whole.id(from + position);
    }

    @Override
    public long sentences() {
      return 1;
    }

    @Override
    public long sentenceStart(long sentence) {
      return sentence == 0 ? 0 : size();
    }

    /** In proportion, as the stream does not know where in the line its characters are. */
    @Override
    public long charactersBefore(long sentence) {
      long all = whole.charactersBefore(whole.sentences());
      return sentence == 0 ? 0 : Math.round((double) all * size() / whole.size());
    }

    @Override
    public String fingerprint() {
      return whole.fingerprint() + " tokens " + from + "-" + to;
    }
  }
}
