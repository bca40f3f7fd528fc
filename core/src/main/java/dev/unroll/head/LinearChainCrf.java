package dev.unroll.head;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Slice;
import dev.unroll.layer.Steps;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;

/**
 * A linear-chain conditional random field over the tags of a sequence (Lafferty et al. 2001), on
 * top of a network that scores each tag at each step (Huang et al. 2015; Lample et al. 2016).
 *
 * <pre>{@code
 * score(y) = start[y⟨1⟩] + Σ e⟨t⟩[y⟨t⟩] + Σ A[y⟨t-1⟩][y⟨t⟩] + end[y⟨T⟩]
 * P(y) = exp(score(y)) / Z        Z = Σ over all y of exp(score(y)), by the forward algorithm
 * }</pre>
 *
 * <p>Parameters: {@code crf.transitions} [tags][tags], from the row's tag to the column's, {@code
 * crf.start} and {@code crf.end} [tags]; all begin at 0. Sums of exponentials are taken in
 * logarithms, which are held in double precision, as they grow with the length of a sequence. A
 * sequence belongs to one thread.
 */
public final class LinearChainCrf {

  private final int tags;
  private final Slice transitions;
  private final Slice start;
  private final Slice end;

  /** Lays out the parameters for so many tags. */
  public LinearChainCrf(int tags, Layout layout) {
    this.tags = tags;
    transitions = layout.vectors("crf.transitions", tags, tags);
    start = layout.vector("crf.start", tags);
    end = layout.vector("crf.end", tags);
  }

  /** The buffers of one user; they grow to the largest batch seen. */
  public static final class Buffers {
    private final CrfChain.Tape tape = new CrfChain.Tape();

    /** Creates empty buffers. */
    public Buffers() {}
  }

  /**
   * How much sequences count.
   *
   * @param factor factor of all gradients, such as 1 / rows for the gradient of a mean a step
   * @param weights how much the loss of each sequence counts; empty for all alike
   */
  public record Scale(float factor, float[] weights) {

    /** All sequences count alike. */
    public Scale(float factor) {
      this(factor, new float[0]);
    }

    private float of(int sequence) {
      return weights.length == 0 ? factor : weights[sequence] * factor;
    }

    private double weight(int sequence) {
      return weights.length == 0 ? 1 : weights[sequence];
    }
  }

  /**
   * Computes the loss -log P(targets) of each sequence and all gradients.
   *
   * @param scores e⟨t⟩ of each row, [R][tags]; replaced by their gradients
   * @param targets the tag of each row
   * @param scale factor of the gradients of each sequence, and its weight
   * @param gradients flat gradients, to which those of the parameters are added
   * @return the sum of the sequences' losses times their weights, in nats
   */
  public double lossAndGradient(
      float[] parameters,
      Buffers space,
      Steps steps,
      Matrix scores,
      int[] targets,
      Scale scale,
      float[] gradients,
      Workers workers) {
    var chains = chains(parameters, space, steps, scores);
    double total =
        sum(
            space,
            steps,
            workers,
            s -> {
              CrfChain chain = chains.apply(s);
              double whole = chain.runForward();
              chain.runBackward();
              double loss = whole - chain.score(targets);
              chain.countPairs(whole, targets);
              chain.replaceByGradients(whole, targets, scale.of(s));
              return scale.weight(s) * loss;
            });
    int square = tags * tags;
    for (int s = 0; s < steps.batch(); s++) { // in ascending order, whatever the threads were
      if (steps.length(s) == 0) {
        continue;
      }
      float own = scale.of(s);
      for (int i = 0; i < square; i++) {
        gradients[transitions.offset() + i] += (float) (own * space.tape.pairs[s * square + i]);
      }
      add(scores, steps.row(0, s), gradients, start);
      add(scores, steps.row(steps.length(s) - 1, s), gradients, end);
    }
    return total;
  }

  /** Returns the sum of the losses -log P(targets) of all sequences, in nats, without gradients. */
  public double loss(
      float[] parameters,
      Buffers space,
      Steps steps,
      Matrix scores,
      int[] targets,
      Workers workers) {
    var chains = chains(parameters, space, steps, scores);
    return sum(
        space,
        steps,
        workers,
        s -> {
          CrfChain chain = chains.apply(s);
          return chain.runForward() - chain.score(targets);
        });
  }

  /** Returns the sum of what is computed of each sequence, in their order. */
  private static double sum(Buffers space, Steps steps, Workers workers, IntToDoubleFunction loss) {
    double[] losses = space.tape.losses;
    eachSequence(steps, workers, s -> losses[s] = loss.applyAsDouble(s));
    double total = 0;
    for (int s = 0; s < steps.batch(); s++) {
      total += steps.length(s) > 0 ? losses[s] : 0;
    }
    return total;
  }

  private void add(Matrix scores, int row, float[] gradients, Slice slice) {
    for (int tag = 0; tag < tags; tag++) {
      gradients[slice.offset() + tag] += scores.data()[scores.row(row) + tag];
    }
  }

  /** Replaces the scores of each row by the probabilities of its tags. */
  public void replaceByMarginals(
      float[] parameters, Buffers space, Steps steps, Matrix scores, Workers workers) {
    var chains = chains(parameters, space, steps, scores);
    eachSequence(
        steps,
        workers,
        s -> {
          CrfChain chain = chains.apply(s);
          double whole = chain.runForward();
          chain.runBackward();
          for (int t = 0; t < chain.length(); t++) {
            for (int tag = 0; tag < tags; tag++) {
              scores.data()[chain.at(t) + tag] = (float) chain.marginal(t, tag, whole);
            }
          }
        });
  }

  /**
   * Returns the likeliest tags of each row (Viterbi 1967); of equal ones those with lower numbers.
   */
  public int[] decode(
      float[] parameters, Buffers space, Steps steps, Matrix scores, Workers workers) {
    var chains = chains(parameters, space, steps, scores);
    int[] best = new int[steps.rows()];
    int[] from = new int[Math.multiplyExact(steps.rows(), tags)];
    eachSequence(steps, workers, s -> chains.apply(s).runViterbi(best, from));
    return best;
  }

  /** Returns what creates the chain of each sequence, after the buffers have room for all. */
  private IntFunction<CrfChain> chains(
      float[] parameters, Buffers space, Steps steps, Matrix scores) {
    space.tape.reserve(steps, tags);
    var path = new CrfChain.Transitions(tags, parameters, transitions, start, end);
    return s -> new CrfChain(path, space.tape, steps, scores, s);
  }

  private static void eachSequence(Steps steps, Workers workers, IntConsumer task) {
    workers.run(
        steps.batch(),
        1,
        (from, to) -> {
          for (int s = from; s < to; s++) {
            if (steps.length(s) > 0) {
              task.accept(s);
            }
          }
        });
  }
}
