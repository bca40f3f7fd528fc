package dev.unroll.bench.contender;

import java.util.Locale;

/**
 * A case to measure. The inputs are as wide as the layers.
 *
 * @param work what is timed
 * @param cell cell of all layers
 * @param layers number of layers
 * @param steps T, steps of each sequence; 1 where streaming
 * @param batch B, sequences per batch
 * @param units H, units of each layer
 * @param vocabulary number of tokens of a language model; 0 for bare layers
 */
public record Case(
    Work work, Cell cell, int layers, int steps, int batch, int units, int vocabulary)
    implements Workload {

  /** The request, before the case as one line. */
  static final String REQUEST = "prepare";

  /** Reads what {@link #toLine} wrote. */
  public static Case parse(String line) {
    String[] part = line.trim().split(" ", -1);
    return new Case(
        Work.valueOf(part[0]),
        Cell.valueOf(part[1]),
        Integer.parseInt(part[2]),
        Integer.parseInt(part[3]),
        Integer.parseInt(part[4]),
        Integer.parseInt(part[5]),
        Integer.parseInt(part[6]));
  }

  /** Returns the case as one line, for {@link #parse}. */
  public String toLine() {
    return "%s %s %d %d %d %d %d".formatted(work, cell, layers, steps, batch, units, vocabulary);
  }

  @Override
  public String request() {
    return REQUEST + " " + toLine();
  }

  @Override
  public String kind() {
    return cell.name();
  }

  /** Returns the case in words, such as {@code LSTM T 50, B 50, H 128}. */
  @Override
  public String title() {
    String size = layers == 1 ? "H " + units : "H %d×%d".formatted(layers, units);
    String shape = work == Work.STREAM ? "" : "T %d, B %d, ".formatted(steps, batch);
    String tokens = vocabulary == 0 ? "" : ", V " + vocabulary;
    return cell.name().toUpperCase(Locale.ROOT) + " " + shape + size + tokens;
  }

  /**
   * Returns the floating-point operations of the matrix products of one run; training counts the
   * forward product and two of the same size in the backward pass.
   */
  @Override
  public double operations() {
    double layer = 2.0 * cell.gates() * units * (2.0 * units);
    double row = layers * layer + 2.0 * vocabulary * units;
    return (work == Work.TRAIN ? 3 : 1) * row * steps * batch;
  }

  /** Returns the number of tokens or steps that one run handles. */
  public long tokens() {
    return (long) steps * batch;
  }
}
