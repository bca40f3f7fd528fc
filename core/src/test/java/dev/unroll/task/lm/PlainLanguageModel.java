package dev.unroll.task.lm;

import dev.unroll.batch.Batch;
import dev.unroll.layer.Embedding;
import dev.unroll.model.DynamicModel;

/**
 * A language model of one LSTM layer in double precision that goes on learning (dynamic evaluation,
 * Krause et al. 2018), written from the papers' equations; gradients are central differences of its
 * loss.
 */
public final class PlainLanguageModel {

  private static final double STEP = 1e-5;

  public final double[] parameters;
  private final double[] trained;
  private final int units;
  private final int vocabulary;
  private final int embedding;
  private final int input;
  private final int recurrent;
  private final int bias;
  private final int head;
  private final int headBias;

  /** Takes the parameters of a network with one LSTM layer, as wide as its embedding. */
  public PlainLanguageModel(LanguageNetwork network, float[] values) {
    parameters = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      parameters[i] = values[i];
    }
    trained = parameters.clone();
    units = network.outputs();
    vocabulary = network.vocabulary();
    embedding = offset(network, "embedding.weight");
    input = offset(network, "layers.0.input.weight");
    recurrent = offset(network, "layers.0.recurrent.weight");
    bias = offset(network, "layers.0.bias");
    head = offset(network, "head.weight");
    headBias = offset(network, "head.bias");
  }

  private static int offset(LanguageNetwork network, String name) {
    return network.slices().stream()
        .filter(slice -> slice.name().equals(name))
        .findFirst()
        .orElseThrow()
        .offset();
  }

  /** a and c of one sequence. */
  public record State(double[] a, double[] c) {}

  public State start() {
    return new State(new double[units], new double[units]);
  }

  private double product(int weight, int row, double[] x) {
    double sum = 0;
    for (int k = 0; k < units; k++) {
      sum += parameters[weight + row * units + k] * x[k];
    }
    return sum;
  }

  /** Gates lie in the order u, f, c, o. */
  private State step(State before, int token) {
    double[] x = new double[units];
    for (int k = 0; k < units && token != Embedding.START; k++) {
      x[k] = parameters[embedding + token * units + k];
    }
    double[] a = new double[units];
    double[] c = new double[units];
    for (int j = 0; j < units; j++) {
      double[] z = new double[4];
      for (int gate = 0; gate < 4; gate++) {
        int row = gate * units + j;
        z[gate] =
            product(input, row, x) + product(recurrent, row, before.a) + parameters[bias + row];
      }
      c[j] = sigmoid(z[1]) * before.c[j] + sigmoid(z[0]) * Math.tanh(z[2]);
      a[j] = sigmoid(z[3]) * Math.tanh(c[j]);
    }
    return new State(a, c);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private double logProbability(double[] a, int target) {
    double sum = 0;
    double wanted = 0;
    for (int v = 0; v < vocabulary; v++) {
      double logit = product(head, v, a) + parameters[headBias + v];
      sum += Math.exp(logit);
      wanted = v == target ? logit : wanted;
    }
    return wanted - Math.log(sum);
  }

  /** Writes the log-probability of each row of a batch, and returns the states behind it. */
  public State[] read(Batch batch, State[] starts, double[] logs) {
    State[] ends = starts.clone();
    for (int s = 0; s < ends.length; s++) {
      for (int t = 0; t < batch.steps().length(s); t++) {
        int row = batch.steps().row(t, s);
        ends[s] = step(ends[s], batch.inputs()[row]);
        logs[row] = logProbability(ends[s].a, batch.targets()[row]);
      }
    }
    return ends;
  }

  /** Returns the gradient of the mean loss of a batch. */
  public double[] gradient(Batch batch, State[] starts) {
    double[] gradient = new double[parameters.length];
    for (int i = 0; i < gradient.length; i++) {
      double kept = parameters[i];
      parameters[i] = kept + STEP;
      double above = loss(batch, starts);
      parameters[i] = kept - STEP;
      gradient[i] = (above - loss(batch, starts)) / (2 * STEP);
      parameters[i] = kept;
    }
    return gradient;
  }

  private double loss(Batch batch, State[] starts) {
    double[] logs = new double[batch.steps().rows()];
    read(batch, starts, logs);
    double sum = 0;
    for (double log : logs) {
      sum -= log / logs.length;
    }
    return sum;
  }

  /** θ ← θ - rate·g / (RMS + ε) + min(1, decay·RMS / mean(RMS))·(θ₀ - θ), at plain steps 1 each. */
  public void update(double[] g, double[] rms, DynamicModel.Options options) {
    double mean = 0;
    for (double each : rms) {
      mean += each / rms.length;
    }
    boolean plain = rms.length == 0;
    for (int i = 0; i < parameters.length; i++) {
      double pull = plain ? options.decay() : Math.min(1, options.decay() * rms[i] / mean);
      double change = plain ? g[i] : g[i] / (rms[i] + 0.001);
      double back = pull * (trained[i] - parameters[i]);
      parameters[i] += back - options.rate() * change;
    }
  }
}
