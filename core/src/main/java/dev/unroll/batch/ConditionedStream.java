package dev.unroll.batch;

import dev.unroll.data.Condition;
import dev.unroll.data.IdStream;
import dev.unroll.file.Fingerprint;
import java.util.Arrays;
import java.util.Locale;

/**
 * A corpus each of whose sentences is conditioned on a vector.
 *
 * @param text the sentences
 * @param condition what they are conditioned on
 * @param vectors the vector of each sentence
 */
public record ConditionedStream(IdStream text, Condition condition, float[][] vectors)
    implements ForwardingStream {

  /** Checks that every sentence has a vector. */
  public ConditionedStream {
    if (vectors.length != text.sentences()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%d vectors for %d sentences", vectors.length, text.sentences()));
    }
    for (float[] vector : vectors) {
      condition.check(vector);
    }
  }

  @Override
  public float[] conditionOf(long sentence) {
    return vectors[Math.toIntExact(sentence)];
  }

  @Override
  public IdStream part(long from, long to) {
    int first = Math.toIntExact(from);
    float[][] own = Arrays.copyOfRange(vectors, first, Math.toIntExact(to));
    return new ConditionedStream(text.part(from, to), condition, own);
  }

  @Override
  public String fingerprint() {
    var fingerprint = new Fingerprint();
    fingerprint.add(text.fingerprint());
    for (float[] vector : vectors) {
      fingerprint.add(vector);
    }
    return fingerprint.text() + text.fingerprint().replaceFirst("^[^ ]*", "");
  }
}
