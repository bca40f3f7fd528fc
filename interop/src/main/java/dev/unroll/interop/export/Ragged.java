package dev.unroll.interop.export;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.layer.Steps;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Sample sequences, padded as graphs read them. Those of a stream are long enough for the pieces in
 * which they come.
 *
 * @param steps their lengths
 * @param streaming whether they come in pieces
 */
record Ragged(Steps steps, boolean streaming) {

  private static final int FIRST_PIECE = 2;

  static Ragged of(boolean streaming) {
    return new Ragged(streaming ? Steps.of(3, 5, 4) : Steps.of(3, 5, 1), streaming);
  }

  static float[] numbers(SplittableRandom random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (2 * random.nextDouble() - 1);
    }
    return numbers;
  }

  /** Returns a token for each row as [batch][time], padded by 0. */
  Tensor tokens(int[] ofRows) {
    return tokens(ofRows, 0);
  }

  Tensor tokens(int[] ofRows, int padding) {
    long[] all = new long[steps.batch() * steps.length()];
    Arrays.fill(all, padding);
    for (int s = 0; s < steps.batch(); s++) {
      for (int t = 0; t < steps.length(s); t++) {
        all[s * steps.length() + t] = ofRows[steps.row(t, s)];
      }
    }
    return Tensor.of(all, steps.batch(), steps.length());
  }

  /** Returns numbers of each row as [batch][time][width], padded by NaN. */
  Tensor rows(float[] ofRows, int width) {
    double[] numbers = new double[steps.rows() * width];
    Arrays.setAll(numbers, i -> ofRows[i]);
    return Tensor.of(numbers(numbers, width, Double.NaN), steps.batch(), steps.length(), width);
  }

  /** Returns numbers of each row as [batch][time][width]. */
  double[] numbers(double[] ofRows, int width, double padding) {
    double[] all = new double[steps.batch() * steps.length() * width];
    Arrays.fill(all, padding);
    for (int s = 0; s < steps.batch(); s++) {
      for (int t = 0; t < steps.length(s); t++) {
        int target = (s * steps.length() + t) * width;
        System.arraycopy(ofRows, steps.row(t, s) * width, all, target, width);
      }
    }
    return all;
  }

  /**
   * Returns the sample: one call, or one for each piece of a stream.
   *
   * @param inputs the inputs of each step, [batch][time] and further axes
   * @param expected what comes out of each step; or, [batch] and further axes, of all
   * @param fixed the inputs of each sequence
   */
  Exported.Sample sample(
      Map<String, Tensor> inputs, Map<String, Tensor> expected, Map<String, Tensor> fixed) {
    if (!streaming) {
      var all = new HashMap<>(inputs);
      all.putAll(fixed);
      all.put("lengths", lengths(0, steps.length()));
      return new Exported.Sample(List.of(new Exported.Call(0, all, expected)));
    }
    var calls = new ArrayList<Exported.Call>();
    for (int[] piece : new int[][] {{0, FIRST_PIECE}, {FIRST_PIECE, steps.length()}}) {
      var own = new HashMap<String, Tensor>(fixed);
      inputs.forEach((name, tensor) -> own.put(name, piece(tensor, piece[0], piece[1])));
      own.put("lengths", lengths(piece[0], piece[1]));
      own.put("begins", flags(piece[0] == 0)); // also tells how many states there are
      var wanted = new HashMap<String, Tensor>();
      boolean last = piece[1] == steps.length();
      expected.forEach(
          (name, tensor) -> {
            if (tensor.shape().rank() > 1 && tensor.shape().axis(1) == steps.length()) {
              wanted.put(name, piece(tensor, piece[0], piece[1]));
            } else if (last) {
              wanted.put(name, tensor);
            }
          });
      calls.add(new Exported.Call(0, own, wanted));
    }
    return new Exported.Sample(calls);
  }

  private Tensor flags(boolean value) {
    boolean[] flags = new boolean[steps.batch()];
    Arrays.fill(flags, value);
    return Tensor.adopt(ElementType.BOOL, Shape.of(flags.length), flags);
  }

  private Tensor lengths(int from, int to) {
    long[] lengths = new long[steps.batch()];
    Arrays.setAll(lengths, s -> Math.clamp(steps.length(s) - from, 0, to - from));
    return Tensor.of(lengths, lengths.length);
  }

  /** Returns the steps from {@code from} up to {@code to}. */
  private Tensor piece(Tensor tensor, int from, int to) {
    int[] axes = tensor.shape().axes().stream().mapToInt(Integer::intValue).toArray();
    int width = tensor.size() / (axes[0] * axes[1]);
    int[] shape = axes.clone();
    shape[1] = to - from;
    int count = (to - from) * width;
    Object all = tensor.elements();
    Object own = Array.newInstance(all.getClass().componentType(), axes[0] * count);
    for (int s = 0; s < axes[0]; s++) {
      System.arraycopy(all, (s * axes[1] + from) * width, own, s * count, count);
    }
    return Tensor.adopt(tensor.type(), Shape.of(shape), own);
  }
}
