package dev.unroll.bench.dl4j;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import java.util.ArrayList;
import java.util.List;

/** A language model in doubles: embedding, {@link ReferenceLstm} layers, logits. */
final class ReferenceLanguageModel {

  private final Case work;
  private final int[] inputs;

  /** All parameters: embedding, of each layer Wx, Wa and b, then weights and biases of the head. */
  final List<double[]> parameters = new ArrayList<>();

  ReferenceLanguageModel(Case work, int[] inputs) {
    this.work = work;
    this.inputs = inputs;
    add(Kind.EMBEDDING, 0);
    for (int i = 0; i < work.layers(); i++) {
      add(Kind.INPUT_WEIGHT, i);
      add(Kind.RECURRENT_WEIGHT, i);
      add(Kind.BIAS, i);
    }
    add(Kind.HEAD_WEIGHT, 0);
    add(Kind.HEAD_BIAS, 0);
  }

  private void add(Kind kind, int layer) {
    parameters.add(Doubles.of(Numbers.parameters(kind, layer, work)));
  }

  /** Returns the logits of all steps, [T][B][V]. */
  double[] logits() {
    int units = work.units();
    double[] a = new double[inputs.length * units];
    for (int i = 0; i < inputs.length; i++) {
      System.arraycopy(parameters.get(0), inputs[i] * units, a, i * units, units);
    }
    for (int i = 0; i < work.layers(); i++) {
      List<double[]> layer = parameters.subList(1 + 3 * i, 4 + 3 * i);
      var lstm = new ReferenceLstm(units, layer.get(0), layer.get(1), layer.get(2));
      a = lstm.forward(a, work.batch());
    }
    return head(a);
  }

  private double[] head(double[] a) {
    int units = work.units();
    double[] weights = parameters.get(parameters.size() - 2);
    double[] biases = parameters.get(parameters.size() - 1);
    double[] logits = new double[inputs.length * biases.length];
    for (int i = 0; i < logits.length; i++) {
      int token = i % biases.length;
      int row = i / biases.length;
      logits[i] = biases[token];
      for (int j = 0; j < units; j++) {
        logits[i] += weights[token * units + j] * a[row * units + j];
      }
    }
    return logits;
  }

  /** Returns the mean loss per token, in nats. */
  double loss(int[] targets) {
    double[] logits = logits();
    int vocabulary = work.vocabulary();
    double sum = 0;
    for (int row = 0; row < targets.length; row++) {
      double total = 0;
      for (int i = 0; i < vocabulary; i++) {
        total += Math.exp(logits[row * vocabulary + i]);
      }
      sum += Math.log(total) - logits[row * vocabulary + targets[row]];
    }
    return sum / targets.length;
  }

  /** Updates all parameters by minus the gradient of the loss. */
  void update(int[] targets) {
    List<double[]> gradients = new ArrayList<>();
    for (double[] parameter : parameters) {
      gradients.add(Doubles.gradient(parameter, () -> loss(targets)));
    }
    for (int i = 0; i < gradients.size(); i++) {
      for (int j = 0; j < gradients.get(i).length; j++) {
        parameters.get(i)[j] -= gradients.get(i)[j];
      }
    }
  }
}
