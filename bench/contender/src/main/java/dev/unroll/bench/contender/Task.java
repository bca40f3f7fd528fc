package dev.unroll.bench.contender;

/** A task whose whole network is compared, on {@link Sentences}. */
public enum Task {
  /** A label for each sentence: BiLSTM, the maximum over the words, softmax. */
  CLASSIFY("BiLSTM classifier", 10_000, 6),
  /** A tag for each word: BiLSTM and a linear-chain CRF. */
  TAG("BiLSTM-CRF tagger", 10_000, 9),
  /**
   * Another sentence: a BiLSTM reads, an LSTM writes, with multiplicative attention whose output is
   * read again at the next step (Luong et al. 2015).
   */
  TRANSDUCE("encoder-decoder", 2_000, 2_000);

  private final String title;
  private final int vocabulary;
  private final int outputs;

  Task(String title, int vocabulary, int outputs) {
    this.title = title;
    this.vocabulary = vocabulary;
    this.outputs = outputs;
  }

  /** Returns the network in words. */
  public String title() {
    return title;
  }

  /** Returns the number of words that sentences are made of. */
  public int vocabulary() {
    return vocabulary;
  }

  /** Returns the number of labels, of tags, or of words of what is written. */
  public int outputs() {
    return outputs;
  }
}
