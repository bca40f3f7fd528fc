package dev.unroll.text;

import dev.unroll.base.Labeled;
import dev.unroll.text.table.SeriesTable;

/** What becomes of rows and numbers that are missing in a {@link SeriesTable}. */
public enum Gaps implements Labeled {
  /** They are an error that names the place. */
  REFUSE,
  /** They are filled in by a straight line between the numbers before and after. */
  FILL,
  /** They are not known: the network reads that, and is not asked for them. */
  MASK,
  /** Rows are taken as they come, one step apart whatever their times; no number may be missing. */
  SKIP;

  /** Returns the one that an option names. */
  public static Gaps of(String label) {
    return Labeled.of(
        values(), label, "gaps cannot be treated by ", "Use refuse, fill, mask or skip.");
  }
}
