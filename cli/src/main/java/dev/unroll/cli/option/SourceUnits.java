package dev.unroll.cli.option;

import dev.unroll.data.SourceReader;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.InputException;
import dev.unroll.file.Plural;
import dev.unroll.text.Corpus;
import dev.unroll.text.Segmentation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the tokens of sources are, and which have an id; or that sources are numbers. */
@KeptInModel
public final class SourceUnits {

  private static final String NUMBERS = "numbers";

  @Option(
      names = "--source-unit",
      paramLabel = "UNIT",
      description =
          "What a token of a source is: characters, bytes, words (Unicode segmentation), tokens (between"
              + " white space) or byte-pairs (parts of those, learned from the sources); numbers where the"
              + " task reads them. Default: ${DEFAULT-VALUE}.")
  String unit;

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

  /** Options whose unit is {@code usual} where none is asked for. */
  public SourceUnits(String usual) {
    unit = usual;
  }

  /** Returns what a token of a source is. */
  public String unit() {
    return unit;
  }

  /** Returns whether sources are numbers. */
  public boolean numbers() {
    return unit.equals(NUMBERS);
  }

  /** Returns how sources are read that are numbers or text. */
  public SourceReader reader(List<String> sources) {
    return numbers() ? SourceReader.ofNumbers(sources) : SourceReader.ofText(tokenizer(sources));
  }

  /** Says what sources are, for people. */
  public String described(SourceReader reader) {
    return numbers()
        ? Plural.of(reader.inputs(), "number") + " a step"
        : "%,d different tokens (%s)".formatted(reader.vocabulary(), unit);
  }

  /** Returns how sources become ids. */
  public Tokenizer tokenizer(List<String> texts) {
    Segmentation.Unit own = Segmentation.Unit.of(unit);
    boolean large = own == Segmentation.Unit.WORDS || own == Segmentation.Unit.TOKENS;
    return tokenizer(texts, new Segmentation(own, lowerCase, true), large ? 2 : 1);
  }

  /** Returns how texts become ids; {@code usualLeast} is the count where none is asked for. */
  Tokenizer tokenizer(List<String> texts, Segmentation segmentation, long usualLeast) {
    long least = minCount == null ? usualLeast : minCount;
    if (least < 1) {
      throw new InputException("--min-count is " + least, "It must be at least 1.");
    }
    boolean pairs = segmentation.unit() == Segmentation.Unit.BYTE_PAIRS;
    int most = vocabulary == 0 ? (pairs ? 8000 : Integer.MAX_VALUE) : vocabulary;
    return Corpus.of(texts, new Corpus.Options(segmentation, most, least, true)).tokenizer();
  }
}
