package dev.unroll.server.session;

import dev.unroll.server.json.Field;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a push to a session reads and answers. */
final class Pushes {

  private Pushes() {}

  /** What a stream reads. */
  record PushRequest(
      @Field("of a language model: text, cut into tokens") @Nullable String text,
      @Field(value = "of a language model: tokens", min = 0) @Nullable List<Integer> ids,
      @Field(
              value = "of a forecaster: rows of its columns, targets first; null for none",
              gaps = true)
          @Nullable List<List<Double>> rows,
      @Field(value = "how many next tokens are wanted; 10 by default", min = 0, max = 1000)
          @Nullable Integer count,
      @Field(value = "levels of quantiles; those of the model by default", min = 0, max = 1)
          @Nullable List<Double> levels) {}

  /** A token that was read. */
  record PushedToken(
      String token,
      @Field("natural logarithm of its probability, given what was read before")
          Double logProbability) {}

  /** A token that may come next. */
  record PushedNext(String token, Double probability) {}

  /** What a stream answers. */
  record PushAnswer(
      @Field("tokens or rows that were read in all") Long steps,
      @Field("of a language model: what was read") @Nullable List<PushedToken> tokens,
      @Field("of a language model: what may come next, the likeliest first")
          @Nullable List<PushedNext> next,
      @Field("of a forecaster that has read enough: a row for each step")
          @Nullable List<Map<String, Object>> results) {}
}
