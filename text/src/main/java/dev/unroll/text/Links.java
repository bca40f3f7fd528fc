package dev.unroll.text;

/** What becomes of symbolic links in a folder whose files are read. */
public enum Links {
  /** Those that lead out of the folder are refused, others read as what they lead to. */
  WITHIN,
  /** All are followed. */
  FOLLOW
}
