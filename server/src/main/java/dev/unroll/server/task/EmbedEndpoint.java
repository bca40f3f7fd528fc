package dev.unroll.server.task;

import dev.unroll.model.LanguageBatch;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.NetworkState;
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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Vectors of texts: the states of a layer of a language model that has read them. */
public final class EmbedEndpoint {

  private static final String MEAN = "mean";
  private static final String ALL = "all";
  private static final String LAST = "last";

  private final Models models;
  private final Metrics metrics;

  /** Creates the endpoint. */
  public EmbedEndpoint(Models models, Metrics metrics) {
    this.models = models;
    this.metrics = metrics;
  }

  /** Texts whose vectors are asked for. */
  record EmbedRequest(
      @Field("a model; none for the only one of the task") @Nullable String model,
      @Field("a text, or a list of texts") OneOrMany<String> text,
      @Field(value = "which layer, from 1; the last unless said", min = 1) @Nullable Integer layer,
      @Field(
              value = "mean over the tokens (unless said), the last one, or all",
              oneOf = {MEAN, LAST, ALL})
          @Nullable String pooling) {}

  /** The vectors of a text. */
  record EmbedResult(
      String text,
      Integer tokens,
      @Field("of mean and last") @Nullable List<Float> vector,
      @Field("of all: one of each token") @Nullable List<List<Float>> vectors) {}

  /** The vectors of texts. */
  record EmbedAnswer(String model, Integer layer, List<EmbedResult> results) {}

  /** Returns the endpoints. */
  public List<Endpoint<?, ?>> endpoints() {
    return List.of(
        Endpoint.post(
            "/v1/embed",
            "Gives vectors of texts: states of a layer that has read them.",
            EmbedRequest.class,
            EmbedAnswer.class,
            this::embed));
  }

  private EmbedAnswer embed(Call call, EmbedRequest request) {
    Served served = models.find(request.model, LanguageModel.class);
    call.uses(served.name());
    int layers = ((LanguageModel) served.model()).network().description().layers().size();
    int layer = request.layer == null ? layers : request.layer;
    if (layer > layers) {
      throw Problem.unusable("layer is " + layer + ", must be in 1 … " + layers);
    }
    String pooling = request.pooling == null ? MEAN : request.pooling;
    List<int[]> ids =
        request.text.values().stream().map(((LanguageModel) served.model())::promptIds).toList();
    List<float[][]> found = states(served, ids, layer, call.deadline());
    metrics.tokens(served.name(), "read", found.stream().mapToLong(each -> each.length).sum());
    var results = new ArrayList<EmbedResult>();
    for (int i = 0; i < found.size(); i++) {
      float[][] own = found.get(i);
      results.add(
          new EmbedResult(
              request.text.values().get(i),
              own.length,
              pooling.equals(ALL)
                  ? null
                  : list(pooling.equals(LAST) ? own[own.length - 1] : mean(own)),
              pooling.equals(ALL)
                  ? IntStream.range(0, own.length).mapToObj(t -> list(own[t])).toList()
                  : null));
    }
    return new EmbedAnswer(served.name(), layer, results);
  }

  /**
   * Returns the states of a layer after each token of texts, [tokens][units].
   *
   * @param ids the tokens of each text
   * @param layer from 1
   * @throws Problem if a text has no tokens
   */
  public static List<float[][]> states(Served served, List<int[]> ids, int layer, long deadline) {
    var model = (LanguageModel) served.model();
    for (int[] each : ids) {
      if (each.length == 0) {
        throw Problem.unusable("a text without tokens has no vector; leave it out");
      }
    }
    return served.run(List.of("embed", layer), ids, some -> states(model, some, layer), deadline);
  }

  private static List<float[][]> states(LanguageModel model, List<int[]> texts, int layer) {
    var batch = new LanguageBatch(model);
    var found = texts.stream().map(ids -> new float[ids.length][]).toList();
    var states = new ArrayList<NetworkState>();
    NetworkState start = model.start();
    texts.forEach(ids -> states.add(start));
    int longest = texts.stream().mapToInt(ids -> ids.length).max().orElse(0);
    for (int t = 0; t < longest; t++) {
      int step = t;
      int[] open =
          IntStream.range(0, texts.size()).filter(i -> texts.get(i).length > step).toArray();
      int[] tokens = IntStream.of(open).map(i -> texts.get(i)[step]).toArray();
      var after = batch.step(IntStream.of(open).mapToObj(states::get).toList(), tokens);
      for (int i = 0; i < open.length; i++) {
        states.set(open[i], after.get(i));
        found.get(open[i])[t] = after.get(i).layers().get(layer - 1).a();
      }
    }
    return found;
  }

  /** Returns the mean of vectors, summed in their order. */
  public static float[] mean(float[][] vectors) {
    float[] mean = new float[vectors[0].length];
    for (int j = 0; j < mean.length; j++) {
      double sum = 0;
      for (float[] vector : vectors) {
        sum += vector[j];
      }
      mean[j] = (float) (sum / vectors.length);
    }
    return mean;
  }

  /** Returns the elements of a vector. */
  public static List<Float> list(float[] vector) {
    var list = new ArrayList<Float>();
    for (float each : vector) {
      list.add(each);
    }
    return list;
  }
}
