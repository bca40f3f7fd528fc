package dev.unroll.server.task;

import dev.unroll.server.http.Endpoint;
import dev.unroll.server.json.Field;
import dev.unroll.server.model.Models;
import dev.unroll.server.model.Served;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is served, also in the words of OpenAI. */
public final class ModelEndpoints {

  private final Models models;

  /** Creates the endpoints. */
  public ModelEndpoints(Models models) {
    this.models = models;
  }

  /** A model in a list. */
  record ModelCard(
      @Field("the name by which requests mean it") String id,
      @Field("always model") String object,
      @Field("when it was loaded, in seconds since 1970") Long created,
      @Field("always unroll") String owned_by,
      @Field("what it does: lm, classify, tag, transduce, recognize, forecast, regress")
          String task,
      @Field("its weights and its description, as a hash") String hash) {}

  /** All models. */
  record ModelList(@Field("always list") String object, List<ModelCard> data) {}

  /** All that is known of a model. */
  record ModelDetails(
      String id,
      String object,
      Long created,
      String owned_by,
      String task,
      String hash,
      @Field("number of parameters") Integer parameters,
      @Field("how weights are stored") String weights,
      @Field("its network and its vocabulary") Map<String, Object> summary,
      @Field("what it was made from") Map<String, Object> provenance) {}

  /** Returns the endpoints. */
  public List<Endpoint<?, ?>> endpoints() {
    return List.of(
        Endpoint.get(
                "/v1/models",
                "Lists the models that are served.",
                ModelList.class,
                (call, none) ->
                    new ModelList("list", models.all().stream().map(ModelEndpoints::card).toList()))
            .with(Endpoint.Trait.OPENAI),
        Endpoint.get(
                "/v1/models/{name}",
                "Describes a model: task, network, provenance, hash.",
                ModelDetails.class,
                (call, none) -> details(models.get(call.parameter("name"))))
            .with(Endpoint.Trait.OPENAI),
        new Endpoint<>(
            "POST",
            "/v1/models/{name}/reload",
            "Loads a model's file again and replaces the model.",
            Endpoint.NoBody.class,
            ModelCard.class,
            Set.of(),
            (call, none) -> card(models.reload(call.parameter("name")))));
  }

  private static ModelCard card(Served served) {
    return new ModelCard(
        served.name(),
        "model",
        served.loaded().getEpochSecond(),
        "unroll",
        served.task(),
        served.hash());
  }

  private static ModelDetails details(Served served) {
    var provenance = new LinkedHashMap<>(served.provenance().json());
    return new ModelDetails(
        served.name(),
        "model",
        served.loaded().getEpochSecond(),
        "unroll",
        served.task(),
        served.hash(),
        served.model().size(),
        served.model().precision().label(),
        served.model().summary(),
        provenance);
  }
}
