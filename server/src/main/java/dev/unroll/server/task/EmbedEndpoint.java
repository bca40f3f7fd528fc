package dev.unroll.server.task;

import dev.unroll.model.LanguageModel;
import dev.unroll.result.Model;
import dev.unroll.server.http.Call;
import dev.unroll.server.http.Endpoint;
import dev.unroll.server.http.Metrics;
import dev.unroll.server.http.Problem;
import dev.unroll.server.json.Field;
import dev.unroll.server.json.OneOrMany;
import dev.unroll.server.model.Models;
import dev.unroll.server.model.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Vectors of texts: what a recurrent layer gives out when a model reads them. */
public final class EmbedEndpoint {

  private final Models models;
  private final Metrics metrics;

  /** Creates the endpoint. */
  public EmbedEndpoint(Models models, Metrics metrics) {
    this.models = models;
    this.metrics = metrics;
  }

  /** Texts whose vectors are asked for. */
  record EmbedRequest(
      @Field("a model of any task but forecast; none for the only language model")
          @Nullable String model,
      @Field(Served.ABOUT_GIVEN) @Nullable String given,
      @Field(
              "a text, or a list of texts; for a tagger words between blanks, for a recognizer a sequence")
          OneOrMany<String> text,
      @Field(value = "which recurrent layer, from 1; the last by default", min = 1)
          @Nullable Integer layer,
      @Field(
              value = "mean over the tokens (the default), the last one, or all",
              oneOf = {"mean", "last", "all"})
          @Nullable String pooling) {}

  /** The vectors of a text. */
  record EmbedResult(
      String text,
      Integer tokens,
      @Field("of mean and last") float @Nullable [] vector,
      @Field("of all: one of each token") @Nullable List<float[]> vectors) {}

  /** The vectors of texts. */
  record EmbedAnswer(String model, Integer layer, List<EmbedResult> results) {}

  /** Returns the endpoints. */
  public List<Endpoint<?, ?>> endpoints() {
    return List.of(
        Endpoint.post(
            "/v1/embed",
            "Gives vectors of texts: what a recurrent layer gives out.",
            EmbedRequest.class,
            EmbedAnswer.class,
            this::embed));
  }

  private EmbedAnswer embed(Call call, EmbedRequest request) {
    boolean usual = request.model == null && models.count(LanguageModel.class) == 1;
    Served named = models.find(request.model, usual ? LanguageModel.class : Model.class);
    call.uses(named.name());
    Served served = named.given(request.given);
    int layers = Vectors.network(served.model()).layers().size();
    int layer = request.layer == null ? layers : request.layer;
    if (layer > layers) {
      throw Problem.unusable("layer is " + layer + ", must be in 1 … " + layers);
    }
    var pooling =
        request.pooling == null
            ? Vectors.Pooling.MEAN
            : Vectors.Pooling.valueOf(request.pooling.toUpperCase(Locale.ROOT));
    List<String> texts = request.text.values();
    List<Vectors.Found> found = Vectors.ofTexts(served, texts, layer, pooling, call.deadline());
    metrics.tokens(served.name(), "read", found.stream().mapToLong(Vectors.Found::tokens).sum());
    boolean all = pooling == Vectors.Pooling.ALL;
    var results = new ArrayList<EmbedResult>();
    for (int i = 0; i < found.size(); i++) {
      List<float[]> own = found.get(i).vectors();
      results.add(
          new EmbedResult(
              texts.get(i), found.get(i).tokens(), all ? null : own.getFirst(), all ? own : null));
    }
    return new EmbedAnswer(served.name(), layer, results);
  }
}
