package dev.unroll.model;

import dev.unroll.data.Detokenizer;
import dev.unroll.data.Tokenizer;
import dev.unroll.kernel.Softmax;
import dev.unroll.result.Sampling;
import dev.unroll.result.TokenAutomaton;
import dev.unroll.task.lm.Constraints;
import dev.unroll.task.lm.Sampler;
import org.jspecify.annotations.Nullable;

/** A continuation that is drawn token by token. For one thread. */
final class Drawing {

  private final Tokenizer tokenizer;
  private final Detokenizer detokenizer;
  private final LanguageStream stream;
  private final Sampling options;
  private final Sampler sampler;
  private final StopTexts stops;
  private final @Nullable TokenAutomaton automaton;
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
  Drawing(
      Tokenizer tokenizer, String prompt, LanguageStream stream, Sampling options, long number) {
    this.tokenizer = tokenizer;
    this.detokenizer = tokenizer.detokenizer(prompt);
    this.stream = stream;
    this.options = options;
    sampler = new Sampler(options, tokenizer.size(), number);
    stops = new StopTexts(options.stops());
    automaton = Constraints.automaton(tokenizer, options, options.stopAtEnd());
    state = automaton == null ? 0 : automaton.start();
  }

  /** Draws the next token; returns false where the continuation has ended. */
  boolean draw() {
    ended |= drawn == options.length();
    if (ended) {
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
  int id() {
    return id;
  }

  /** Returns the logarithm of its probability by the model. */
  double logProbability() {
    return logProbability;
  }

  /** Returns the text that has become certain with it. */
  String text() {
    return text;
  }

  /** Returns the text that is left at the end. */
  String rest() {
    return stops.found() ? "" : stops.add(detokenizer.end()) + stops.end();
  }
}
