package dev.unroll.cell;

/**
 * Parameters of a cell beyond weights and bias: some vectors of one value for each unit.
 *
 * @param name the end of the tensor's name in a model file, such as {@code peephole.weight}
 * @param rows number of vectors
 * @param first the values they start from
 * @param rounding whether they are rounded with the weight matrices
 */
public record Own(String name, int rows, First first, Rounding rounding) {

  /** Whether parameters are rounded when a model's weights are. */
  public enum Rounding {
    /** They keep single precision: a few in a thousand of all parameters. */
    NEVER,
    /** Row by row, as weight matrices are. */
    WITH_WEIGHTS
  }

  /** First values, uniform in [least, most]. */
  public record First(double least, double most) {

    /** All zeros. */
    public static final First ZERO = new First(0, 0);

    /** Uniform in [least, most]. */
    public static First uniform(double least, double most) {
      return new First(least, most);
    }
  }

  /** One vector. */
  public static Own vector(String name, First first, Rounding rounding) {
    return new Own(name, 1, first, rounding);
  }
}
