package dev.unroll.batch;

import dev.unroll.data.Condition;
import dev.unroll.data.IdStream;
import dev.unroll.data.Tokenizer;
import org.jspecify.annotations.Nullable;

/** A corpus that is another one but for what it overrides. */
interface ForwardingStream extends IdStream {

  /** Returns the other one. */
  IdStream text();

  @Override
  default Tokenizer tokenizer() {
    return text().tokenizer();
  }

  @Override
  default long size() {
    return text().size();
  }

  @Override
  default int id(long position) {
    return text().id(position);
  }

  @Override
  default long sentences() {
    return text().sentences();
  }

  @Override
  default long sentenceStart(long sentence) {
    return text().sentenceStart(sentence);
  }

  @Override
  default long charactersBefore(long sentence) {
    return text().charactersBefore(sentence);
  }

  @Override
  default long words() {
    return text().words();
  }

  @Override
  default @Nullable Condition condition() {
    return text().condition();
  }

  @Override
  default float[] conditionOf(long sentence) {
    return text().conditionOf(sentence);
  }

  @Override
  default boolean isBackward() {
    return text().isBackward();
  }
}
