package dev.unroll.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.AttentionKind;
import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Layout;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Attention against its definition in double precision, with gradients of its own that agree with
 * central differences.
 */
class AttentionTest {

  private static final int WIDTH = 4;
  private static final int MEMORY = 3;
  private static final int[] SOURCE_LENGTHS = {3, 1, 5, 0};
  private static final int[] LENGTHS = {2, 4, 1, 3};

  private static float[] numbers(int count, long seed) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 6);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (0.7 * random.gaussian(i));
    }
    return values;
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }

  /** Parameters in the engine's order: Wk, Wo, then Wq, b and v where it is additive. */
  private record Reference(
      boolean additive, Steps source, Steps steps, double[] p, double[] h, double[] q) {

    private static final int OUTPUT = WIDTH * MEMORY;
    private static final int QUERY = OUTPUT + WIDTH * (MEMORY + WIDTH);
    private static final int BIAS = QUERY + WIDTH * WIDTH;
    private static final int VECTOR = BIAS + WIDTH;

    /** What the way forward computed for one row. */
    private record Row(double[] shares, double[][] hidden, double[] context, double[] o) {}

    private double[] keyOf(int sourceRow) {
      double[] key = new double[WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        key[i] = additive ? p[BIAS + i] : 0;
        for (int j = 0; j < MEMORY; j++) {
          key[i] += p[i * MEMORY + j] * h[sourceRow * MEMORY + j];
        }
      }
      return key;
    }

    Row row(int row) {
      int sequence = steps.sequence(row);
      int length = source.length(sequence);
      double[] shares = new double[length];
      double[][] hidden = new double[length][WIDTH];
      double sum = 0;
      for (int s = 0; s < length; s++) {
        double[] key = keyOf(source.row(s, sequence));
        double score = 0;
        for (int i = 0; i < WIDTH; i++) {
          if (additive) {
            double z = key[i];
            for (int j = 0; j < WIDTH; j++) {
              z += p[QUERY + i * WIDTH + j] * q[row * WIDTH + j];
            }
            hidden[s][i] = Math.tanh(z);
            score += p[VECTOR + i] * hidden[s][i];
          } else {
            score += key[i] * q[row * WIDTH + i];
          }
        }
        shares[s] = Math.exp(score);
        sum += shares[s];
      }
      double[] context = new double[MEMORY];
      for (int s = 0; s < length; s++) {
        shares[s] /= sum;
        for (int j = 0; j < MEMORY; j++) {
          context[j] += shares[s] * h[source.row(s, sequence) * MEMORY + j];
        }
      }
      double[] o = new double[WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        double z = 0;
        for (int j = 0; j < MEMORY + WIDTH; j++) {
          double x = j < MEMORY ? context[j] : q[row * WIDTH + j - MEMORY];
          z += p[OUTPUT + i * (MEMORY + WIDTH) + j] * x;
        }
        o[i] = Math.tanh(z);
      }
      return new Row(shares, hidden, context, o);
    }

    double loss(double[] v) {
      double loss = 0;
      for (int row = 0; row < steps.rows(); row++) {
        double[] o = row(row).o;
        for (int i = 0; i < WIDTH; i++) {
          loss += v[row * WIDTH + i] * o[i];
        }
      }
      return loss;
    }

    /** Gradients of parameters, of h and of q. */
    double[][] gradients(double[] v) {
      double[] dp = new double[p.length];
      double[] dh = new double[h.length];
      double[] dq = new double[q.length];
      for (int row = 0; row < steps.rows(); row++) {
        Row own = row(row);
        double[] dContext = new double[MEMORY];
        for (int i = 0; i < WIDTH; i++) {
          double dz = v[row * WIDTH + i] * (1 - own.o[i] * own.o[i]);
          for (int j = 0; j < MEMORY + WIDTH; j++) {
            double x = j < MEMORY ? own.context[j] : q[row * WIDTH + j - MEMORY];
            double weight = p[OUTPUT + i * (MEMORY + WIDTH) + j];
            dp[OUTPUT + i * (MEMORY + WIDTH) + j] += dz * x;
            if (j < MEMORY) {
              dContext[j] += dz * weight;
            } else {
              dq[row * WIDTH + j - MEMORY] += dz * weight;
            }
          }
        }
        scoresBack(row, own, dContext, dp, dh, dq);
      }
      return new double[][] {dp, dh, dq};
    }

    private void scoresBack(
        int row, Row own, double[] dContext, double[] dp, double[] dh, double[] dq) {
      int sequence = steps.sequence(row);
      double[] dShares = new double[own.shares.length];
      double mean = 0;
      for (int s = 0; s < dShares.length; s++) {
        for (int j = 0; j < MEMORY; j++) {
          int at = source.row(s, sequence) * MEMORY + j;
          dShares[s] += dContext[j] * h[at];
          dh[at] += own.shares[s] * dContext[j];
        }
        mean += own.shares[s] * dShares[s];
      }
      for (int s = 0; s < dShares.length; s++) {
        double de = own.shares[s] * (dShares[s] - mean);
        int sourceRow = source.row(s, sequence);
        double[] key = keyOf(sourceRow);
        for (int i = 0; i < WIDTH; i++) {
          double dKey;
          if (additive) {
            double u = own.hidden[s][i];
            dKey = de * p[VECTOR + i] * (1 - u * u);
            dp[VECTOR + i] += de * u;
            dp[BIAS + i] += dKey;
            for (int j = 0; j < WIDTH; j++) {
              dp[QUERY + i * WIDTH + j] += dKey * q[row * WIDTH + j];
              dq[row * WIDTH + j] += dKey * p[QUERY + i * WIDTH + j];
            }
          } else {
            dKey = de * q[row * WIDTH + i];
            dq[row * WIDTH + i] += de * key[i];
          }
          for (int j = 0; j < MEMORY; j++) {
            dp[i * MEMORY + j] += dKey * h[sourceRow * MEMORY + j];
            dh[sourceRow * MEMORY + j] += dKey * p[i * MEMORY + j];
          }
        }
      }
    }
  }

  private static Reference reference(AttentionKind kind, long seed) {
    var layout = new Layout();
    var unused = new Attention(kind, WIDTH, MEMORY, "", layout);
    assertThat(unused).isNotNull();
    Steps source = Steps.of(SOURCE_LENGTHS);
    Steps steps = Steps.of(LENGTHS);
    return new Reference(
        kind == AttentionKind.ADDITIVE,
        source,
        steps,
        widen(numbers(layout.size(), seed)),
        widen(numbers(source.rows() * MEMORY, seed + 1)),
        widen(numbers(steps.rows() * WIDTH, seed + 2)));
  }

  @Property(tries = 40)
  void theReferencesGradientsAreDifferencesOfItsLoss(
      @ForAll AttentionKind kind, @ForAll long seed) {
    Reference reference = reference(kind, seed);
    double[] v = widen(numbers(reference.q.length, seed + 3));
    double[][] gradients = reference.gradients(v);
    double[][] values = {reference.p, reference.h, reference.q};
    for (int part = 0; part < 3; part++) {
      for (int i = 0; i < values[part].length; i++) {
        double kept = values[part][i];
        values[part][i] = kept + 1e-5;
        double above = reference.loss(v);
        values[part][i] = kept - 1e-5;
        double below = reference.loss(v);
        values[part][i] = kept;
        double expected = (above - below) / 2e-5;
        assertThat(gradients[part][i])
            .isCloseTo(expected, within(1e-7 * Math.max(1, Math.abs(expected))));
      }
    }
  }

  @Property(tries = 80)
  void theEngineAgreesWithTheReference(
      @ForAll AttentionKind kind,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 3) int threads) {
    var layout = new Layout();
    var attention = new Attention(kind, WIDTH, MEMORY, "", layout);
    Reference reference = reference(kind, seed);
    Steps source = reference.source;
    Steps steps = reference.steps;
    float[] parameters = numbers(layout.size(), seed);
    float[] h = numbers(source.rows() * MEMORY, seed + 1);
    float[] q = numbers(steps.rows() * WIDTH, seed + 2);
    float[] v = numbers(q.length, seed + 3);
    float[] dh = new float[h.length];
    float[] dq = new float[q.length];
    float[] gradients = new float[layout.size()];
    Matrix queries = Matrix.of(q, steps.rows(), WIDTH);
    try (var workers = new Workers(threads)) {
      var weights = new Attention.Weights(Precision.FLOAT32);
      attention.packForward(parameters, weights, workers);
      attention.packBackward(parameters, weights, workers);
      var memory = new Attention.Memory();
      attention.attendTo(weights, source, Matrix.of(h, source.rows(), MEMORY), memory, workers);
      var tape = new Attention.Tape();
      attention.begin(steps, new int[] {0, 1, 2, 3}, memory, tape);
      for (int t = 0; t < steps.length(); t++) {
        int from = steps.row(t, 0);
        attention.forward(weights, memory, queries, tape, from, steps.row(t, steps.batch()));
      }
      for (int row = 0; row < steps.rows(); row++) {
        var expected = reference.row(row);
        for (int i = 0; i < WIDTH; i++) {
          double o = attention.outputs(tape).data()[row * WIDTH + i];
          assertThat(o).isCloseTo(expected.o[i], within(2e-6));
        }
        for (int s = 0; s < expected.shares.length; s++) {
          assertThat((double) tape.share(row, s)).isCloseTo(expected.shares[s], within(2e-6));
        }
      }
      attention.beginBackward(memory, tape);
      Matrix dOutputs = Matrix.of(v, steps.rows(), WIDTH);
      Matrix dQueries = Matrix.of(dq, steps.rows(), WIDTH);
      for (int t = steps.length() - 1; t >= 0; t--) {
        int from = steps.row(t, 0);
        int to = steps.row(t, steps.batch());
        attention.backward(weights, memory, tape, dOutputs, dQueries, from, to);
      }
      Matrix dRows = Matrix.of(dh, source.rows(), MEMORY);
      attention.endBackward(weights, memory, tape, dRows, gradients, workers);
    }
    double[][] expected = reference.gradients(widen(v));
    float[][] found = {gradients, dh, dq};
    for (int part = 0; part < 3; part++) {
      for (int i = 0; i < found[part].length; i++) {
        double allowed = 2e-5 * Math.max(1, Math.abs(expected[part][i]));
        assertThat((double) found[part][i])
            .as("part %d, %d", part, i)
            .isCloseTo(expected[part][i], within(allowed));
      }
    }
  }
}
