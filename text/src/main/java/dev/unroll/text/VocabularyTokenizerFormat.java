package dev.unroll.text;

import dev.unroll.batch.TokenizerFormat;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;

/** Creates {@link VocabularyTokenizer}s from model files. Found by the service loader. */
public final class VocabularyTokenizerFormat implements TokenizerFormat {

  /** Called by the service loader. */
  public VocabularyTokenizerFormat() {}

  @Override
  public boolean knows(Json.Reader description) {
    return description.text("kind").equals(VocabularyTokenizer.KIND);
  }

  @Override
  public Tokenizer restore(Json.Reader description) {
    return tokenizer(description);
  }

  static VocabularyTokenizer tokenizer(Json.Reader description) {
    var segmentation = Segmentation.restore(description);
    var tokens = description.texts("tokens");
    return new VocabularyTokenizer(segmentation, new Vocabulary(tokens));
  }
}
