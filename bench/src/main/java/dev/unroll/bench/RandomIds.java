package dev.unroll.bench;

import dev.unroll.bench.unroll.Numerals;
import dev.unroll.data.IdStream;
import dev.unroll.data.Tokenizer;
import dev.unroll.kernel.CounterRandom;

/**
 * Random but reproducible ids: the speed of arithmetic does not depend on them.
 *
 * @param vocabulary number of different ids
 * @param starts where each sentence begins, and the end of the last
 */
record RandomIds(int vocabulary, long[] starts) implements IdStream {

  private static final CounterRandom IDS = CounterRandom.of(1, CounterRandom.Purpose.SAMPLING, 0);
  private static final CounterRandom LENGTHS =
      CounterRandom.of(2, CounterRandom.Purpose.SAMPLING, 0);

  /** Returns one sentence of {@code size} ids. */
  static RandomIds ofSize(int vocabulary, long size) {
    return new RandomIds(vocabulary, new long[] {0, size});
  }

  /** Returns {@code count} sentences of 1 to 49 ids, 25 on average. */
  static RandomIds ofSentences(int vocabulary, int count) {
    long[] starts = new long[count + 1];
    for (int s = 0; s < count; s++) {
      starts[s + 1] = starts[s] + 1 + LENGTHS.below(s, 49);
    }
    return new RandomIds(vocabulary, starts);
  }

  @Override
  public Tokenizer tokenizer() {
    return new Numerals(vocabulary);
  }

  @Override
  public long size() {
    return starts[starts.length - 1];
  }

  @Override
  public int id(long position) {
    return (int) IDS.below(position, vocabulary);
  }

  @Override
  public long sentences() {
    return starts.length - 1L;
  }

  @Override
  public long sentenceStart(long sentence) {
    return starts[(int) sentence];
  }

  @Override
  public long charactersBefore(long sentence) {
    return sentenceStart(sentence);
  }

  @Override
  public String fingerprint() {
    return "random";
  }
}
