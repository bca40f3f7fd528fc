package dev.unroll.server.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.unroll.server.json.Field;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code /v1/completions} answers; in a stream, one event. */
record CompletionAnswer(
    String id,
    @Field("always text_completion") String object,
    @Field("when it was begun, in seconds since 1970") Long created,
    String model,
    @Field("hash of the model") String system_fingerprint,
    List<CompletionChoice> choices,
    @Nullable CompletionUsage usage) {

  /** An event of a stream whose last one has the usage. */
  record CompletionPiece(
      @JsonUnwrapped CompletionAnswer answer,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable CompletionUsage usage) {
    CompletionPiece(CompletionAnswer answer) {
      this(answer, null);
    }
  }

  /** A text, or a piece of one. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record CompletionChoice(
      String text,
      Integer index,
      @Nullable CompletionLogprobs logprobs,
      @Field("stop, or length where it was cut") @Nullable String finish_reason) {}

  /** The scores of tokens. */
  record CompletionLogprobs(
      List<String> tokens,
      List<Double> token_logprobs,
      @Field("the likeliest tokens in each place, and the one that stands there")
          List<Map<String, Double>> top_logprobs,
      @Field("where each begins in the text") List<Integer> text_offset) {}

  /** What was read and written. */
  record CompletionUsage(Integer prompt_tokens, Integer completion_tokens, Integer total_tokens) {}
}
