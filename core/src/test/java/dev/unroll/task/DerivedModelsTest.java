package dev.unroll.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.InputException;
import dev.unroll.base.PoolingKind;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.batch.SourceReader;
import dev.unroll.data.Condition;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.NumberLexicon;
import dev.unroll.data.Provenance;
import dev.unroll.data.Reading;
import dev.unroll.data.Series;
import dev.unroll.model.Classifier;
import dev.unroll.model.Forecaster;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Recognizer;
import dev.unroll.model.Tagger;
import dev.unroll.model.Transducer;
import dev.unroll.network.Network;
import dev.unroll.network.Regression;
import dev.unroll.network.Relative;
import dev.unroll.result.Decoding;
import dev.unroll.result.Model;
import dev.unroll.store.ModelFile;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.task.forecast.ForecasterRun;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.LabelTask;
import dev.unroll.task.label.Labels;
import dev.unroll.task.label.TokenVectors;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.task.recognize.RecognizerFields;
import dev.unroll.task.transduce.TransducerFields;
import dev.unroll.task.transduce.TransducerNetwork;
import dev.unroll.task.transduce.TransducerSpec;
import dev.unroll.train.Training;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A model that is derived from another keeps all that is not changed, in whatever order. */
class DerivedModelsTest {

  private static final NumberLexicon TOKENS = new NumberLexicon(6);
  private static final Provenance PROVENANCE = new Provenance(Map.of("seed", 7L));

  /**
   * A model of a task, and what can be derived from it.
   *
   * @param behavior what the model does, as text
   */
  private record Case<M extends Model>(
      String name,
      M model,
      Map<String, UnaryOperator<M>> derivations,
      Function<M, String> behavior) {

    @Override
    public String toString() {
      return name;
    }

    String of(M derived) {
      return behavior.apply(derived)
          + derived.precision()
          + derived.provenance()
          + derived.summary();
    }

    void checkPairs() {
      String plain = of(model);
      derivations.forEach(
          (first, one) -> {
            assertThat(of(one.apply(model))).as(first).isNotEqualTo(plain);
            assertThat(of(one.apply(one.apply(model)))).as("twice").isEqualTo(of(one.apply(model)));
            derivations.forEach(
                (second, other) ->
                    assertThat(of(other.apply(one.apply(model))))
                        .as("%s, then %s", first, second)
                        .isEqualTo(of(one.apply(other.apply(model)))));
          });
    }
  }

  private static <M extends Model> Case<M> of(
      M model, Map<String, UnaryOperator<M>> derivations, Function<M, String> behavior) {
    return new Case<>(model.task().name(), model, derivations, behavior);
  }

  static List<Case<?>> cases() {
    return List.of(
        of(
            language(),
            Map.of(
                "withPrecision", model -> model.withPrecision(Precision.INT8),
                "withCondition", model -> model.withCondition("Irish")),
            DerivedModelsTest::scores),
        of(
            new Classifier(label(new LabelSpec.PerSequence(2, PoolingKind.MAX, true))),
            Map.of(
                "withPrecision", model -> model.withPrecision(Precision.INT8),
                "withThreshold", model -> model.withThreshold(0.01)),
            model -> model.classify("2 3 4").toString()),
        of(
            new Tagger(label(new LabelSpec.PerStep(2, true))),
            Map.of("withPrecision", model -> model.withPrecision(Precision.INT8)),
            model -> {
              var words = List.of(new LabeledSequence(List.of("2", "3"), List.of()));
              return model.tagWithProbabilities(words, Workers.single()).toString();
            }),
        of(
            transducer(),
            Map.of("withPrecision", model -> model.withPrecision(Precision.INT8)),
            model ->
                ""
                    + model
                        .transduce(List.of("2 3"), Decoding.BEAM, Workers.single())
                        .getFirst()
                        .getFirst()
                        .score()),
        of(
            recognizer(),
            Map.of("withPrecision", model -> model.withPrecision(Precision.INT8)),
            model ->
                "" + model.recognize(List.of("2 3 4"), Recognizer.Search.GREEDY, Workers.single())),
        of(
            forecaster(),
            Map.of("withPrecision", model -> model.withPrecision(Precision.INT8)),
            model -> model.forecast(series()).toString()));
  }

  /** Without a condition the model can score nothing, and says so. */
  private static String scores(LanguageModel model) {
    try {
      return model.score("2 3 4").logProbabilities().toString();
    } catch (InputException e) {
      return e.problem();
    }
  }

  private static LanguageModel language() {
    var condition = Condition.ofLabels(List.of("Irish", "Dutch"), Condition.Place.START);
    var network = new LanguageNetwork(Network.gru(5), TOKENS.size(), condition);
    var fields = new LanguageModelFields(network, TOKENS, Reading.SENTENCES);
    return new LanguageModel(new ModelFile<>(fields, network.initialize(1), PROVENANCE));
  }

  private static ModelFile<LabelFields> label(LabelSpec.Output output) {
    var data = List.of(new LabeledSequence(List.of("2", "3"), List.of("A", "B")));
    var labels = Labels.of(data, List.of(), Map.of());
    if (output instanceof LabelSpec.PerSequence) {
      labels = labels.withThresholds(List.of(0.5, 0.5));
    }
    var spec = new LabelSpec(Network.gru(5), null, output);
    var network = new LabelTask(TOKENS, labels, spec, TokenVectors.NONE).build();
    var fields = new LabelFields(network, TOKENS, labels);
    return new ModelFile<>(fields, network.initialize(1), PROVENANCE);
  }

  private static Transducer transducer() {
    var spec = TransducerSpec.of(Network.gru(5), Network.gru(5), "additive", false);
    var fields = TransducerFields.of(spec, TOKENS, TOKENS);
    TransducerNetwork network = fields.network();
    float[] parameters = network.initialize(1);
    return new Transducer(new ModelFile<>(fields, parameters, PROVENANCE));
  }

  private static Recognizer recognizer() {
    var fields = RecognizerFields.of(Network.gru(5), SourceReader.ofText(TOKENS), TOKENS);
    float[] parameters = fields.network().initialize(1);
    return new Recognizer(new ModelFile<>(fields, parameters, PROVENANCE));
  }

  private static Series series() {
    double[][] rows = new double[12][];
    Arrays.setAll(rows, t -> new double[] {Math.sin(t)});
    return new Series("s", List.of("a"), rows);
  }

  private static Forecaster forecaster() {
    var spec =
        new ForecastSpec(
            List.of("a"),
            List.of(),
            List.of(),
            new ForecastSpec.Window(4, 2, 1),
            Relative.LAST,
            false,
            false,
            Regression.SQUARED);
    var parts = new ForecasterRun.Parts(List.of(series()), List.of(series()), 1);
    var run =
        new ForecasterRun(spec, Network.gru(5), parts, Training.defaults(), RunOutput.NOTHING);
    float[] parameters = run.fields().network().initialize(1);
    return new Forecaster(new ModelFile<>(run.fields(), parameters, PROVENANCE));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theOrderOfDerivationsChangesNothing(Case<?> derived) {
    derived.checkPairs();
  }

  /** The case that a review found: the label was forgotten. */
  @Test
  void aLanguageModelInFewerBitsStillWritesForItsLabel() {
    var expected =
        language()
            .withPrecision(Precision.INT8)
            .withCondition("Irish")
            .score("2 3")
            .logProbabilities();
    var found =
        language()
            .withCondition("Irish")
            .withPrecision(Precision.INT8)
            .score("2 3")
            .logProbabilities();
    assertThat(found).isEqualTo(expected);
  }
}
