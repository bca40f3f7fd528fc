package dev.unroll.task.lm;

import dev.unroll.base.InputException;
import dev.unroll.data.Tokenizer;
import dev.unroll.kernel.Softmax;
import dev.unroll.network.NetworkState;
import dev.unroll.result.Constraint;
import dev.unroll.result.Sampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the most probable continuations: at each step the {@code width} best beginnings are
 * kept. A beginning that ends with {@code <EOS>} is finished; finished ones are compared by their
 * log-probability divided by lengthᵃ (Wu et al. 2016, simplified).
 */
public final class BeamSearch {

  /** What is searched, or leads another search: a model that reads token by token. */
  public interface Searched {
    /** Returns the tokenizer with its vocabulary. */
    Tokenizer tokenizer();

    /** Returns the state before the first token. */
    NetworkState start();

    /** Returns the state after a token. */
    NetworkState step(NetworkState state, int token);

    /** Writes the logits of the token that follows {@code state}. */
    void logits(NetworkState state, float[] logits);
  }

  /** A continuation that was found. */
  public record Found(int[] ids, double logProbability) {}

  private final Searched model;
  private final int width;
  private final double lengthPower;

  public BeamSearch(Searched model, int width, double lengthPower) {
    if (width < 1 || width > 10_000) {
      throw new InputException("beam is " + width, "It must be in 1 … 10,000.");
    }
    if (!(lengthPower >= 0 && lengthPower <= 10)) {
      throw new InputException("length power is " + lengthPower, "It must be in [0, 10].");
    }
    this.model = model;
    this.width = width;
    this.lengthPower = lengthPower;
  }

  /** A beginning: its tokens, the states after them of network and automaton, log-probability. */
  private record Beginning(int[] ids, NetworkState state, double logProbability, int place) {}

  /** A continuation. */
  private record Continuation(Beginning from, int id, double logProbability) {}

  /**
   * Returns up to {@code width} continuations with their log-probabilities, the best first; all of
   * them fulfill the constraint of the options.
   */
  public List<Found> search(NetworkState start, Sampling options) {
    var automaton = Constraints.automaton(model.tokenizer(), options, true);
    int length = options.length();
    int place = automaton == null ? 0 : automaton.start();
    List<Beginning> open = List.of(new Beginning(new int[0], start, 0, place));
    var finished = new ArrayList<Beginning>();
    int t = 0;
    for (; t < length && !open.isEmpty() && finished.size() < width; t++) {
      var next = new ArrayList<Beginning>();
      for (Continuation best : continuations(open, options, automaton, length - t)) {
        int[] ids = Arrays.copyOf(best.from.ids, t + 1);
        ids[t] = best.id;
        boolean ends = best.id == model.tokenizer().endOfSentence();
        NetworkState state = ends ? best.from.state : model.step(best.from.state, best.id);
        int after = ends || automaton == null ? 0 : automaton.next(best.from.place, best.id);
        (ends ? finished : next).add(new Beginning(ids, state, best.logProbability, after));
      }
      open = next;
    }
    if (t == length) {
      finished.addAll(open); // cut by the length; else an open one has not paid for its end
    }
    return finished.stream()
        .sorted(Comparator.comparingDouble(beginning -> -normalized(beginning)))
        .limit(width)
        .map(beginning -> new Found(beginning.ids, beginning.logProbability))
        .toList();
  }

  private double normalized(Beginning beginning) {
    return beginning.logProbability
        / StrictMath.pow(Math.max(1, beginning.ids.length), lengthPower);
  }

  private List<Continuation> continuations(
      List<Beginning> open,
      Sampling options,
      Constraint.@Nullable TokenAutomaton automaton,
      int left) {
    var all = new ArrayList<Continuation>();
    float[] logits = new float[model.tokenizer().size()];
    for (Beginning beginning : open) {
      model.logits(beginning.state, logits);
      double total = Softmax.logSumExp(logits, 0, logits.length);
      if (!options.unknownAllowed()) {
        logits[model.tokenizer().unknown()] = Float.NEGATIVE_INFINITY;
      }
      if (automaton != null) {
        automaton.restrict(beginning.place, left, logits);
      }
      for (int id : Likeliest.ids(logits, width)) {
        all.add(new Continuation(beginning, id, beginning.logProbability + logits[id] - total));
      }
    }
    all.sort(Comparator.comparingDouble(continuation -> -continuation.logProbability));
    return all.subList(0, Math.min(width, all.size()));
  }
}
