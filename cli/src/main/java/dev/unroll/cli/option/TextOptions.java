package dev.unroll.cli.option;

import dev.unroll.base.InputException;
import dev.unroll.data.Reading;
import dev.unroll.data.Tokenizer;
import dev.unroll.text.Corpus;
import dev.unroll.text.Passages;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
import dev.unroll.text.VocabularyTokenizer;
import dev.unroll.text.inspect.TextForm;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How text is read when a vocabulary is made from it. */
@KeptInModel
public final class TextOptions {

  @Option(
      names = "--unit",
      paramLabel = "UNIT",
      description =
          "What a token is: characters, bytes, words (Unicode segmentation, any language),"
              + " tokens (separated by whitespace) or byte-pairs (subwords learned from the text)."
              + " Default: found from the text.")
  @Nullable String unit;

  @Option(names = "--lower-case", description = "Convert all text to lower case.")
  boolean lowerCase;

  @Option(
      names = "--no-punctuation",
      negatable = false,
      description =
          "Drop punctuation, but not emoji and symbols such as € + = § ° (only with --unit words).")
  boolean noPunctuation;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Maximum size of the vocabulary, including <UNK> and <EOS>. Default: no limit;"
              + " 8,000 for byte-pairs.")
  int vocabulary;

  @Option(
      names = "--min-count",
      paramLabel = "N",
      description =
          "Minimum count of a token in the vocabulary (for byte-pairs, of a character)."
              + " Default: 2 for words and tokens, else 1.")
  @Nullable Long minCount;

  @Option(
      names = "--reading",
      paramLabel = "HOW",
      description =
          "stream (one long text, the state is carried over), sentences (each line starts"
              + " from the zero state) or paragraphs (lines are joined up to a blank line)."
              + " Default: sentences for words, for tokens and if lines are names; otherwise"
              + " stream.")
  @Nullable String reading;

  @Option(
      names = "--split-sentences",
      description =
          "Split paragraphs into sentences by Unicode's rules, after joining their lines, as"
              + " in a book with wrapped lines.")
  boolean splitSentences;

  /** Returns whether what a token is remains to be found from the text. */
  public boolean isOpen() {
    return unit == null && !noPunctuation;
  }

  /** Returns whether an option says how the text is read. */
  public boolean asksForReading() {
    return reading != null || splitSentences;
  }

  private Segmentation.Unit segmentationUnit() {
    return unit == null ? Segmentation.Unit.WORDS : Segmentation.Unit.of(unit);
  }

  private boolean isParagraphs() {
    return "paragraphs".equalsIgnoreCase(reading);
  }

  /** Returns what of the text is a sentence. */
  public Passages passages() {
    if (splitSentences && isParagraphs()) {
      throw new InputException(
          "--split-sentences cannot be combined with --reading paragraphs",
          "Leave one or the other out.");
    }
    return splitSentences
        ? Passages.SENTENCES
        : isParagraphs() ? Passages.PARAGRAPHS : Passages.LINES;
  }

  /** Returns how the text is read. */
  public Reading reading() {
    String chosen = reading;
    if (isParagraphs()) {
      return Reading.SENTENCES;
    }
    if (chosen != null) {
      return Reading.of(chosen);
    }
    return segmentationUnit().isSmall() ? Reading.STREAM : Reading.SENTENCES;
  }

  /**
   * Returns what a token is, and which have an id.
   *
   * @param known how a model reads text that is trained further, or null
   */
  public TokenOptions tokens(@Nullable Tokenizer known) {
    if (noPunctuation && segmentationUnit() != Segmentation.Unit.WORDS) {
      throw new InputException(
          "--no-punctuation cannot be combined with --unit " + unit, "It needs --unit words.");
    }
    if (minCount != null && minCount < 1) {
      throw new InputException("--min-count is " + minCount, "It must be at least 1.");
    }
    var own = new Segmentation(segmentationUnit(), lowerCase, !noPunctuation);
    boolean open = isOpen() && known == null;
    return new TokenOptions(own, vocabulary, minCount == null ? 0 : minCount, open).like(known);
  }

  /** Returns how a corpus of files is created whose vocabulary is its own. */
  public Corpus.Options corpus(List<Path> files) {
    TokenOptions asked = tokens(null);
    if (!asked.open()) {
      return asked.corpus(reading());
    }
    TextForm.Found form = TextForm.ofLines(files).toModel();
    return asked.withUnit(form.unit()).corpus(asksForReading() ? reading() : form.reading());
  }

  /** Puts what a model has of these options into a map, by their names. */
  public static void describe(Tokenizer known, Map<String, Object> shape) {
    shape.put("--unit", Units.label(known));
    Units.describeCase(known, shape);
    if (known instanceof VocabularyTokenizer own) {
      UnitOptions.describe(own.segmentation(), shape);
    }
  }
}
