package dev.unroll.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Workers;
import dev.unroll.batch.Batch;
import dev.unroll.batch.Batches;
import dev.unroll.batch.SentenceBatches;
import dev.unroll.batch.StreamBatches;
import dev.unroll.data.IdStream;
import dev.unroll.data.Reading;
import dev.unroll.layer.Steps;
import dev.unroll.network.Network;
import dev.unroll.task.lm.PlainLanguageModel;
import dev.unroll.task.lm.TextPart;
import dev.unroll.train.TinyText;
import dev.unroll.train.Training;
import dev.unroll.train.optimizer.Adam;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model that goes on learning, against {@link PlainLanguageModel}. */
class DynamicModelTest {

  private static final TinyText WHOLE = TinyText.sample();
  private static final IdStream TRAINING = WHOLE.part(0, 24);
  private static final IdStream TEXT = WHOLE.part(24, 36);
  private static final int STEPS = 9;

  private static LanguageModel model(Reading reading) {
    var options =
        Training.defaults()
            .withOptimizer(new Adam(0.02))
            .withEpochs(5)
            .withBatch(4, 30)
            .withReading(reading)
            .withThreads(1);
    return LanguageModel.train(TRAINING, Network.lstm(3), options);
  }

  private static double[] logs(TokenModel model) {
    var logs = new ArrayList<Double>();
    try (var workers = new Workers(2)) {
      model.read(TEXT, workers, (id, log) -> logs.add(log));
    }
    return logs.stream().mapToDouble(log -> log).toArray();
  }

  /** Scores each stretch, then learns from it; states go on, but not from sentence to sentence. */
  private static double[] wanted(LanguageModel model, DynamicModel.Options options, double[] rms) {
    var plain = new PlainLanguageModel(model.network(), model.trained());
    var logs = new ArrayList<Double>();
    boolean sentences = model.reading() == Reading.SENTENCES;
    long parts = sentences ? TEXT.sentences() : 1;
    for (long s = 0; s < parts; s++) {
      int[] ids = sentences ? TextPart.sentence(TEXT, s) : TextPart.ids(TEXT, 0, TEXT.size());
      var states = new PlainLanguageModel.State[] {plain.start()};
      for (int from = 0; from < ids.length; from += options.steps()) {
        int[] part = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + options.steps()));
        int[] inputs = new int[part.length];
        for (int t = 0; t < part.length; t++) {
          inputs[t] = from + t == 0 ? model.firstInput() : ids[from + t - 1];
        }
        var batch = new Batch(Steps.equal(part.length, 1), inputs, part, from > 0);
        double[] own = new double[part.length];
        var ends = plain.read(batch, states, own);
        plain.update(plain.gradient(batch, states), rms, options);
        states = ends;
        Arrays.stream(own).forEach(logs::add);
      }
    }
    return logs.stream().mapToDouble(log -> log).toArray();
  }

  /** √(mean of g²) over the batches of the training text, each element of its own. */
  private static double[] rootMeanSquares(LanguageModel model) {
    Batches batches =
        model.reading() == Reading.STREAM
            ? new StreamBatches(TRAINING, 20, STEPS)
            : SentenceBatches.shuffled(TRAINING, 20, 1000, 1);
    var plain = new PlainLanguageModel(model.network(), model.trained());
    double[] squares = new double[plain.parameters.length];
    PlainLanguageModel.State[] states = {};
    for (int i = 0; i < batches.count(0); i++) {
      Batch batch = batches.batch(0, i);
      if (!batch.anyContinues()) {
        states = new PlainLanguageModel.State[batch.steps().batch()];
        Arrays.fill(states, plain.start());
      }
      double[] gradient = plain.gradient(batch, states);
      for (int p = 0; p < squares.length; p++) {
        squares[p] += gradient[p] * gradient[p] / batches.count(0);
      }
      states = plain.read(batch, states, new double[batch.steps().rows()]);
    }
    return Arrays.stream(squares).map(Math::sqrt).toArray();
  }

  private static void assertClose(double[] found, double[] wanted, double[] untouched) {
    assertThat(found).hasSize(wanted.length);
    double moved = 0;
    for (int t = 0; t < wanted.length; t++) {
      assertThat(found[t]).as("token %d", t).isCloseTo(wanted[t], within(2e-4));
      moved = Math.max(moved, Math.abs(wanted[t] - untouched[t]));
    }
    assertThat(moved).as("what learning changes").isGreaterThan(0.1);
  }

  @ParameterizedTest
  @EnumSource(Reading.class)
  void plainStepsFollowTheirFormula(Reading reading) {
    var model = model(reading);
    var options = new DynamicModel.Options(0.5, 0.05, STEPS);
    double[] wanted = wanted(model, options, new double[0]);
    assertClose(logs(DynamicModel.plain(model, options)), wanted, logs(model));
  }

  @ParameterizedTest
  @EnumSource(Reading.class)
  void scaledStepsFollowTheirFormula(Reading reading) {
    var model = model(reading);
    var options = new DynamicModel.Options(0.004, 0.2, STEPS);
    double[] rms = rootMeanSquares(model);
    double mean = Arrays.stream(rms).average().orElseThrow();
    assertThat(Arrays.stream(rms).max().orElseThrow())
        .as("some are pulled back whole")
        .isGreaterThan(mean / options.decay());
    var dynamic = DynamicModel.scaled(model, options, TRAINING, Workers.single());
    assertClose(logs(dynamic), wanted(model, options, rms), logs(model));
  }

  /** Sentences that are scored on their own have nothing before them, so nothing was learned. */
  @Test
  void eachSentenceOnItsOwnBeginsWithTheTrainedParameters() {
    var model = model(Reading.SENTENCES);
    var options = new DynamicModel.Options(0.5, 0.05, STEPS);
    var dynamic = DynamicModel.plain(model, options);
    List<int[]> sentences = new ArrayList<>();
    for (long s = 0; s < TEXT.sentences(); s++) {
      sentences.add(TextPart.sentence(TEXT, s));
    }
    var scores = dynamic.logProbabilities(sentences, Workers.single());
    for (int s = 0; s < sentences.size(); s++) {
      var alone = new ArrayList<Double>();
      dynamic.read(TEXT.part(s, s + 1), Workers.single(), (id, log) -> alone.add(log));
      assertThat(scores.get(s)).containsExactly(alone.stream().mapToDouble(log -> log).toArray());
    }
  }
}
