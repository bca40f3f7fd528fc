package dev.unroll.task.lm;

import dev.unroll.base.InputException;
import dev.unroll.data.Tokenizer;
import dev.unroll.result.Constraint;
import dev.unroll.result.Sampling;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Constraints of what is sampled or searched, over the tokens of a model. */
final class Constraints {

  private Constraints() {}

  /**
   * Returns the automaton of a constraint, none where there is no constraint.
   *
   * @throws InputException if no text of the length fulfills the constraint
   */
  static Constraint.@Nullable TokenAutomaton automaton(
      Tokenizer tokenizer, Sampling options, boolean endStops) {
    Constraint constraint = options.constraint();
    if (constraint == null) {
      return null;
    }
    Constraint.TokenAutomaton automaton =
        constraint.over(tokenizer, options.unknownAllowed(), endStops);
    int least = automaton.least(automaton.start());
    if (least < 0) {
      throw new InputException(
          "no text of the model's tokens fulfills the constraint " + constraint,
          "Make it wider: a model writes nothing but the tokens of its vocabulary.");
    }
    if (least > options.length()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "no text of at most %,d tokens fulfills the constraint %s: the shortest has %,d",
              options.length(),
              constraint,
              least),
          "Give a greater {length}, or another constraint.");
    }
    return automaton;
  }
}
