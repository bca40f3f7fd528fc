package dev.unroll.cli.option;

import dev.unroll.base.InputException;
import dev.unroll.data.Tokenizer;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the tokens of sources are, and which have an id; or that sources are numbers. */
@KeptInModel
public final class SourceUnits {

  static final String NUMBERS = "numbers";

  @Option(
      names = "--source-unit",
      paramLabel = "UNIT",
      description =
          "What a token of a source is: characters, bytes, words (Unicode segmentation),"
              + " tokens (separated by whitespace) or byte-pairs (subwords learned from the"
              + " sources); numbers if the task reads them. Default: found from the sources.")
  @Nullable String unit;

  @Option(
      names = "--lower-case",
      description = "Convert sources to lower case. Targets stay as they are.")
  boolean lowerCase;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Maximum size of each vocabulary, including <UNK> and <EOS>. Default: no limit;"
              + " 8,000 for byte-pairs.")
  int vocabulary;

  @Option(
      names = "--min-count",
      paramLabel = "N",
      description =
          "Minimum count of a token (for byte-pairs, of a character). Default: 2 for words"
              + " and tokens of sources, else 1.")
  @Nullable Long minCount;

  /** Returns whether sources are numbers. */
  public boolean numbers() {
    return NUMBERS.equals(unit);
  }

  /**
   * Returns what a token of a source is, and which have an id.
   *
   * @param known how a model reads sources that is trained further, or null
   */
  public TokenOptions tokens(@Nullable Tokenizer known) {
    boolean open = unit == null && known == null;
    Segmentation own =
        numbers() || known != null || unit == null
            ? Segmentation.of(Segmentation.Unit.CHARACTERS)
            : Segmentation.of(Segmentation.Unit.of(unit));
    boolean lower = lowerCase && !numbers() && known == null;
    return counted(own.withLowerCase(lower)).asOpen(open).like(known);
  }

  /** Returns which tokens of a side have an id. */
  TokenOptions counted(Segmentation segmentation) {
    if (minCount != null && minCount < 1) {
      throw new InputException("--min-count is " + minCount, "It must be at least 1.");
    }
    return new TokenOptions(segmentation, vocabulary, minCount == null ? 0 : minCount);
  }

  /** Puts what a model has of these options into a map, by their names. */
  public static void describe(@Nullable Tokenizer known, Map<String, Object> shape) {
    shape.put("--source-unit", Units.label(known));
    Units.describeCase(known, shape);
  }
}
