package dev.unroll.interop.export;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.batch.SignalBatch;
import dev.unroll.batch.SourceReader;
import dev.unroll.batch.Standardization;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.kernel.Softmax;
import dev.unroll.layer.Steps;
import dev.unroll.result.Model;
import dev.unroll.stack.SignalNetwork;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** What recognizers and regressors answer to random tokens or numbers. */
final class SignalSample {

  private final SourceReader source;
  private final Ragged shape;
  private final Matrix outputs;
  private final Map<String, Tensor> inputs = new HashMap<>();

  SignalSample(Model model, SourceReader source, SignalNetwork network, boolean streaming) {
    this.source = source;
    shape = Ragged.of(streaming);
    var weights = network.pack(model.parameters(), model.precision(), Workers.single());
    var space = network.newBuffers(false);
    outputs = network.outputs(weights, batch(), space, Workers.single());
  }

  private SignalBatch batch() {
    var random = new SplittableRandom(3);
    Steps steps = shape.steps();
    if (source.tokens() != null) {
      int[] tokens = random.ints(steps.rows(), 0, source.vocabulary()).toArray();
      inputs.put("tokens", shape.tokens(tokens));
      return new SignalBatch(steps, tokens, new float[0]);
    }
    int columns = source.inputs();
    Standardization scaling = source.scaling();
    double[] values = new double[steps.rows() * columns];
    Arrays.setAll(values, i -> scaling.restored(3 * random.nextDouble() - 1.5, i % columns));
    double[] padded = shape.numbers(values, columns, 0);
    inputs.put("values", Tensor.of(padded, steps.batch(), steps.length(), columns));
    return new SignalBatch(steps, new int[0], scaling.standardized(values));
  }

  /** Returns the sample of a recognizer. */
  Exported.Sample recognized(int labels) {
    float[] rows = outputs.copyOfElements();
    for (int row = 0; row < shape.steps().rows(); row++) {
      double whole = Softmax.logSumExp(rows, row * labels, labels);
      for (int label = 0; label < labels; label++) {
        rows[row * labels + label] -= (float) whole;
      }
    }
    return shape.sample(inputs, Map.of("log_probabilities", shape.rows(rows, labels)), Map.of());
  }

  /** Returns the sample of a regressor. */
  Exported.Sample regressed(Standardization scaling) {
    float[] rows = outputs.copyOfElements();
    double[] values = new double[rows.length];
    Arrays.setAll(values, i -> scaling.restored(rows[i], 0));
    return shape.sample(inputs, Map.of("value", Tensor.of(values, values.length)), Map.of());
  }
}
