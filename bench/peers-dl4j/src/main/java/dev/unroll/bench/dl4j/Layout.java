package dev.unroll.bench.dl4j;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Converts the contenders' arrays to Deeplearning4j's layout and back.
 *
 * <p>Its sequences have the shape [B][H][T]. In Fortran order, as here, the values of a step are
 * contiguous, which is the layout that its LSTM uses for its own arrays: no step is copied. It
 * holds the gates c, f, o, u, which it calls "input", "forget", "output" and "input modulation",
 * next to one another in the columns of a weight.
 */
final class Layout {

  /** For each gate of Deeplearning4j, its index in u, f, c, o. */
  private static final int[] GATES = {2, 1, 3, 0};

  private Layout() {}

  /** Returns [T][B][H] as [B][H][T]. */
  static INDArray sequences(float[] values, int steps, int batch) {
    int units = values.length / (steps * batch);
    return Nd4j.createFromArray(values).reshape(steps, batch, units).permute(1, 2, 0).dup('f');
  }

  /** Returns [B][H][T] as [T][B][H]. */
  static float[] values(INDArray sequences) {
    return flat(sequences.permute(2, 0, 1));
  }

  /** Returns tokens to read, [B][T], and to predict, [B][1][T]: class indices. */
  static DataSet tokens(Case work) {
    return new DataSet(
        tokens(Kind.INPUT_TOKEN, work).reshape(work.batch(), work.steps()),
        tokens(Kind.TARGET_TOKEN, work).dup('f'));
  }

  private static INDArray tokens(Kind kind, Case work) {
    int[] tokens = Numbers.tokens(kind, work.steps() * work.batch(), work.vocabulary());
    return Nd4j.createFromArray(tokens)
        .reshape(work.steps(), work.batch(), 1)
        .permute(1, 2, 0)
        .dup('c');
  }

  /** Returns a matrix [rows][columns] as its transpose. */
  static INDArray transposed(float[] values, int rows) {
    return Nd4j.createFromArray(values).reshape(rows, values.length / rows).transpose();
  }

  /** Returns weights [4·H][inputs], or biases [4·H], as [inputs][4·H], the gates in their order. */
  static INDArray gates(float[] values, int units) {
    float[] ordered = new float[values.length];
    int gate = values.length / GATES.length;
    for (int i = 0; i < GATES.length; i++) {
      System.arraycopy(values, GATES[i] * gate, ordered, i * gate, gate);
    }
    return transposed(ordered, GATES.length * units);
  }

  /** Returns the values of an array; the last index varies fastest. */
  static float[] flat(INDArray array) {
    return array.dup('c').reshape(array.length()).toFloatVector();
  }
}
