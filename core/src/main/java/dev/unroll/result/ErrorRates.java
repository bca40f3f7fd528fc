package dev.unroll.result;

import dev.unroll.file.Plural;
import java.util.Locale;

/**
 * How far texts are from what was wanted: edits (Levenshtein 1966) summed over all texts, as a
 * share of the tokens or characters wanted.
 *
 * @param texts number of texts
 * @param exact how many of them are what was wanted, token by token
 * @param tokens edits of tokens
 * @param wantedTokens tokens of what was wanted
 * @param characters edits of characters (code points)
 * @param wantedCharacters characters of what was wanted
 */
public record ErrorRates(
    long texts,
    long exact,
    long tokens,
    long wantedTokens,
    long characters,
    long wantedCharacters) {

  /** The rates of no text. */
  public static final ErrorRates NONE = new ErrorRates(0, 0, 0, 0, 0, 0);

  /** Returns the share of texts that are what was wanted; NaN without texts. */
  public double exactMatch() {
    return (double) exact / texts;
  }

  /** Returns the edits of tokens as a share of the tokens wanted. */
  public double tokenRate() {
    return tokens / (double) Math.max(1, wantedTokens);
  }

  /** Returns the edits of characters as a share of the characters wanted. */
  public double characterRate() {
    return characters / (double) Math.max(1, wantedCharacters);
  }

  /** Returns the rates of these texts and others together. */
  public ErrorRates plus(ErrorRates other) {
    return new ErrorRates(
        texts + other.texts,
        exact + other.exact,
        tokens + other.tokens,
        wantedTokens + other.wantedTokens,
        characters + other.characters,
        wantedCharacters + other.wantedCharacters);
  }

  /** Returns such as {@code exact match 93.3%, token error rate 2.1% of 60 texts}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "exact match %.1f%%, token error rate %.1f%% of %s",
        100 * exactMatch(),
        100 * tokenRate(),
        Plural.of(texts, "text"));
  }
}
