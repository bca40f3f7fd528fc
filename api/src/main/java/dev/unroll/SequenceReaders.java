package dev.unroll;

import dev.unroll.data.SourceReader;
import dev.unroll.text.TokenOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How sources are read that are text, or sequences of numbers. */
final class SequenceReaders {

  private SequenceReaders() {}

  /** Returns the reader of some sources; {@code tokens} is null where they are numbers. */
  static SourceReader of(List<String> sources, @Nullable TokenOptions tokens) {
    return tokens == null
        ? SourceReader.ofNumbers(sources)
        : SourceReader.ofText(tokens.tokenizer(sources));
  }
}
