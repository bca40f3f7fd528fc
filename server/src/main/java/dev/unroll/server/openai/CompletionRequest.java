package dev.unroll.server.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroll.data.Reading;
import dev.unroll.model.LanguageModel;
import dev.unroll.result.Sampling;
import dev.unroll.server.http.Problem;
import dev.unroll.server.json.Field;
import dev.unroll.server.json.Lenient;
import dev.unroll.server.json.OneOrMany;
import dev.unroll.server.model.Served;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is asked of {@code /v1/completions}. */
@Lenient
record CompletionRequest(
    @Field("a model; none for the only language model") @Nullable String model,
    @Field("a text, a list of texts, the ids of a text, or a list of such lists")
        @Nullable JsonNode prompt,
    @Field(value = "most tokens; 16 by default", min = 0) @Nullable Integer max_tokens,
    @Field(value = "0 takes the likeliest; 1 by default", min = 0, max = 2)
        @Nullable Double temperature,
    @Field(value = "of the likeliest tokens that reach p together", min = 0, max = 1)
        @Nullable Double top_p,
    @Field(value = "texts of each prompt; 1 by default", min = 1, max = 128) @Nullable Integer n,
    @Field("whether texts are sent while they are drawn") @Nullable Boolean stream,
    @Field("what else is sent") @Nullable StreamOptions stream_options,
    @Field(value = "how many likelier tokens are shown of each", min = 0, max = 20)
        @Nullable Integer logprobs,
    @Field("whether the prompt comes back, too") @Nullable Boolean echo,
    @Field("texts before which the text ends") @Nullable OneOrMany<String> stop,
    @Field("the same seed draws the same; 1 by default") @Nullable Long seed,
    @Field("only 0 is supported") @Nullable Double presence_penalty,
    @Field("only 0 is supported") @Nullable Double frequency_penalty,
    @Field("only an empty one is supported") @Nullable Map<String, Double> logit_bias,
    @Field("only n is supported") @Nullable Integer best_of,
    @Field("not supported") @Nullable String suffix,
    @Field(Served.ABOUT_GIVEN) @Nullable String given) {

  /** What else is sent in a stream. */
  @Lenient
  record StreamOptions(@Field("the usage, at the end") @Nullable Boolean include_usage) {}

  private static final int MOST_STOPS = 16;

  /** Refuses what would change the answer and is not done here. */
  void check() {
    refuse("presence_penalty", presence_penalty, 0.0);
    refuse("frequency_penalty", frequency_penalty, 0.0);
    refuse("logit_bias", logit_bias, Map.of());
    refuse("best_of", best_of, count());
    refuse("suffix", suffix, "");
    if (stream_options != null && !streams()) {
      throw Problem.ofField(
          400,
          "stream_options",
          "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
    }
    if (stop != null && stop.values().size() > MOST_STOPS) {
      throw Problem.ofField(400, "stop", "'stop' has more than " + MOST_STOPS + " texts.");
    }
  }

  private static void refuse(String name, @Nullable Object value, Object only) {
    if (value != null && !value.equals(only)) {
      throw Problem.ofField(
          400,
          name,
          "Unsupported value: '"
              + name
              + "' does not support "
              + value
              + " with this model. Only the default ("
              + only
              + ") value is supported.");
    }
  }

  int count() {
    return n == null ? 1 : n;
  }

  boolean streams() {
    return Boolean.TRUE.equals(stream);
  }

  boolean echoes() {
    return Boolean.TRUE.equals(echo);
  }

  boolean sendsUsage() {
    return stream_options != null && Boolean.TRUE.equals(stream_options.include_usage);
  }

  Sampling sampling(LanguageModel model) {
    double p = top_p == null ? 1 : top_p;
    return new Sampling(
            temperature == null ? 1 : temperature < 0.001 ? 0 : temperature,
            0,
            p == 0 ? Double.MIN_VALUE : p,
            false,
            max_tokens == null ? 16 : max_tokens,
            model.reading() == Reading.SENTENCES,
            seed == null ? 1 : seed)
        .withStops(stop == null ? List.of() : stop.values());
  }
}
