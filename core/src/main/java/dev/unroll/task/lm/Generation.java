package dev.unroll.task.lm;

import dev.unroll.data.Detokenizer;
import dev.unroll.data.Tokenizer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** A continuation that is drawn token by token, as its text is asked for. For one thread. */
final class Generation implements Iterator<String> {

  private final Tokenizer tokenizer;
  private final Detokenizer detokenizer;
  private final Sampling options;
  private final Sampler sampler;
  private final LanguageStream stream;
  private int drawn;
  private boolean ended;
  private @Nullable String next;

  /**
   * Prepares a continuation.
   *
   * @param stream stands after the prompt
   */
  Generation(Tokenizer tokenizer, String prompt, LanguageStream stream, Sampling options) {
    this.tokenizer = tokenizer;
    this.detokenizer = tokenizer.detokenizer(prompt);
    this.stream = stream;
    this.options = options;
    this.sampler = new Sampler(options, tokenizer.size(), 0);
  }

  @Override
  public boolean hasNext() {
    while (next == null && !ended) {
      String text = ended() ? detokenizer.end() : draw();
      next = text.isEmpty() ? null : text;
    }
    return next != null;
  }

  /** Whether nothing more is drawn; what the detokenizer still holds is the last text. */
  private boolean ended() {
    ended = drawn == options.length();
    return ended;
  }

  private String draw() {
    int id = sampler.draw(stream.logits(), tokenizer.unknown(), drawn++);
    if (id == tokenizer.endOfSentence() && options.stopAtEnd()) {
      ended = true;
      return detokenizer.end();
    }
    stream.read(id);
    return detokenizer.add(id);
  }

  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    String text = String.valueOf(next);
    next = null;
    return text;
  }
}
