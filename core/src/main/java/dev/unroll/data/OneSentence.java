package dev.unroll.data;

/**
 * Part of a stream taken as one sentence, for texts of a single long line.
 *
 * @param whole the stream
 * @param from where the part begins
 * @param to where it ends
 */
record OneSentence(IdStream whole, long from, long to) implements IdStream {

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
