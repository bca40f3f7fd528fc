package dev.unroll.head;

import dev.unroll.base.Matrix;
import dev.unroll.kernel.Reductions;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import dev.unroll.layer.Steps;
import java.util.Arrays;
import java.util.Objects;

/** One sequence of a {@link LinearChainCrf}: sums over all its paths, and the best of them. */
final class CrfChain {

  /**
   * What the scores of a path consist of besides those of the steps.
   *
   * @param tags number of tags
   * @param parameters flat parameters
   * @param transitions from each tag to each, [tags][tags]
   * @param start of each tag at the first step
   * @param end of each tag at the last step
   */
  record Transitions(int tags, float[] parameters, Slice transitions, Slice start, Slice end) {

    private double between(int from, int to) {
      return parameters[transitions.offset() + from * tags + to];
    }

    private double start(int tag) {
      return parameters[start.offset() + tag];
    }

    private double end(int tag) {
      return parameters[end.offset() + tag];
    }
  }

  /** The buffers of all sequences of a batch. */
  static final class Tape {
    private double[] forward = {};
    private double[] backward = {};

    /** Of each sequence and two tags how often they follow one another, [batch][tags][tags]. */
    double[] pairs = {};

    /** Of each sequence. */
    double[] losses = {};

    void reserve(Steps steps, int tags) {
      forward = Rows.room(forward, steps.rows(), tags);
      backward = Rows.room(backward, steps.rows(), tags);
      pairs = Rows.room(pairs, steps.batch(), tags * tags);
      losses = Rows.room(losses, steps.batch(), 1);
    }
  }

  private final int tags;
  private final Transitions transitions;
  private final Tape space;
  private final Steps steps;
  private final Matrix scores;
  private final int s;
  private final double[] terms;
  private final float[] powers;

  CrfChain(Transitions transitions, Tape space, Steps steps, Matrix scores, int s) {
    this.tags = transitions.tags();
    this.transitions = transitions;
    this.space = space;
    this.steps = steps;
    this.scores = scores;
    this.s = s;
    terms = new double[tags];
    powers = new float[tags];
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

  private double forward(int t, int tag) {
    return space.forward[row(t) * tags + tag];
  }

  private double backward(int t, int tag) {
    return space.backward[row(t) * tags + tag];
  }

  /** Returns log Σ exp(terms), computed relative to the greatest so that nothing overflows. */
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

  /** Computes the log sum over all paths to each tag of each step, and returns log Z. */
  double runForward() {
    for (int t = 0; t < length(); t++) {
      for (int tag = 0; tag < tags; tag++) {
        double before = transitions.start(tag);
        if (t > 0) {
          for (int i = 0; i < tags; i++) {
            terms[i] = forward(t - 1, i) + transitions.between(i, tag);
          }
          before = logSumOfTerms();
        }
        space.forward[row(t) * tags + tag] = before + score(t, tag);
      }
    }
    for (int tag = 0; tag < tags; tag++) {
      terms[tag] = forward(length() - 1, tag) + transitions.end(tag);
    }
    return logSumOfTerms();
  }

  /** Computes the log sum over all paths after each tag of each step. */
  void runBackward() {
    for (int t = length() - 1; t >= 0; t--) {
      for (int tag = 0; tag < tags; tag++) {
        double after = transitions.end(tag);
        if (t < length() - 1) {
          for (int j = 0; j < tags; j++) {
            terms[j] = transitions.between(tag, j) + score(t + 1, j) + backward(t + 1, j);
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
    double sum = transitions.start(Objects.checkIndex(targets[row(0)], tags));
    for (int t = 0; t < length(); t++) {
      int tag = Objects.checkIndex(targets[row(t)], tags);
      sum += score(t, tag) + (t > 0 ? transitions.between(targets[row(t - 1)], tag) : 0);
    }
    return sum + transitions.end(last);
  }

  /** Counts how often two tags follow one another: the expected number minus the actual one. */
  void countPairs(double whole, int[] targets) {
    int own = s * tags * tags;
    for (int t = 1; t < length(); t++) {
      for (int i = 0; i < tags; i++) {
        double before = forward(t - 1, i) - whole;
        for (int j = 0; j < tags; j++) {
          powers[j] = (float) (before + transitions.between(i, j) + score(t, j) + backward(t, j));
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
    double[] paths = space.forward;
    for (int t = 0; t < length(); t++) {
      int own = row(t) * tags;
      int before = t > 0 ? row(t - 1) * tags : 0;
      for (int tag = 0; tag < tags; tag++) {
        double most = t > 0 ? Double.NEGATIVE_INFINITY : transitions.start(tag);
        for (int i = 0; t > 0 && i < tags; i++) {
          double path = paths[before + i] + transitions.between(i, tag);
          if (path > most) {
            most = path;
            from[own + tag] = i;
          }
        }
        paths[own + tag] = most + score(t, tag);
      }
    }
    int last = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int tag = 0; tag < tags; tag++) {
      double path = forward(length() - 1, tag) + transitions.end(tag);
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
