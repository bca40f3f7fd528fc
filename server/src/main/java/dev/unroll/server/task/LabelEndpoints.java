package dev.unroll.server.task;

import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.model.Classifier;
import dev.unroll.model.Tagger;
import dev.unroll.result.Classification;
import dev.unroll.server.http.Call;
import dev.unroll.server.http.Endpoint;
import dev.unroll.server.http.Problem;
import dev.unroll.server.json.Field;
import dev.unroll.server.json.OneOrMany;
import dev.unroll.server.model.Models;
import dev.unroll.server.model.Served;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Labels of texts, and of the words of sentences. */
public final class LabelEndpoints {

  private final Models models;

  /** Creates the endpoints. */
  public LabelEndpoints(Models models) {
    this.models = models;
  }

  /** Texts to classify. */
  record ClassifyRequest(
      @Field("a model; none for the only one of the task") @Nullable String model,
      @Field("a text, or a list of texts") OneOrMany<String> text,
      @Field("whether each label's probability is wanted") @Nullable Boolean probabilities,
      @Field(value = "from which probability on a text has a label, of several", min = 0, max = 1)
          @Nullable Double threshold) {}

  /** What a text is. */
  record ClassifyResult(
      String text,
      @Field("where a text has one label") @Nullable String label,
      @Field("where a text may have several") @Nullable List<String> labels,
      @Field("by label, the likeliest first") @Nullable Map<String, Double> probabilities) {}

  /** What texts are. */
  record ClassifyAnswer(String model, List<ClassifyResult> results) {}

  /** Sentences to tag. */
  record TagRequest(
      @Field("a model; none for the only one of the task") @Nullable String model,
      @Field("the words of a sentence, or a list of sentences") OneOrMany<List<String>> words,
      @Field("whether the tags' probabilities are wanted") @Nullable Boolean probabilities) {}

  /** A tagged sentence. */
  record TagResult(
      List<String> words,
      @Field("one of each word") List<String> tags,
      @Field("of each tag") @Nullable List<Float> probabilities) {}

  /** Tagged sentences. */
  record TagAnswer(String model, List<TagResult> results) {}

  /** Returns the endpoints. */
  public List<Endpoint<?, ?>> endpoints() {
    return List.of(
        Endpoint.post(
            "/v1/classify",
            "Classifies texts.",
            ClassifyRequest.class,
            ClassifyAnswer.class,
            this::classify),
        Endpoint.post(
            "/v1/tag",
            "Tags each word of sentences.",
            TagRequest.class,
            TagAnswer.class,
            this::tag));
  }

  private ClassifyAnswer classify(Call call, ClassifyRequest request) {
    Served served = models.find(request.model, Classifier.class);
    call.uses(served.name());
    var own = (Classifier) served.model();
    Double threshold = request.threshold;
    Classifier classifier = threshold == null ? own : own.withThreshold(threshold);
    boolean all = Boolean.TRUE.equals(request.probabilities);
    List<Classification> found =
        served.run(
            threshold == null ? "classify" : threshold,
            request.text.values(),
            texts ->
                threshold == null
                    ? served.engine().classify(texts)
                    : classifier.classify(texts, Workers.single()),
            call.deadline());
    return new ClassifyAnswer(
        served.name(),
        IntStream.range(0, found.size())
            .mapToObj(i -> result(request.text.values().get(i), found.get(i), classifier, all))
            .toList());
  }

  private static ClassifyResult result(
      String text, Classification found, Classifier classifier, boolean all) {
    boolean several = classifier.multiLabel();
    return new ClassifyResult(
        text,
        several ? null : found.labels().getFirst(),
        several ? found.labels() : null,
        all ? found.probabilities() : null);
  }

  private TagAnswer tag(Call call, TagRequest request) {
    Served served = models.find(request.model, Tagger.class);
    call.uses(served.name());
    var tagger = (Tagger) served.model();
    boolean all = Boolean.TRUE.equals(request.probabilities);
    for (List<String> words : request.words.values()) {
      if (words.isEmpty()) {
        throw Problem.unusable("words has a sentence without words; leave it out");
      }
    }
    List<LabeledSequence> sentences =
        request.words.values().stream()
            .map(words -> new LabeledSequence(words, List.of()))
            .toList();
    List<Tagger.Tagging> found =
        served.run(
            all,
            sentences,
            some ->
                all
                    ? tagger.tagWithProbabilities(some, Workers.single())
                    : tagger.tag(some, Workers.single()),
            call.deadline());
    return new TagAnswer(
        served.name(),
        found.stream()
            .map(
                each ->
                    new TagResult(
                        each.words(),
                        each.tags(),
                        all
                            ? each.probabilities().stream().map(Double::floatValue).toList()
                            : null))
            .toList());
  }
}
