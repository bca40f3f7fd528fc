package dev.unroll.file;

import java.util.Locale;

/** Nouns after numbers: 1 field, 2 fields. */
public final class Plural {

  private Plural() {}

  /** Returns a count and what is counted, whose plural ends with -s. */
  public static String of(long count, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
  }
}
