package dev.unroll.server.openai;

import dev.unroll.data.Tokenizer;
import dev.unroll.server.model.Continuations;
import dev.unroll.server.openai.CompletionAnswer.CompletionChoice;
import dev.unroll.server.openai.CompletionAnswer.CompletionLogprobs;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One text of a request while it is written, and what of it has not yet been sent. */
final class Completion {

  private final int index;
  private final Tokenizer tokenizer;
  private final boolean scores;
  private final Offsets.Writer writer;
  private final Iterator<Integer> ofPrompt;
  private final StringBuilder text = new StringBuilder();
  private final List<String> tokens = new ArrayList<>();
  private final List<Double> logProbabilities = new ArrayList<>();
  private final List<Map<String, Double>> likeliest = new ArrayList<>();
  private final List<Integer> offsets = new ArrayList<>();
  private int drawn;
  private @Nullable String reason;

  /**
   * Begins a text.
   *
   * @param places where the tokens of the prompt begin, if they are scored
   */
  Completion(
      int index,
      Prompt prompt,
      List<Integer> places,
      Tokenizer tokenizer,
      CompletionRequest request) {
    this.index = index;
    this.tokenizer = tokenizer;
    boolean echo = request.echoes();
    scores = request.logprobs() != null;
    int before = echo ? prompt.text().length() : 0;
    writer = new Offsets.Writer(tokenizer, prompt.text(), before);
    ofPrompt = places.iterator();
    if (echo) {
      text.append(prompt.text());
    }
  }

  void add(Continuations.Step step) {
    boolean token = step.kind() != Continuations.Kind.END;
    if (token && scores) {
      tokens.add(tokenizer.token(step.id()));
      logProbabilities.add(step.logProbability());
      boolean ofPrompts = step.kind() == Continuations.Kind.PROMPT;
      offsets.add(ofPrompts ? ofPrompt.next() : writer.next(step.id()));
      var best = new LinkedHashMap<String, Double>();
      step.likeliest()
          .forEach(each -> best.putIfAbsent(tokenizer.token(each.id()), each.logProbability()));
      best.putIfAbsent(tokenizer.token(step.id()), step.logProbability());
      likeliest.add(best);
    }
    text.append(step.text());
    switch (step.kind()) {
      case TOKEN -> drawn++;
      case END -> reason = step.complete() ? "stop" : "length";
      case PROMPT -> {}
    }
  }

  /** Returns how many tokens were drawn. */
  int drawn() {
    return drawn;
  }

  boolean hasNews() {
    return !text.isEmpty() || !tokens.isEmpty() || reason != null;
  }

  /** Returns what was added since the last call. */
  CompletionChoice news() {
    CompletionLogprobs logprobs =
        scores
            ? new CompletionLogprobs(
                List.copyOf(tokens),
                List.copyOf(logProbabilities),
                List.copyOf(likeliest),
                List.copyOf(offsets))
            : null;
    var choice = new CompletionChoice(text.toString(), index, logprobs, reason);
    text.setLength(0);
    tokens.clear();
    logProbabilities.clear();
    likeliest.clear();
    offsets.clear();
    return choice;
  }
}
