package dev.unroll.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.Workers;
import dev.unroll.kernel.Slice;
import dev.unroll.train.Schedule;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.Validation;
import dev.unroll.train.optimizer.Adagrad;
import dev.unroll.train.optimizer.Adam;
import dev.unroll.train.optimizer.Optimizer;
import dev.unroll.train.optimizer.RmsProp;
import dev.unroll.train.optimizer.Sgd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that wait for a step which uses them end in the bits of those that never waited. */
class IdleRowsTest {

  private static final int WIDTH = 33;
  private static final Slice VECTORS = new Slice("embedding.weight", 7, 2000, WIDTH);
  private static final int SIZE = VECTORS.offset() + VECTORS.size() + 50;
  private static final int BATCHES = 450;

  @TempDir Path folder;

  /** The gradients of a few rows and of all other parameters; a row's depend on its values. */
  private record Sparse(boolean says, boolean fails) implements Learner {

    private static int[] rowsOf(Step step) {
      var random = new Random(1000L * step.epoch() + step.from());
      // Few rows come often, most seldom, and the last never.
      return random
          .doubles(6)
          .mapToInt(u -> (int) (1990 * u * u * u))
          .sorted()
          .distinct()
          .toArray();
    }

    @Override
    public float[] initialize(long seed) {
      var random = new Random(seed);
      float[] values = new float[SIZE];
      for (int i = 0; i < SIZE; i++) {
        values[i] = random.nextFloat() - 0.5f;
      }
      return values;
    }

    @Override
    public int batches(int epoch) {
      return BATCHES;
    }

    @Override
    public List<UsedRows> rows(Step step) {
      return says ? List.of(new UsedRows(VECTORS, rowsOf(step))) : List.of();
    }

    @Override
    public Loss lossAndGradient(float[] parameters, Step step, float[] gradients, Workers workers) {
      var random = new Random(step.from());
      for (int i = 0; i < SIZE; i++) {
        if (i < VECTORS.offset() || i >= VECTORS.offset() + VECTORS.size()) {
          gradients[i] += parameters[i] + random.nextFloat();
        }
      }
      for (int row : rowsOf(step)) {
        int from = VECTORS.offset() + row * WIDTH;
        for (int i = from; i < from + WIDTH; i++) {
          assertThat(gradients[i]).isEqualTo(0f);
          gradients[i] += 3 * parameters[i] + random.nextFloat() - 0.5f;
        }
      }
      if (fails && step.from() % 100 == 3) {
        gradients[VECTORS.offset() + rowsOf(step)[0] * WIDTH] = Float.NaN;
      }
      return new Loss(1, 1);
    }

    /** Reads every parameter. */
    @Override
    public Validation validate(float[] parameters, Workers workers) {
      double sum = 0;
      for (float each : parameters) {
        sum += each * each;
      }
      return new Validation(sum, null);
    }
  }

  static List<Optimizer> optimizers() {
    return List.of(
        new Adam(0.01),
        new Adam(0.01, 0.5, 0.9, 1e-8), // whose moments fade within the run
        new Sgd(0.02, 0),
        new Sgd(0.02, 0.5),
        new Sgd(0.02, 0.9, true),
        new RmsProp(0.01, 0.8, 1e-8, 0),
        new RmsProp(0.01, 0.9, 1e-8, 0.5),
        new Adagrad(0.05, 1e-10));
  }

  private static Training options(Optimizer optimizer) {
    return Training.defaults()
        .withOptimizer(optimizer)
        .withSchedule(new Schedule.Cosine(0.1), 20)
        .withEpochs(3)
        .withClipping(1, 0.9)
        .withValidation(170, 0);
  }

  private static float[] trained(Learner learner, Training options, Workers workers) {
    var trainer = new Trainer(learner, options, workers, TrainingListener.NONE);
    return trainer.run().parameters();
  }

  private static int[] bits(float[] values) {
    return IntStream.range(0, values.length).map(i -> Float.floatToRawIntBits(values[i])).toArray();
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void waitingChangesNoBit(Optimizer optimizer) {
    Training options = options(optimizer);
    float[] dense = trained(new Sparse(false, true), options, Workers.single());
    float[] waiting = trained(new Sparse(true, true), options, Workers.single());
    assertThat(bits(waiting)).isEqualTo(bits(dense));
    try (var team = new Workers(2)) {
      assertThat(bits(trained(new Sparse(true, true), options, team))).isEqualTo(bits(dense));
    }
  }

  /** More steps than are kept, without a validation in between. */
  @Test
  void aRowMayMissThousandsOfSteps() {
    Training options = options(new Adam(0.01)).withEpochs(10).withValidation(10 * BATCHES, 0);
    float[] dense = trained(new Sparse(false, false), options, Workers.single());
    float[] waiting = trained(new Sparse(true, false), options, Workers.single());
    assertThat(bits(waiting)).isEqualTo(bits(dense));
  }

  private static final class Stop extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** A checkpoint holds what rows have missed, too. */
  @Test
  void aRunResumesToTheSameBits() {
    Training options = options(new Adam(0.01));
    float[] whole = trained(new Sparse(true, false), options, Workers.single());
    var interval = new Checkpoints.Interval(70, Duration.ZERO);
    TrainingListener stops =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            if (report.step() == 777) {
              throw new Stop();
            }
          }
        };
    try (var checkpoints = Checkpoints.open(folder.resolve("run"), interval, () -> 0)) {
      var keeping = new Trainer.Checkpointing(checkpoints, Map.of("seed", "1"));
      var stopped = new Trainer(new Sparse(true, false), options, Workers.single(), stops);
      assertThatThrownBy(() -> stopped.run(keeping)).isInstanceOf(Stop.class);
      var resumed =
          new Trainer(new Sparse(true, false), options, Workers.single(), TrainingListener.NONE);
      assertThat(bits(resumed.run(keeping).parameters())).isEqualTo(bits(whole));
    }
  }

  /** Without this the others would compare a run with itself. */
  @Test
  void rowsDoWait() {
    var update = new Adam(0.01).newUpdate(SIZE);
    float[] parameters = new Sparse(true, false).initialize(1);
    float[] gradients = new float[SIZE];
    var rows = new IdleRows(List.of(VECTORS), update, parameters, gradients);
    rows.begin(List.of(new Learner.UsedRows(VECTORS, new int[] {5})), Workers.single());
    int from = VECTORS.offset() + 5 * WIDTH;
    Arrays.fill(gradients, from, from + WIDTH, 1f);
    rows.apply(new Optimizer.Step(1, 0.01, 1f), Workers.single());
    float once = parameters[from];
    rows.begin(List.of(new Learner.UsedRows(VECTORS, new int[] {6})), Workers.single());
    rows.apply(new Optimizer.Step(2, 0.01, 1f), Workers.single());
    assertThat(parameters[from]).isEqualTo(once);
    rows.catchUp(Workers.single());
    assertThat(parameters[from]).isLessThan(once);
  }
}
