package dev.unroll.interop.export;

import java.util.List;

/** Writes what networks read at each step: vectors of tokens, and numbers as they are scaled. */
final class InputWriter {

  private InputWriter() {}

  /**
   * Looks up vectors.
   *
   * @param name the parameter, [vocabulary][width]
   * @param ids of any shape
   * @param blanks whether ids below 0 occur, whose vectors are zeros
   * @return the shape of the ids and a last axis of the width
   */
  static String embed(
      GraphWriter g, Parameters parameters, String name, String ids, int axes, boolean blanks) {
    g.part(name);
    String table = parameters.matrix(g, name);
    if (!blanks) {
      return g.gather(table, ids, 0);
    }
    String none = g.op("Less", ids, g.integer(0));
    String vectors = g.gather(table, g.choose(none, g.integer(0), ids), 0);
    return g.choose(g.unsqueeze(none, axes), g.number(Type.FLOAT, 0), vectors);
  }

  /**
   * Standardizes numbers as our models do: (number - mean) / deviation in doubles, of numbers that
   * were rounded to floats unless floats lie too far apart for a column.
   *
   * @param x [batch][steps][columns], doubles
   * @return floats
   */
  static String standardize(GraphWriter g, String x, List<Double> means, List<Double> deviations) {
    g.part("scaling");
    String rounded = g.cast(x, Type.FLOAT);
    String ulps = g.multiply(g.number(Type.FLOAT, 4096), ulp(g, g.op("Abs", rounded)));
    String coarse = g.op("Less", row(g, deviations), g.cast(ulps, Type.DOUBLE));
    String read = g.choose(coarse, x, g.cast(rounded, Type.DOUBLE));
    return g.cast(g.divide(g.subtract(read, row(g, means)), row(g, deviations)), Type.FLOAT);
  }

  /** Writes a number for each column as a constant of doubles. */
  static String row(GraphWriter g, List<Double> numbers) {
    double[] values = numbers.stream().mapToDouble(Double::doubleValue).toArray();
    return g.numbers(Type.DOUBLE, values, values.length);
  }

  /**
   * Returns the distance between a positive float and the next, exactly (Rump, Ogita and Oishi
   * 2008, algorithm 3.5): the leading bit of x is {@code |q - (1 - 2⁻²⁴) q|} of {@code q = (2²³ +
   * 1) x}, rounded.
   */
  static String ulp(GraphWriter g, String x) {
    String q = g.multiply(g.number(Type.FLOAT, (1 << 23) + 1), x);
    String most = g.multiply(g.number(Type.FLOAT, 1 - 0x1p-24), q);
    String lead = g.op("Abs", g.subtract(q, most));
    return g.multiply(g.number(Type.FLOAT, 0x1p-23), lead);
  }
}
