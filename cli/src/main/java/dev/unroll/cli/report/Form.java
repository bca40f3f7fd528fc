package dev.unroll.cli.report;

/** A form of what is printed. */
public enum Form {
  /** For people. */
  TEXT,
  /** A table between commas, with a header. */
  CSV,
  /** JSON, of answers one object per line. */
  JSON
}
