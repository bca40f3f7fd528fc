package dev.unroll.layer;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The shape of a time-major batch of sequences of unequal lengths. Only steps that exist have a
 * row: row numbers run over step 0 of every sequence, then step 1 of those that continue, and so
 * forth, in ascending order of the sequence within a step. There is no padding, no mask and no
 * sorting; a batch of equal lengths is the plain [T][B] layout, row = t·B + b.
 *
 * <pre>{@code
 * lengths 2, 1, 3:   t=0: rows 0 1 2   t=1: rows 3 (sequence 0), 4 (sequence 2)   t=2: row 5
 * }</pre>
 */
public final class Steps {

  private final int[] lengths;
  private final int length;

  /** Row of the first sequence ≥ s that has a step t, at [t·(batch + 1) + s]. */
  private final int[] firstRow;

  private final int[] sequence;
  private final int[] before;
  private final TapeRows.Places places;

  private Steps(int[] lengths) {
    this.lengths = lengths;
    this.length = Arrays.stream(lengths).max().orElse(0);
    int batch = lengths.length;
    int rows = Math.toIntExact(Arrays.stream(lengths).asLongStream().sum());
    firstRow = new int[Math.multiplyExact(length, batch + 1)];
    sequence = new int[rows];
    before = new int[rows];
    int[] last = new int[batch];
    Arrays.fill(last, -1);
    int row = 0;
    boolean consecutive = true; // whether a step never leaves out a sequence between two others
    for (int t = 0; t < length; t++) {
      for (int s = 0; s < batch; s++) {
        firstRow[t * (batch + 1) + s] = row;
        if (lengths[s] > t) {
          boolean first = row == firstRow[t * (batch + 1)];
          consecutive &= first || sequence[row - 1] == s - 1;
          sequence[row] = s;
          before[row] = last[s];
          last[s] = row++;
        }
      }
      firstRow[t * (batch + 1) + batch] = row;
    }
    places =
        consecutive
            ? new TapeRows.Places(batch, sequence, sequence, false)
            : new TapeRows.Places(batch, sequence, IntStream.range(0, rows).toArray(), true);
  }

  /** Lays out sequences of the given lengths, none negative. */
  public static Steps of(int... lengths) {
    for (int length : lengths) {
      if (length < 0) {
        throw new IllegalArgumentException("a sequence of length " + length);
      }
    }
    return new Steps(lengths.clone());
  }

  /** Lays out {@code batch} sequences of {@code length} steps each. */
  public static Steps equal(int length, int batch) {
    int[] lengths = new int[batch];
    Arrays.fill(lengths, length);
    return of(lengths);
  }

  /** Returns where the rows find what lasts for a step: by sequence where that is consecutive. */
  TapeRows.Places places() {
    return places;
  }

  /** Returns whether all sequences have the same length, so that rows are a plain [T][B]. */
  boolean equalLengths() {
    return rows() == length * batch();
  }

  /** Returns T, the length of the longest sequence. */
  public int length() {
    return length;
  }

  /** Returns B, the number of sequences. */
  public int batch() {
    return lengths.length;
  }

  /** Returns R, the number of rows: the sum of all lengths. */
  public int rows() {
    return sequence.length;
  }

  /** Returns the number of steps of sequence {@code s}. */
  public int length(int s) {
    return lengths[s];
  }

  /**
   * Returns the row of step {@code t} of sequence {@code s} or, where that sequence has ended, of
   * the next one that has not. So the sequences from s up to e own the rows {@code row(t, s)} up to
   * {@code row(t, e)}.
   */
  public int row(int t, int s) {
    return firstRow[t * (lengths.length + 1) + s];
  }

  /** Returns the sequence that a row belongs to. */
  public int sequence(int row) {
    return sequence[row];
  }

  /** Returns the row of the step before, or -1 at the first step of a sequence. */
  public int before(int row) {
    return before[row];
  }
}
