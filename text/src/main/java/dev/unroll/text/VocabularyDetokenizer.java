package dev.unroll.text;

import dev.unroll.data.Detokenizer;

/** Writes the tokens of a vocabulary, one after another. */
final class VocabularyDetokenizer implements Detokenizer {

  private final Vocabulary vocabulary;
  private final Joiner joiner;

  VocabularyDetokenizer(Vocabulary vocabulary, Joiner joiner) {
    this.vocabulary = vocabulary;
    this.joiner = joiner;
  }

  /** Returns the text of all ids. */
  static String decode(int[] ids, Detokenizer detokenizer) {
    var text = new StringBuilder();
    for (int id : ids) {
      text.append(detokenizer.add(id));
    }
    return text.append(detokenizer.end()).toString();
  }

  @Override
  public String add(int id) {
    return id == Vocabulary.END_ID ? joiner.endLine() + "\n" : joiner.add(vocabulary.token(id));
  }

  @Override
  public String end() {
    return joiner.endLine();
  }
}
