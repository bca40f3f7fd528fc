package dev.unroll.server.task;

import dev.unroll.base.Workers;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Recognizer;
import dev.unroll.model.Recognizer.Search;
import dev.unroll.model.Transducer;
import dev.unroll.result.Decoding;
import dev.unroll.server.http.Call;
import dev.unroll.server.http.Endpoint;
import dev.unroll.server.http.Problem;
import dev.unroll.server.json.Field;
import dev.unroll.server.json.OneOrMany;
import dev.unroll.server.model.Models;
import dev.unroll.server.model.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Sequences that become others: transducers and recognizers. */
public final class PairEndpoints {

  private static final String LM = "lm";

  private final Models models;

  /** Creates the endpoints. */
  public PairEndpoints(Models models) {
    this.models = models;
  }

  /** Sources to transduce. */
  record TransduceRequest(
      @Field("a model; none for the only one of the task") @Nullable String model,
      @Field("a text, or a list of texts") OneOrMany<String> source,
      @Field(value = "how many targets of each are wanted; 1 by default", min = 1, max = 100)
          @Nullable Integer nbest,
      @Field(value = "beginnings that are kept; 5 by default", min = 1, max = 100)
          @Nullable Integer beam,
      @Field(value = "of the penalty of the length; 0.6 by default", min = 0, max = 10)
          @Nullable Double lengthPower,
      @Field(
              value = "most tokens of a target; twice the source's and 50 by default",
              min = 0,
              max = 10_000)
          @Nullable Integer longest,
      @Field("whether unknown words are copied from the source") @Nullable Boolean copy,
      @Field("whether the weights of attention are wanted") @Nullable Boolean attention) {

    Decoding decoding() {
      Decoding usual = Decoding.BEAM;
      return new Decoding(
          beam == null ? Math.max(usual.beam(), count()) : beam,
          lengthPower == null ? usual.lengthPower() : lengthPower,
          longest == null ? usual.longest() : longest,
          Boolean.TRUE.equals(attention),
          Boolean.TRUE.equals(copy));
    }

    int count() {
      return nbest == null ? 1 : nbest;
    }
  }

  /** A target of a source. */
  record TransduceTarget(
      String text,
      @Field("by which targets are compared") Double score,
      @Field("natural logarithm, by the network") Double logProbability,
      @Field("of the target") @Nullable List<String> tokens,
      @Field("of each token of the target, how much each of the source counted")
          @Nullable List<List<Float>> attention) {}

  /** What a source becomes. */
  record TransduceResult(
      String source, @Nullable List<String> sourceTokens, List<TransduceTarget> targets) {}

  /** What sources become. */
  record TransduceAnswer(String model, List<TransduceResult> results) {}

  /** Sequences to recognize. */
  record RecognizeRequest(
      @Field("a model; none for the only one of the task") @Nullable String model,
      @Field("a sequence as files write it, or a list") OneOrMany<String> source,
      @Field(value = "how many targets of each are wanted; 1 by default", min = 1, max = 100)
          @Nullable Integer nbest,
      @Field(value = "beginnings that are kept; " + Search.BEAM + " by default", min = 1, max = 100)
          @Nullable Integer beam,
      @Field("a language model of targets that is served, which guides the beam; none by default")
          @Nullable String lm,
      @Field(
              value = "weight of its log-probabilities; " + Search.WEIGHT + " by default",
              min = 0,
              max = 1000)
          @Nullable Double lmWeight,
      @Field(value = "added for each label, in nats; 0 by default", min = -1000, max = 1000)
          @Nullable Double labelBonus) {

    int count() {
      return nbest == null ? 1 : nbest;
    }

    Search search(int width, Models models) {
      if (lm == null) {
        if (lmWeight != null || labelBonus != null) {
          throw Problem.ofField(422, LM, "lmWeight and labelBonus do nothing without lm; name one");
        }
        return Search.beam(width);
      }
      if (width == 1) {
        throw Problem.ofField(
            422, "beam", "a language model cannot guide a beam of 1; make beam larger");
      }
      var guide = (LanguageModel) models.further(LM, lm, LanguageModel.class).model();
      return Search.beam(width)
          .guidedBy(
              guide,
              lmWeight == null ? Search.WEIGHT : lmWeight,
              labelBonus == null ? 0 : labelBonus);
    }
  }

  /** Labels of a sequence. */
  record RecognizeTarget(String text, @Field("by which they are compared") Double score) {}

  /** What was recognized in a sequence. */
  record RecognizeResult(String source, List<RecognizeTarget> targets) {}

  /** What was recognized. */
  record RecognizeAnswer(String model, List<RecognizeResult> results) {}

  /** Returns the endpoints. */
  public List<Endpoint<?, ?>> endpoints() {
    return List.of(
        Endpoint.post(
            "/v1/transduce",
            "Transduces sources into targets.",
            TransduceRequest.class,
            TransduceAnswer.class,
            this::transduce),
        Endpoint.post(
            "/v1/recognize",
            "Recognizes the labels of sequences.",
            RecognizeRequest.class,
            RecognizeAnswer.class,
            this::recognize));
  }

  private TransduceAnswer transduce(Call call, TransduceRequest request) {
    Served served = models.find(request.model, Transducer.class);
    call.uses(served.name());
    var transducer = (Transducer) served.model();
    Decoding how = request.decoding();
    checkBeam(request.count(), how.beam());
    List<String> sources = request.source.values();
    List<List<Transducer.Output>> found =
        served.run(
            how,
            sources,
            some -> transducer.transduce(some, how, Workers.single()),
            call.deadline());
    var results = new ArrayList<TransduceResult>();
    for (int i = 0; i < sources.size(); i++) {
      results.add(
          new TransduceResult(
              sources.get(i),
              how.attention() ? transducer.sourceTokens(sources.get(i)) : null,
              found.get(i).stream()
                  .limit(request.count())
                  .map(each -> target(each, how.attention()))
                  .toList()));
    }
    return new TransduceAnswer(served.name(), results);
  }

  private static void checkBeam(int count, int beam) {
    if (count > beam) {
      throw Problem.unusable(
          "nbest is " + count + ", but beam " + beam + "; make beam as large, or ask for fewer");
    }
  }

  private static TransduceTarget target(Transducer.Output output, boolean attention) {
    return new TransduceTarget(
        output.text(),
        output.score(),
        output.logProbability(),
        attention ? output.tokens() : null,
        attention ? output.attention() : null);
  }

  private RecognizeAnswer recognize(Call call, RecognizeRequest request) {
    Served served = models.find(request.model, Recognizer.class);
    call.uses(served.name());
    var recognizer = (Recognizer) served.model();
    int beam = request.beam == null ? Math.max(Search.BEAM, request.count()) : request.beam;
    checkBeam(request.count(), beam);
    Search search = request.search(beam, models);
    List<String> sources = request.source.values();
    for (String source : sources) {
      if (source.isBlank()) {
        throw Problem.unusable("source has a sequence without anything in it; leave it out");
      }
      recognizer.source().check(source);
    }
    List<List<Recognizer.Output>> found =
        served.run(
            search,
            sources,
            some -> recognizer.recognize(some, search, Workers.single()),
            call.deadline());
    return new RecognizeAnswer(
        served.name(),
        IntStream.range(0, sources.size())
            .mapToObj(
                i ->
                    new RecognizeResult(
                        sources.get(i),
                        found.get(i).stream()
                            .limit(request.count())
                            .map(each -> new RecognizeTarget(each.text(), each.score()))
                            .toList()))
            .toList());
  }
}
