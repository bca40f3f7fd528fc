package dev.unroll.server.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroll.base.Cancellation;
import dev.unroll.model.LanguageModel;
import dev.unroll.result.Sampling;
import dev.unroll.server.http.Call;
import dev.unroll.server.http.Endpoint;
import dev.unroll.server.http.Events;
import dev.unroll.server.http.Metrics;
import dev.unroll.server.http.Problem;
import dev.unroll.server.json.Field;
import dev.unroll.server.json.Lenient;
import dev.unroll.server.model.Continuations;
import dev.unroll.server.model.Models;
import dev.unroll.server.model.Served;
import dev.unroll.server.model.Text;
import dev.unroll.server.openai.CompletionAnswer.CompletionChoice;
import dev.unroll.server.openai.CompletionAnswer.CompletionPiece;
import dev.unroll.server.openai.CompletionAnswer.CompletionUsage;
import dev.unroll.server.task.Vectors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /v1/completions} and {@code /v1/embeddings}. */
public final class OpenAiEndpoints {

  private static final int MOST_TEXTS = 128;

  private final Models models;
  private final Metrics metrics;
  private final int longest;
  private final InstantSource clock;

  /**
   * Creates the endpoints.
   *
   * @param longest most tokens of a text
   */
  public OpenAiEndpoints(Models models, Metrics metrics, int longest, InstantSource clock) {
    this.models = models;
    this.metrics = metrics;
    this.longest = longest;
    this.clock = clock;
  }

  /** Texts whose vectors are asked for. */
  @Lenient
  record EmbeddingRequest(
      @Field("a model; none for the only language model") @Nullable String model,
      @Field("a text, or a list of texts") JsonNode input,
      @Field(
              value = "how vectors are written",
              oneOf = {"float", "base64"})
          @Nullable String encoding_format,
      @Field("only the width of the last layer is supported") @Nullable Integer dimensions,
      @Field(Served.ABOUT_GIVEN) @Nullable String given) {}

  /** The vector of a text. */
  record Embedding(
      @Field("always embedding") String object,
      Integer index,
      @Field("numbers, or their bytes in base64") Object embedding) {}

  /** What was read. */
  record EmbeddingUsage(Integer prompt_tokens, Integer total_tokens) {}

  /** The vectors of texts. */
  record EmbeddingAnswer(
      @Field("always list") String object,
      List<Embedding> data,
      String model,
      EmbeddingUsage usage) {}

  /** Returns the endpoints. */
  public List<Endpoint<?, ?>> endpoints() {
    return List.of(
        Endpoint.post(
                "/v1/completions",
                "Continues prompts, as OpenAI's API does.",
                CompletionRequest.class,
                CompletionAnswer.class,
                this::complete)
            .with(Endpoint.Trait.STREAMS, Endpoint.Trait.OPENAI),
        Endpoint.post(
                "/v1/embeddings",
                "Gives vectors of texts, as OpenAI's API does: means of the last layer's states.",
                EmbeddingRequest.class,
                EmbeddingAnswer.class,
                this::embed)
            .with(Endpoint.Trait.OPENAI));
  }

  private @Nullable CompletionAnswer complete(Call call, CompletionRequest request) {
    request.check();
    Served found = models.find(request.model(), LanguageModel.class);
    call.uses(found.name());
    Served served = found.given(request.given());
    var model = (LanguageModel) served.model();
    Sampling options = request.sampling(model);
    if (options.length() > longest) {
      throw Problem.ofField(
          400, "max_tokens", "'max_tokens' is " + options.length() + ", at most " + longest + ".");
    }
    List<Prompt> prompts = Prompt.of(request.prompt(), model, "prompt");
    if ((long) prompts.size() * request.count() > MOST_TEXTS) {
      throw Problem.ofField(400, "n", "'n' × prompts is more than " + MOST_TEXTS + ".");
    }
    checkLikeliest(request, options.length(), prompts);
    var orders = new ArrayList<Text.Order>();
    var texts = new ArrayList<Completion>();
    boolean scored = request.echoes() && request.logprobs() != null;
    for (Prompt prompt : prompts) {
      List<Integer> places = scored ? offsets(prompt, call.deadline()) : List.of();
      for (int number = 0; number < request.count(); number++) {
        orders.add(new Text.Order(prompt.text(), prompt.ids(), options, number, scored));
        texts.add(new Completion(texts.size(), prompt, places, model.tokenizer(), request));
      }
    }
    var frame = new Frame("cmpl-" + call.id(), clock.instant().getEpochSecond(), served);
    int read = prompts.stream().mapToInt(prompt -> prompt.ids().length).sum();
    int likeliest = request.logprobs() == null ? 0 : request.logprobs();
    try (var written = new Continuations(served, orders, likeliest, request.streams())) {
      Events events = request.streams() ? call.events() : null;
      for (var step = written.next(call.deadline());
          step != null;
          step = written.next(call.deadline())) {
        Completion text = texts.get(step.index());
        text.add(step);
        if (events != null && text.hasNews()) {
          events.send(frame.piece(List.of(text.news()), request.sendsUsage()));
        }
      }
      CompletionUsage usage = usage(served, read, texts);
      if (events == null) {
        return frame.of(texts.stream().map(Completion::news).toList(), usage);
      }
      if (request.sendsUsage()) {
        events.send(frame.of(List.of(), usage));
      }
      events.send("[DONE]");
      return null;
    }
  }

  /** Counts the likeliest tokens before anything is computed, as if no text ended early. */
  private static void checkLikeliest(CompletionRequest request, int drawn, List<Prompt> prompts) {
    if (request.logprobs() == null) {
      return;
    }
    long scored = (long) prompts.size() * drawn;
    if (request.echoes()) {
      scored += prompts.stream().mapToLong(prompt -> prompt.ids().length).sum();
    }
    long likeliest = scored * request.count() * request.logprobs();
    if (likeliest > Continuations.MOST_ALTERNATIVES) {
      throw Problem.ofField(
          400,
          "logprobs",
          "'logprobs' × tokens is "
              + likeliest
              + ", at most "
              + Continuations.MOST_ALTERNATIVES
              + ". Tokens are those of the prompts, with 'echo', and 'max_tokens' of each text.");
    }
  }

  private static List<Integer> offsets(Prompt prompt, long deadline) {
    return Cancellation.until(() -> System.nanoTime() - deadline > 0, prompt.offsets());
  }

  private CompletionUsage usage(Served served, int read, List<Completion> texts) {
    int written = texts.stream().mapToInt(Completion::drawn).sum();
    metrics.tokens(served.name(), "read", read);
    metrics.tokens(served.name(), "written", written);
    return new CompletionUsage(read, written, read + written);
  }

  /** What all events of an answer share. */
  private record Frame(String id, long created, Served served) {
    CompletionAnswer of(List<CompletionChoice> choices, @Nullable CompletionUsage usage) {
      return new CompletionAnswer(
          id, "text_completion", created, served.name(), served.hash(), choices, usage);
    }

    /** Returns an event before the last; where that has the usage, this says that it has none. */
    Object piece(List<CompletionChoice> choices, boolean usageFollows) {
      CompletionAnswer piece = of(choices, null);
      return usageFollows ? new CompletionPiece(piece) : piece;
    }
  }

  private EmbeddingAnswer embed(Call call, EmbeddingRequest request) {
    Served named = models.find(request.model, LanguageModel.class);
    call.uses(named.name());
    Served served = named.given(request.given);
    var model = (LanguageModel) served.model();
    int layers = model.network().description().layers().size();
    List<Prompt> prompts = Prompt.of(request.input, model, "input");
    List<Vectors.Found> found =
        Vectors.ofIds(
            served,
            prompts.stream().map(Prompt::ids).toList(),
            layers,
            Vectors.Pooling.MEAN,
            call.deadline());
    var data = new ArrayList<Embedding>();
    for (int i = 0; i < found.size(); i++) {
      float[] mean = found.get(i).vectors().getFirst();
      if (request.dimensions != null && request.dimensions != mean.length) {
        throw Problem.ofField(
            400, "dimensions", "Unsupported value: 'dimensions' must be " + mean.length + ".");
      }
      boolean bytes = "base64".equals(request.encoding_format);
      data.add(new Embedding("embedding", i, bytes ? base64(mean) : mean));
    }
    int read = prompts.stream().mapToInt(prompt -> prompt.ids().length).sum();
    metrics.tokens(served.name(), "read", read);
    return new EmbeddingAnswer("list", data, served.name(), new EmbeddingUsage(read, read));
  }

  private static String base64(float[] vector) {
    var bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float each : vector) {
      bytes.putFloat(each);
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
