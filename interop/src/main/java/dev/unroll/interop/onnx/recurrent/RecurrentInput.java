package dev.unroll.interop.onnx.recurrent;

import dev.unroll.interop.tensor.MemoryLimit;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a recurrent node reads in a run, besides its parameters: checked, and found by step,
 * sequence and direction whatever the layout is.
 *
 * @param x [steps][batch][inputs], or [batch][steps][inputs]
 * @param steps the number of steps of the longest sequence
 * @param batch the number of sequences
 * @param lengths the number of steps of each sequence
 * @param h the states before the first step, or null for zeros
 * @param c the memory cells before the first step, or null for zeros
 */
record RecurrentInput(
    RecurrentSizes sizes,
    Tensor x,
    int steps,
    int batch,
    int[] lengths,
    @Nullable Tensor h,
    @Nullable Tensor c) {

  /** More than any heap has. */
  private static final double MOST_BYTES = 1e18;

  /**
   * Checks the inputs of a run.
   *
   * @param inputs all inputs of the node, of which parameters are not looked at
   * @throws IllegalArgumentException if one has another shape or another type, or a length is not
   *     one
   */
  static RecurrentInput of(RecurrentSizes sizes, List<@Nullable Tensor> inputs) {
    boolean batchFirst = sizes.form().batchFirst();
    String meaning = batchFirst ? "batch×steps×inputs" : "steps×batch×inputs";
    Tensor x = Shapes.present("X", Shapes.at(inputs, 0));
    Shapes.checkRank("X", x, 3, meaning);
    int steps = x.shape().axis(batchFirst ? 1 : 0);
    int batch = x.shape().axis(batchFirst ? 0 : 1);
    Shapes.check(
        "X", x, meaning, batchFirst ? batch : steps, batchFirst ? steps : batch, sizes.inputs());
    Shapes.checkType("X", x, sizes.type());
    takeMemory(sizes, steps, batch);
    int[] lengths = lengths(Shapes.at(inputs, 4), steps, batch);
    Tensor h = state("initial_h", Shapes.at(inputs, 5), sizes, batch);
    Tensor c =
        sizes.form().kind() == RecurrentKind.LSTM
            ? state("initial_c", Shapes.at(inputs, 6), sizes, batch)
            : null;
    return new RecurrentInput(sizes, x, steps, batch, lengths, h, c);
  }

  /** Few inputs may ask for many outputs, and none at all for many sequences. */
  private static void takeMemory(RecurrentSizes sizes, int steps, int batch) {
    long states = (long) sizes.form().directions() * batch * sizes.hidden();
    double bytes = 16.0 * states * (steps + 1.0) + 32.0 * steps * batch + 4.0 * batch;
    MemoryLimit.ofHeap().take("what it computes", (long) Math.min(bytes, MOST_BYTES));
  }

  private static int[] lengths(@Nullable Tensor tensor, int steps, int batch) {
    var lengths = new int[batch];
    Arrays.fill(lengths, steps);
    if (tensor == null) {
      return lengths;
    }
    Shapes.check("sequence_lens", tensor, "batch", batch);
    if (!tensor.type().isInteger()) {
      throw new IllegalArgumentException(
          "sequence_lens is of " + tensor.type().label() + ", must be of int32");
    }
    long[] given = tensor.longs();
    for (int row = 0; row < batch; row++) {
      if (given[row] < 0 || given[row] > steps) {
        throw new IllegalArgumentException(
            "sequence_lens has " + given[row] + ", must be 0 … " + steps);
      }
      lengths[row] = (int) given[row];
    }
    return lengths;
  }

  private static @Nullable Tensor state(
      String name, @Nullable Tensor state, RecurrentSizes sizes, int batch) {
    if (state == null) {
      return null;
    }
    int ways = sizes.form().directions();
    int hidden = sizes.hidden();
    if (sizes.form().batchFirst()) {
      Shapes.check(name, state, "batch×directions×hidden", batch, ways, hidden);
    } else {
      Shapes.check(name, state, "directions×batch×hidden", ways, batch, hidden);
    }
    Shapes.checkType(name, state, sizes.type());
    return state;
  }

  /** Where the inputs of a step of a sequence begin in x. */
  int xAt(int step, int row) {
    int index = sizes.form().batchFirst() ? row * steps + step : step * batch + row;
    return index * sizes.inputs();
  }

  /** Where the output of a step of a sequence begins in Y. */
  int yAt(int step, int way, int row) {
    int ways = sizes.form().directions();
    int index =
        sizes.form().batchFirst()
            ? (row * steps + step) * ways + way
            : (step * ways + way) * batch + row;
    return index * sizes.hidden();
  }

  /** Where the state of a sequence begins in initial states and last states. */
  int stateAt(int way, int row) {
    int ways = sizes.form().directions();
    int index = sizes.form().batchFirst() ? row * ways + way : way * batch + row;
    return index * sizes.hidden();
  }

  /**
   * The shape of Y.
   *
   * @throws IllegalArgumentException if it has too many elements
   */
  Shape yShape() {
    int ways = sizes.form().directions();
    int hidden = sizes.hidden();
    return sizes.form().batchFirst()
        ? Shape.of(batch, steps, ways, hidden)
        : Shape.of(steps, ways, batch, hidden);
  }

  /** The shape of Y_h and Y_c. */
  Shape stateShape() {
    int ways = sizes.form().directions();
    int hidden = sizes.hidden();
    return sizes.form().batchFirst()
        ? Shape.of(batch, ways, hidden)
        : Shape.of(ways, batch, hidden);
  }
}
