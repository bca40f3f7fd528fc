package dev.unroll.interop.onnx.recurrent;

import java.util.ArrayList;
import java.util.List;

/**
 * A function with its numbers.
 *
 * @param alpha α, without meaning where the function has none
 * @param beta β, without meaning where the function has none
 */
record Activation(ActivationFunction function, float alpha, float beta) {

  /** The value at {@code x}. */
  double apply(double x) {
    return function.apply(x, alpha, beta);
  }

  /** Whether it is {@code other}, whatever its numbers. */
  boolean is(ActivationFunction other) {
    return function == other;
  }

  /**
   * Functions with the numbers that a node gives for them. Each function that has an α takes the
   * next of {@code alphas}, and its default when none is left; β likewise.
   *
   * @param eachPlace whether the numbers belong to functions place by place, as those of the RNN
   *     do: one for each function, read or not
   */
  static List<Activation> of(
      List<String> names, List<Float> alphas, List<Float> betas, boolean eachPlace) {
    var activations = new ArrayList<Activation>();
    int nextAlpha = 0;
    int nextBeta = 0;
    for (String name : names) {
      ActivationFunction function = ActivationFunction.of(name);
      boolean readsAlpha = function.hasAlpha();
      boolean readsBeta = function.hasBeta();
      activations.add(
          new Activation(
              function,
              readsAlpha ? number(alphas, nextAlpha, function, function.alpha(), "alpha") : 0,
              readsBeta ? number(betas, nextBeta, function, function.beta(), "beta") : 0));
      nextAlpha += readsAlpha || (eachPlace && alphas.size() == names.size()) ? 1 : 0;
      nextBeta += readsBeta || (eachPlace && betas.size() == names.size()) ? 1 : 0;
    }
    return activations;
  }

  private static float number(
      List<Float> given, int index, ActivationFunction function, float usual, String name) {
    float number = index < given.size() ? given.get(index) : usual;
    if (Float.isNaN(number)) {
      throw new IllegalArgumentException(
          function.label()
              + " needs a number in activation_"
              + name
              + ", for which there is no default");
    }
    return number;
  }
}
