package dev.unroll.network;

import dev.unroll.base.InputException;
import dev.unroll.file.Json;
import java.util.Map;

/**
 * The dropout rates of a network in training (Srivastava et al. 2014).
 *
 * @param input elements of a token's vector
 * @param layer elements of the outputs of each layer but the last
 * @param output elements of the outputs of the last layer
 * @param words whole tokens: the vector of a token is zero wherever it occurs in a batch (Gal and
 *     Ghahramani 2016)
 * @param recurrent elements of the recurrent weights, for a whole step of training (DropConnect,
 *     Wan et al. 2013; Merity et al. 2018)
 * @param state elements of a⟨t⟩ that keep the value of the step before (zoneout, Krueger et al.
 *     2017)
 * @param memory elements of c⟨t⟩ that do
 * @param variational whether a sequence keeps one mask for all its steps (Gal and Ghahramani 2016)
 *     instead of a new one at each; of the first three
 */
public record Dropouts(
    double input,
    double layer,
    double output,
    double words,
    double recurrent,
    double state,
    double memory,
    boolean variational) {

  /** Nothing is dropped. */
  public static final Dropouts NONE = new Dropouts(0, 0, 0, 0, 0, 0, 0, false);

  /** Checks the probabilities. */
  public Dropouts {
    check("input dropout", input);
    check("layer dropout", layer);
    check("output dropout", output);
    check("word dropout", words);
    check("weight dropout", recurrent);
    check("zoneout of states", state);
    check("zoneout of memory cells", memory);
  }

  /** Elements at the input, between layers and at the output, a new mask at each step. */
  public static Dropouts of(double input, double layer, double output) {
    return NONE.withElements(input, layer, output);
  }

  /**
   * Returns the same with other rates of elements at the input, between layers and at the output.
   */
  public Dropouts withElements(double input, double layer, double output) {
    return new Dropouts(input, layer, output, words, recurrent, state, memory, variational);
  }

  /** Returns the same with another rate of whole tokens. */
  public Dropouts withWords(double rate) {
    return new Dropouts(input, layer, output, rate, recurrent, state, memory, variational);
  }

  /** Returns whether nothing is dropped. */
  public boolean none() {
    return input + layer + output + words + recurrent + state + memory == 0;
  }

  Map<String, Object> toJson() {
    return Json.object(
        "input",
        input,
        "layer",
        layer,
        "output",
        output,
        "words",
        words,
        "recurrent",
        recurrent,
        "state",
        state,
        "memory",
        memory,
        "variational",
        variational);
  }

  static Dropouts fromJson(Json.Reader json) {
    return new Dropouts(
        json.number("input"),
        json.number("layer"),
        json.number("output"),
        json.numberIfAny("words"),
        json.numberIfAny("recurrent"),
        json.numberIfAny("state"),
        json.numberIfAny("memory"),
        json.flagIfAny("variational"));
  }

  private static void check(String name, double rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new InputException(name + " is " + rate, "It must be in [0, 1).");
    }
  }
}
