package dev.unroll.text;

/** Takes the sentences of a text, one after the other, wherever it keeps them. */
interface SentenceSink {

  /** The id that closes a sentence while ids are provisional. */
  int END = -1;

  /**
   * Takes the ids of a sentence, without {@link #END}.
   *
   * @param characters characters (code points) of its line, the line end included
   */
  void take(int[] ids, int characters);
}
