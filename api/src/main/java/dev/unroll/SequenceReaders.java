package dev.unroll;

import dev.unroll.data.SourceReader;
import dev.unroll.data.Tokenizer;
import dev.unroll.text.TokenOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How sources are read that are text, or sequences of numbers. */
final class SequenceReaders {

  private SequenceReaders() {}

  /**
   * Returns the reader of some sources.
   *
   * @param tokens what a token is; null where sources are numbers
   * @param known a reader whose tokens keep their ids, and whose numbers their scale; or null
   */
  static SourceReader of(
      List<String> sources, @Nullable TokenOptions tokens, @Nullable SourceReader known) {
    if (known != null) {
      Tokenizer own = known.tokens();
      return own == null || tokens == null
          ? known
          : SourceReader.ofText(tokens.extended(own, sources));
    }
    return tokens == null
        ? SourceReader.ofNumbers(sources)
        : SourceReader.ofText(tokens.tokenizer(sources));
  }
}
