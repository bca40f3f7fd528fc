package dev.unroll.task.lm;

import dev.unroll.data.Detokenizer;
import dev.unroll.data.Tokenizer;
import dev.unroll.kernel.Softmax;
import dev.unroll.result.Constraint;
import dev.unroll.result.Sampling;
import org.jspecify.annotations.Nullable;

/** A continuation that is drawn token by token. For one thread. */
public final class Drawing {

  /** What reads a text, and says what may come next. */
  public interface Source {
    /** Returns the logits of the token that comes next, which the caller may change. */
    float[] logits();

    /** Reads one token. */
    void read(int token);
  }

  private final Tokenizer tokenizer;
  private final Detokenizer detokenizer;
  private final Source stream;
  private final Sampling options;
  private final Sampler sampler;
  private final StopTexts stops;
  private final Constraint.@Nullable TokenAutomaton automaton;
  private int state;
  private int drawn;
  private boolean ended;
  private int id;
  private double logProbability;
  private String text = "";

  /**
   * Prepares a continuation.
   *
   * @param stream stands after the prompt
   * @param number each number gives another one
   */
  public Drawing(Tokenizer tokenizer, String prompt, Source stream, Sampling options, long number) {
    this.tokenizer = tokenizer;
    this.detokenizer = tokenizer.detokenizer(prompt);
    this.stream = stream;
    this.options = options;
    sampler = new Sampler(options, number);
    stops = new StopTexts(options.stops());
    automaton = Constraints.automaton(tokenizer, options, options.stopAtEnd());
    state = automaton == null ? 0 : automaton.start();
  }

  /** Returns whether nothing more is drawn. */
  public boolean hasEnded() {
    return ended || drawn == options.length();
  }

  /** Returns whether it ends where the model or the options say so, not for its length. */
  public boolean isComplete() {
    return ended;
  }

  /** Draws the next token; returns false where the continuation has ended. */
  public boolean draw() {
    if (hasEnded()) {
      return false;
    }
    float[] logits = stream.logits();
    double normalizer = Softmax.logSumExp(logits, 0, logits.length);
    if (automaton != null && !automaton.restrict(state, options.length() - drawn, logits)) {
      ended = true;
      return false;
    }
    id = sampler.draw(logits, tokenizer.unknown(), drawn++);
    logProbability = logits[id] - normalizer;
    if (id == tokenizer.endOfSentence() && options.stopAtEnd()) {
      ended = true;
      text = "";
      return true;
    }
    state = automaton == null ? 0 : automaton.next(state, id);
    text = stops.add(detokenizer.add(id));
    ended = stops.found();
    if (!ended) {
      stream.read(id);
    }
    return true;
  }

  /** Returns the token that was drawn. */
  public int id() {
    return id;
  }

  /** Returns the logarithm of its probability by the model. */
  public double logProbability() {
    return logProbability;
  }

  /** Returns the text that has become certain with it. */
  public String text() {
    return text;
  }

  /** Returns the text that is left at the end. */
  public String rest() {
    return stops.found() ? "" : stops.add(detokenizer.end()) + stops.end();
  }
}
