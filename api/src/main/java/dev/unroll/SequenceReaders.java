package dev.unroll;

import dev.unroll.batch.SourceReader;
import dev.unroll.data.Tokenizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How sources are read that are text, or sequences of numbers. */
final class SequenceReaders {

  private SequenceReaders() {}

  /** Creates a tokenizer of texts, after one whose tokens keep their ids. */
  @FunctionalInterface
  interface Tokenizers {
    Tokenizer of(@Nullable Tokenizer known, List<String> texts);
  }

  /**
   * Returns the reader of some sources.
   *
   * @param numbers whether sources are numbers
   * @param known a reader whose tokens keep their ids, and whose numbers their scale; or null
   * @param tokenizers creates the tokenizer of texts
   */
  static SourceReader of(
      List<String> sources, boolean numbers, @Nullable SourceReader known, Tokenizers tokenizers) {
    Tokenizer own = known == null ? null : known.tokens();
    if (known != null && (own == null || numbers)) {
      return known;
    }
    return numbers
        ? SourceReader.ofNumbers(sources)
        : SourceReader.ofText(tokenizers.of(own, sources));
  }
}
