package dev.unroll.cli.option;

import dev.unroll.data.Tokenizer;
import dev.unroll.file.InputException;
import dev.unroll.text.Corpus;
import dev.unroll.text.Segmentation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the tokens of sources and targets are, and which have an id. */
public final class PairUnits {

  @Option(
      names = "--source-unit",
      paramLabel = "UNIT",
      defaultValue = "characters",
      description =
          "What a token of a source is: characters, bytes, words (Unicode segmentation), tokens (between"
              + " white space) or byte-pairs (parts of those, learned from the sources). Default:"
              + " ${DEFAULT-VALUE}.")
  String sourceUnit = "characters";

  @Option(
      names = "--target-unit",
      paramLabel = "UNIT",
      defaultValue = "characters",
      description =
          "What a token of a target is. What words write is put together by rules that not every text"
              + " follows; what the others write stands as they wrote it. Default: ${DEFAULT-VALUE}.")
  String targetUnit = "characters";

  @Option(
      names = "--lower-case",
      description = "Put sources into lower case. Targets are written as they are.")
  boolean lowerCase;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Most tokens of each side, <UNK> and <EOS> included. Default: no limit; 8,000 for byte-pairs.")
  int vocabulary;

  @Option(
      names = "--min-count",
      paramLabel = "N",
      description =
          "Least occurrences of a token (for byte-pairs, of a character). Default: 2 for words and tokens of"
              + " sources, else 1.")
  @Nullable Long minCount;

  /** Returns what a token of a source is. */
  public String sourceUnit() {
    return sourceUnit;
  }

  /** Returns what a token of a target is. */
  public String targetUnit() {
    return targetUnit;
  }

  /** Returns how sources become ids. */
  public Tokenizer source(List<String> texts) {
    Segmentation.Unit unit = Segmentation.Unit.of(sourceUnit);
    boolean large = unit == Segmentation.Unit.WORDS || unit == Segmentation.Unit.TOKENS;
    return tokenizer(texts, new Segmentation(unit, lowerCase, true), large ? 2 : 1);
  }

  /** Returns how targets become ids. */
  public Tokenizer target(List<String> texts) {
    return tokenizer(texts, Segmentation.of(Segmentation.Unit.of(targetUnit)), 1);
  }

  private Tokenizer tokenizer(List<String> texts, Segmentation segmentation, long usualLeast) {
    long least = minCount == null ? usualLeast : minCount;
    if (least < 1) {
      throw new InputException("--min-count is " + least, "It must be at least 1.");
    }
    boolean pairs = segmentation.unit() == Segmentation.Unit.BYTE_PAIRS;
    int most = vocabulary == 0 ? (pairs ? 8000 : Integer.MAX_VALUE) : vocabulary;
    return Corpus.of(texts, new Corpus.Options(segmentation, most, least, true)).tokenizer();
  }
}
