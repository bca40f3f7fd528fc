package dev.unroll.cli.option;

import dev.unroll.base.InputException;
import dev.unroll.text.Segmentation;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How texts that are classified are cut into tokens. */
@KeptInModel
public final class UnitOptions {

  @Option(
      names = "--unit",
      paramLabel = "UNIT",
      description =
          "What a token is: characters, bytes, words (Unicode segmentation, any language) or"
              + " tokens (separated by whitespace). Default: words, or characters for names and the"
              + " like.")
  @Nullable String unit;

  @Option(
      names = "--no-punctuation",
      negatable = false,
      description =
          "Drop punctuation, but not emoji and symbols such as € + = § ° (only with --unit words).")
  boolean noPunctuation;

  /** Returns whether the unit is found from the texts. */
  public boolean isOpen() {
    return unit == null && !noPunctuation;
  }

  /** Returns how a text is cut; upper and lower case are kept. */
  public Segmentation segmentation() {
    Segmentation.Unit chosen = unit == null ? Segmentation.Unit.WORDS : Segmentation.Unit.of(unit);
    if (chosen == Segmentation.Unit.BYTE_PAIRS) {
      throw new InputException(
          "--unit byte-pairs is for language models", "Use characters, bytes, words or tokens.");
    }
    if (noPunctuation && chosen != Segmentation.Unit.WORDS) {
      throw new InputException(
          "--no-punctuation cannot be combined with --unit " + unit, "It needs --unit words.");
    }
    return new Segmentation(chosen, false, !noPunctuation);
  }

  /** Puts what a model has of these options into a map, by their names. */
  public static void describe(Segmentation own, Map<String, Object> shape) {
    shape.put("--unit", own.unit().label());
    shape.put("--no-punctuation", own.punctuation() != Segmentation.Punctuation.KEPT);
  }
}
