package dev.unroll.interop.torch;

import dev.unroll.interop.tensor.Tensor;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** The files that {@code torch_golden.py} has written. */
public final class Golden {

  private Golden() {}

  /** The path of a file. */
  public static Path path(String name) {
    try {
      return Path.of(Objects.requireNonNull(Golden.class.getResource(name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A tensor of inputs or outputs. */
  public static Tensor tensor(String file, String name) {
    return Objects.requireNonNull(StateDict.read(path(file)).tensors().get(name), name);
  }

  /** Steps [B][T][n] of a padded tensor, without the padding. */
  public static double[][][] sequences(Tensor padded, Tensor lengths) {
    double[] values = padded.doubles();
    int steps = padded.shape().axis(1);
    int width = padded.shape().axis(2);
    var sequences = new double[padded.shape().axis(0)][][];
    for (int s = 0; s < sequences.length; s++) {
      sequences[s] = new double[(int) lengths.longs()[s]][width];
      for (int t = 0; t < sequences[s].length; t++) {
        System.arraycopy(values, (s * steps + t) * width, sequences[s][t], 0, width);
      }
    }
    return sequences;
  }
}
