package dev.unroll.result;

import dev.unroll.base.InputException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How tokens are drawn. Start from {@link #defaults}.
 *
 * @param temperature divides the logits: below 1 favors probable tokens, above 1 is more varied; 0
 *     always takes the most probable token
 * @param topK only the k most probable tokens; 0 for all
 * @param topP only the most probable tokens whose probabilities reach p together (Holtzman et al.
 *     2020); 1 for all
 * @param unknownAllowed whether {@code <UNK>} may be drawn
 * @param length most tokens to draw
 * @param stopAtEnd whether {@code <EOS>} ends the text
 * @param seed determines what is drawn
 * @param stops texts before the first of which the continuation ends
 * @param constraint which continuations may be drawn, null for all: the probabilities of the tokens
 *     with which one of them can still end within the length are scaled to sum up to 1
 */
public record Sampling(
    double temperature,
    int topK,
    double topP,
    boolean unknownAllowed,
    int length,
    boolean stopAtEnd,
    long seed,
    List<String> stops,
    @Nullable Constraint constraint) {

  /** Checks every number. */
  public Sampling {
    stops = List.copyOf(stops);
    if (!(temperature == 0 || (temperature >= 0.001 && temperature <= 1000))) {
      throw new InputException(
          "temperature is " + temperature, "It must be 0 (greedy) or in [0.001, 1000].");
    }
    if (topK < 0) {
      throw new InputException("top-k is " + topK, "It must be at least 1, or 0 for all tokens.");
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new InputException("top-p is " + topP, "It must be in (0, 1].");
    }
    if (length < 0) {
      throw new InputException("length is " + length, "It must be at least 0.");
    }
    if (stops.contains("")) {
      throw new InputException("a text to stop at is empty", "Give at least one character.");
    }
    if (!stops.isEmpty() && constraint != null && !constraint.holdsForBeginnings()) {
      throw new InputException(
          "a text that ends at a stop text may miss the constraint " + constraint,
          "Put the end into the pattern, or leave {stop} out; texts without something may be cut.");
    }
  }

  /** Draws from all texts, up to a length or {@code <EOS>}. */
  public Sampling(
      double temperature,
      int topK,
      double topP,
      boolean unknownAllowed,
      int length,
      boolean stopAtEnd,
      long seed) {
    this(temperature, topK, topP, unknownAllowed, length, stopAtEnd, seed, List.of(), null);
  }

  /**
   * The model's own distribution without {@code <UNK>}, up to 100 tokens or {@code <EOS>}, seed 1.
   */
  public static Sampling defaults() {
    return new Sampling(1, 0, 1, false, 100, true, 1);
  }

  /** The defaults with another temperature. */
  public static Sampling temperature(double value) {
    return defaults().withTemperature(value);
  }

  /** Returns the same with another temperature. */
  public Sampling withTemperature(double value) {
    return new Sampling(
        value, topK, topP, unknownAllowed, length, stopAtEnd, seed, stops, constraint);
  }

  /** Returns the same with only the k most probable tokens. */
  public Sampling withTopK(int value) {
    return new Sampling(
        temperature, value, topP, unknownAllowed, length, stopAtEnd, seed, stops, constraint);
  }

  /** Returns the same with only the most probable tokens that together reach probability p. */
  public Sampling withTopP(double value) {
    return new Sampling(
        temperature, topK, value, unknownAllowed, length, stopAtEnd, seed, stops, constraint);
  }

  /** Returns the same with {@code <UNK>} allowed. */
  public Sampling withUnknown() {
    return new Sampling(temperature, topK, topP, true, length, stopAtEnd, seed, stops, constraint);
  }

  /** Returns the same for texts that continue after {@code <EOS>}. */
  public Sampling pastEnd() {
    return new Sampling(
        temperature, topK, topP, unknownAllowed, length, false, seed, stops, constraint);
  }

  /** Returns the same with another length. */
  public Sampling withLength(int value) {
    return new Sampling(
        temperature, topK, topP, unknownAllowed, value, stopAtEnd, seed, stops, constraint);
  }

  /** Returns the same with another seed. */
  public Sampling withSeed(long value) {
    return new Sampling(
        temperature, topK, topP, unknownAllowed, length, stopAtEnd, value, stops, constraint);
  }

  /** Returns the same for texts that end before the first of some stop texts. */
  public Sampling withStops(List<String> value) {
    return new Sampling(
        temperature, topK, topP, unknownAllowed, length, stopAtEnd, seed, value, constraint);
  }

  /** Returns the same for texts that a constraint allows. */
  public Sampling withConstraint(@Nullable Constraint value) {
    return new Sampling(
        temperature, topK, topP, unknownAllowed, length, stopAtEnd, seed, stops, value);
  }
}
