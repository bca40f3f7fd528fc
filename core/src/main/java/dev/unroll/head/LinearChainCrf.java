package dev.unroll.head;

import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Reductions;
import dev.unroll.kernel.Slice;
import dev.unroll.kernel.Workers;
import dev.unroll.layer.Steps;
import java.util.Arrays;
import java.util.Objects;

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

  /** Returns the number of tags. */
  public int tags() {
    return tags;
  }

  /** The buffers of one user; they grow to the largest batch seen. */
  public static final class Buffers {
    private double[] forward = {};
    private double[] backward = {};
    private double[] pairs = {};
    private double[] losses = {};

    /** Creates empty buffers. */
    public Buffers() {}

    private void reserve(Steps steps, int tags) {
      forward = room(forward, Math.multiplyExact(steps.rows(), tags));
      backward = room(backward, Math.multiplyExact(steps.rows(), tags));
      pairs = room(pairs, Math.multiplyExact(steps.batch(), tags * tags));
      losses = room(losses, steps.batch());
    }

    private static double[] room(double[] space, int size) {
      return space.length < size ? new double[size] : space;
    }
  }

  /**
   * Computes the loss -log P(targets) of each sequence and all gradients.
   *
   * @param scores e⟨t⟩ of each row, [R][tags]; replaced by their gradients
   * @param targets the tag of each row
   * @param scale factor of all gradients, such as 1 / rows for the gradient of a mean a step
   * @param gradients flat gradients, to which those of the parameters are added
   * @return the sum of the sequences' losses, in nats
   */
  public double lossAndGradient(
      float[] parameters,
      Buffers space,
      Steps steps,
      Matrix scores,
      int[] targets,
      float scale,
      float[] gradients,
      Workers workers) {
    space.reserve(steps, tags);
    eachSequence(
        steps,
        workers,
        s -> {
          var chain = new Chain(parameters, space, steps, scores, s);
          double whole = chain.runForward();
          chain.runBackward();
          space.losses[s] = whole - chain.score(targets);
          chain.countPairs(whole, targets);
          chain.replaceByGradients(whole, targets, scale);
        });
    double total = 0;
    int square = tags * tags;
    for (int s = 0; s < steps.batch(); s++) { // in ascending order, whatever the threads were
      if (steps.length(s) == 0) {
        continue;
      }
      total += space.losses[s];
      for (int i = 0; i < square; i++) {
        gradients[transitions.offset() + i] += (float) (scale * space.pairs[s * square + i]);
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
    space.reserve(steps, tags);
    eachSequence(
        steps,
        workers,
        s -> {
          var chain = new Chain(parameters, space, steps, scores, s);
          space.losses[s] = chain.runForward() - chain.score(targets);
        });
    double total = 0;
    for (int s = 0; s < steps.batch(); s++) {
      total += steps.length(s) > 0 ? space.losses[s] : 0;
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
    space.reserve(steps, tags);
    eachSequence(
        steps,
        workers,
        s -> {
          var chain = new Chain(parameters, space, steps, scores, s);
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
    space.reserve(steps, tags);
    int[] best = new int[steps.rows()];
    int[] from = new int[Math.multiplyExact(steps.rows(), tags)];
    eachSequence(
        steps, workers, s -> new Chain(parameters, space, steps, scores, s).runViterbi(best, from));
    return best;
  }

  private interface SequenceTask {
    void run(int s);
  }

  private static void eachSequence(Steps steps, Workers workers, SequenceTask task) {
    workers.run(
        steps.batch(),
        1,
        (from, to) -> {
          for (int s = from; s < to; s++) {
            if (steps.length(s) > 0) {
              task.run(s);
            }
          }
        });
  }

  /** One sequence. */
  private final class Chain {
    private final float[] parameters;
    private final Buffers space;
    private final Steps steps;
    private final Matrix scores;
    private final int s;
    private final double[] terms = new double[tags];
    private final float[] powers = new float[tags];

    Chain(float[] parameters, Buffers space, Steps steps, Matrix scores, int s) {
      this.parameters = parameters;
      this.space = space;
      this.steps = steps;
      this.scores = scores;
      this.s = s;
      Arrays.fill(space.pairs, s * tags * tags, (s + 1) * tags * tags, 0);
      space.losses[s] = 0;
    }

    int length() {
      return steps.length(s);
    }

    int row(int t) {
      return steps.row(t, s);
    }

    /** Returns where the scores of a step begin. */
    int at(int t) {
      return scores.row(row(t));
    }

    private double score(int t, int tag) {
      return scores.data()[at(t) + tag];
    }

    private double transition(int from, int to) {
      return parameters[transitions.offset() + from * tags + to];
    }

    private double forward(int t, int tag) {
      return space.forward[row(t) * tags + tag];
    }

    private double backward(int t, int tag) {
      return space.backward[row(t) * tags + tag];
    }

    /** Returns log Σ exp(terms), as no one of which is greater than the greatest. */
    private double logSumOfTerms() {
      double most = Double.NEGATIVE_INFINITY;
      for (double term : terms) {
        most = Math.max(most, term);
      }
      for (int i = 0; i < tags; i++) {
        powers[i] = (float) (terms[i] - most);
      }
      return most + StrictMath.log(Reductions.sumOfExp(powers, 0, tags, 0f));
    }

    /** Fills in the logarithms of what leads to each tag of each step, and returns log Z. */
    double runForward() {
      for (int t = 0; t < length(); t++) {
        for (int tag = 0; tag < tags; tag++) {
          double before = parameters[start.offset() + tag];
          if (t > 0) {
            for (int i = 0; i < tags; i++) {
              terms[i] = forward(t - 1, i) + transition(i, tag);
            }
            before = logSumOfTerms();
          }
          space.forward[row(t) * tags + tag] = before + score(t, tag);
        }
      }
      for (int tag = 0; tag < tags; tag++) {
        terms[tag] = forward(length() - 1, tag) + parameters[end.offset() + tag];
      }
      return logSumOfTerms();
    }

    /** Fills in the logarithms of what follows each tag of each step. */
    void runBackward() {
      for (int t = length() - 1; t >= 0; t--) {
        for (int tag = 0; tag < tags; tag++) {
          double after = parameters[end.offset() + tag];
          if (t < length() - 1) {
            for (int j = 0; j < tags; j++) {
              terms[j] = transition(tag, j) + score(t + 1, j) + backward(t + 1, j);
            }
            after = logSumOfTerms();
          }
          space.backward[row(t) * tags + tag] = after;
        }
      }
    }

    double marginal(int t, int tag, double whole) {
      return StrictMath.exp(forward(t, tag) + backward(t, tag) - whole);
    }

    /** Returns the score of given tags. */
    double score(int[] targets) {
      int last = Objects.checkIndex(targets[row(length() - 1)], tags);
      double sum = parameters[start.offset() + Objects.checkIndex(targets[row(0)], tags)];
      for (int t = 0; t < length(); t++) {
        int tag = Objects.checkIndex(targets[row(t)], tags);
        sum += score(t, tag) + (t > 0 ? transition(targets[row(t - 1)], tag) : 0);
      }
      return sum + parameters[end.offset() + last];
    }

    /** Counts how often two tags follow one another: what is expected, less what is so. */
    void countPairs(double whole, int[] targets) {
      int own = s * tags * tags;
      for (int t = 1; t < length(); t++) {
        for (int i = 0; i < tags; i++) {
          double before = forward(t - 1, i) - whole;
          for (int j = 0; j < tags; j++) {
            powers[j] = (float) (before + transition(i, j) + score(t, j) + backward(t, j));
          }
          Reductions.replaceByExp(powers, 0, tags, 0f);
          for (int j = 0; j < tags; j++) {
            space.pairs[own + i * tags + j] += powers[j];
          }
        }
        space.pairs[own + targets[row(t - 1)] * tags + targets[row(t)]] -= 1;
      }
    }

    void replaceByGradients(double whole, int[] targets, float scale) {
      for (int t = 0; t < length(); t++) {
        for (int tag = 0; tag < tags; tag++) {
          double wanted = targets[row(t)] == tag ? 1 : 0;
          scores.data()[at(t) + tag] = (float) (scale * (marginal(t, tag, whole) - wanted));
        }
      }
    }

    void runViterbi(int[] best, int[] from) {
      for (int t = 0; t < length(); t++) {
        for (int tag = 0; tag < tags; tag++) {
          double before = parameters[start.offset() + tag];
          if (t > 0) {
            before = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < tags; i++) {
              double path = forward(t - 1, i) + transition(i, tag);
              if (path > before) {
                before = path;
                from[row(t) * tags + tag] = i;
              }
            }
          }
          space.forward[row(t) * tags + tag] = before + score(t, tag);
        }
      }
      int last = 0;
      double highest = Double.NEGATIVE_INFINITY;
      for (int tag = 0; tag < tags; tag++) {
        double path = forward(length() - 1, tag) + parameters[end.offset() + tag];
        if (path > highest) {
          highest = path;
          last = tag;
        }
      }
      for (int t = length() - 1; t >= 0; t--) {
        best[row(t)] = last;
        last = from[row(t) * tags + last];
      }
    }
  }
}
