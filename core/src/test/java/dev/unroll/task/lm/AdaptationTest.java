package dev.unroll.task.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.data.Reading;
import dev.unroll.model.CachedModel;
import dev.unroll.model.DynamicModel;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Mixture;
import dev.unroll.model.TokenModel;
import dev.unroll.network.Network;
import dev.unroll.train.TinyText;
import dev.unroll.train.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Caches, dynamic evaluation and mixtures of small models. */
class AdaptationTest {

  private static final TinyText TEXT = TinyText.sample();
  private static final LanguageModel SENTENCES = train(Reading.SENTENCES, 16);
  private static final LanguageModel STREAM = train(Reading.STREAM, 24);

  private static LanguageModel train(Reading reading, int units) {
    var options = Training.defaults().withEpochs(6).withBatch(4, 30).withReading(reading);
    return LanguageModel.train(TEXT, Network.lstm(units), options);
  }

  private static LanguageModel of(Reading reading) {
    return reading == Reading.STREAM ? STREAM : SENTENCES;
  }

  private static double[] logs(TokenModel model, int threads) {
    var logs = new ArrayList<Double>();
    try (var workers = new Workers(threads)) {
      model.read(TEXT, workers, (id, log) -> logs.add(log));
    }
    return logs.stream().mapToDouble(log -> log).toArray();
  }

  /** The formula, a token at a time. */
  private static double[] cachedByHand(
      LanguageModel model, int window, double theta, double lambda) {
    double[] own = logs(model, 1);
    double[] mixed = new double[own.length];
    var outputs = new ArrayList<float[]>();
    var state = model.start();
    int sentence = 0;
    for (int t = 0; t < own.length; t++) {
      if (model.reading() == Reading.SENTENCES && TEXT.sentenceStart(sentence) == t) {
        state = model.start();
        sentence++;
      }
      double all = 0;
      double same = 0;
      for (int i = Math.max(0, t - window); i < t; i++) {
        double dot = 0;
        for (int j = 0; j < outputs.get(i).length; j++) {
          dot += (double) outputs.get(i)[j] * state.output()[j];
        }
        all += Math.exp(theta * dot);
        same += TEXT.id(i) == TEXT.id(t) ? Math.exp(theta * dot) : 0;
      }
      mixed[t] = t == 0 ? own[t] : Math.log((1 - lambda) * Math.exp(own[t]) + lambda * same / all);
      outputs.add(state.output());
      state = model.step(state, TEXT.id(t));
    }
    return mixed;
  }

  @ParameterizedTest
  @CsvSource({"STREAM, 7", "STREAM, 2000", "SENTENCES, 7", "SENTENCES, 300"})
  void aCacheFollowsItsFormula(Reading reading, int window) {
    var model = of(reading);
    double[] wanted = cachedByHand(model, window, 0.4, 0.2);
    double[] found = logs(new CachedModel(model, window, 0.4, 0.2), 3);
    assertThat(found).hasSize(wanted.length);
    for (int t = 0; t < wanted.length; t++) {
      assertThat(found[t]).as("token %d", t).isCloseTo(wanted[t], within(1e-5));
    }
  }

  @Test
  void aTunedCacheIsNoWorse() {
    double alone = STREAM.evaluate(TEXT, Workers.single()).nats();
    var tuned = CachedModel.tuned(STREAM, 200, TEXT, Workers.single());
    assertThat(tuned.evaluate(TEXT, Workers.single()).nats()).isLessThanOrEqualTo(alone + 1e-6);
    assertThat(tuned.theta()).isPositive();
  }

  @ParameterizedTest
  @EnumSource(Reading.class)
  void aModelThatGoesOnLearningGetsBetterAndSeesNothingAhead(Reading reading) {
    var model = of(reading);
    var options = new DynamicModel.Options(0.5, 0.001, 10);
    double[] before = logs(model, 1);
    double[] plain = logs(DynamicModel.plain(model, options), 1);
    assertThat(Arrays.copyOf(plain, 10)).isEqualTo(Arrays.copyOf(before, 10));
    assertThat(Arrays.stream(plain).sum()).isGreaterThan(Arrays.stream(before).sum());
    assertThat(logs(DynamicModel.plain(model, options), 3)).isEqualTo(plain);
    var scaled =
        DynamicModel.scaled(
            model, new DynamicModel.Options(0.002, 0.01, 10), TEXT, Workers.single());
    assertThat(Arrays.stream(logs(scaled, 2)).sum()).isGreaterThan(Arrays.stream(before).sum());
  }

  @Test
  void aStepThatIsNoneChangesNothing() {
    double[] before = logs(STREAM, 1);
    double[] after = logs(DynamicModel.plain(STREAM, new DynamicModel.Options(1e-30, 0.5, 7)), 1);
    assertThat(after).isEqualTo(before);
  }

  @Test
  void aMixtureIsNoWorseThanItsMembersAndMixesProbabilities() {
    List<TokenModel> members = List.of(SENTENCES, STREAM);
    var tuning = Mixture.tune(members, TEXT, Workers.single());
    var mixture = tuning.mixture();
    assertThat(mixture.weights().get(0) + mixture.weights().get(1)).isCloseTo(1, within(1e-9));
    double mixed = mixture.evaluate(TEXT, Workers.single()).nats();
    assertThat(tuning.perplexity())
        .isCloseTo(mixture.evaluate(TEXT, Workers.single()).perplexity(), within(1e-6));
    assertThat(tuning.perplexities().get(1))
        .isCloseTo(STREAM.evaluate(TEXT, Workers.single()).perplexity(), within(1e-6));
    for (TokenModel member : members) {
      double alone = member.evaluate(TEXT, Workers.single()).nats();
      assertThat(mixed).isLessThanOrEqualTo(alone + 1e-3); // weights are tuned to 1e-9 a token
    }
    double[] first = logs(SENTENCES, 1);
    double[] second = logs(STREAM, 1);
    double[] both = logs(new Mixture(members, List.of(0.25, 0.75)), 1);
    for (int t = 0; t < both.length; t++) {
      double wanted = Math.log(0.25 * Math.exp(first[t]) + 0.75 * Math.exp(second[t]));
      assertThat(both[t]).isCloseTo(wanted, within(1e-9));
    }
    assertThatThrownBy(() -> new Mixture(members, List.of(0.5, 0.6)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("sum up to 1");
  }
}
