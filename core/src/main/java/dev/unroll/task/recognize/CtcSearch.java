package dev.unroll.task.recognize;

import dev.unroll.base.Cancellation;
import dev.unroll.base.InputException;
import dev.unroll.data.Tokenizer;
import dev.unroll.head.Ctc;
import dev.unroll.kernel.Reductions;
import dev.unroll.kernel.Softmax;
import dev.unroll.network.NetworkState;
import dev.unroll.task.lm.BeamSearch;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the labels of a sequence among the probabilities that {@link Ctc} trained: greedily,
 * the likeliest label of each step; or by a beam over prefixes (Hannun et al. 2014), which adds up
 * all labelings that mean the same, and may be led by a language model:
 *
 * <pre>{@code
 * score(labels) = log P(labels | sequence) + weight · log P_LM(labels) + bonus · |labels|
 * }</pre>
 */
public final class CtcSearch {

  private final int blank;
  private final int beam;
  private final @Nullable Guide guide;

  /**
   * A language model that leads the beam.
   *
   * @param model reads the same tokens, its sentences being targets
   * @param weight of its log-probabilities
   * @param bonus for each label, against the shortness that a language model prefers
   */
  public record Guide(BeamSearch.Searched model, double weight, double bonus, int[] ids) {

    /** Finds the token of the model for each of ours. */
    public static Guide of(
        BeamSearch.Searched model, double weight, double bonus, Tokenizer labels) {
      int[] ids = new int[labels.size()];
      boolean known = false;
      for (int label = 0; label < ids.length; label++) {
        boolean special = label == labels.endOfSentence() || label == labels.unknown();
        int[] own = special ? new int[0] : model.tokenizer().encode(labels.token(label));
        if (!special && own.length != 1) {
          throw new InputException(
              String.format(
                  Locale.ROOT,
                  "the language model does not have «%s» as one token",
                  labels.token(label)),
              "Train it on the targets, with the unit of the targets.");
        }
        ids[label] = special ? model.tokenizer().unknown() : own[0];
        known |= !special && own[0] != model.tokenizer().unknown();
      }
      if (!known) {
        throw new InputException(
            "the language model knows none of the labels",
            "Train it on the targets, with the unit of the targets.");
      }
      return new Guide(model, weight, bonus, ids);
    }
  }

  /**
   * Creates a search.
   *
   * @param beam prefixes that are kept at each step; 1 takes the likeliest label of each step
   * @param guide leads the beam, or null
   */
  public CtcSearch(int blank, int beam, @Nullable Guide guide) {
    this.blank = blank;
    this.beam = beam;
    this.guide = guide;
  }

  /** Labels with their score. */
  record Found(int[] labels, double score) {}

  /** Returns what is found in log-probabilities [T][labels], the best first. */
  List<Found> search(float[][] logProbabilities) {
    return beam == 1 && guide == null
        ? List.of(greedy(logProbabilities))
        : prefixes(logProbabilities);
  }

  private Found greedy(float[][] logProbabilities) {
    int[] labels = new int[logProbabilities.length];
    int count = 0;
    int before = blank;
    double score = 0;
    for (float[] row : logProbabilities) {
      int best = Reductions.placeOfMax(row, 0, row.length);
      score += row[best];
      if (best != blank && best != before) {
        labels[count++] = best;
      }
      before = best;
    }
    return new Found(Arrays.copyOf(labels, count), score);
  }

  /**
   * The labels of a prefix: the last one, after those of another. There is one object for equal
   * labels, so that prefixes are compared in a time that does not grow with their length.
   */
  private static final class Chain {
    private final @Nullable Chain parent;
    private final int label;
    private final int length;

    /** Those longer by a label that have been kept at some step. */
    private final Map<Integer, Chain> kept = new HashMap<>(2);

    Chain(@Nullable Chain parent, int label) {
      this.parent = parent;
      this.label = label;
      this.length = parent == null ? 0 : parent.length + 1;
    }

    /** Returns these labels and one more: the same object as before, if it was ever kept. */
    Chain with(int next) {
      Chain known = kept.get(next);
      return known == null ? new Chain(this, next) : known;
    }

    void keep() {
      if (parent != null) {
        parent.kept.put(label, this);
      }
    }

    int[] labels() {
      int[] labels = new int[length];
      Chain chain = this;
      for (int i = length - 1; i >= 0 && chain != null; i--) {
        labels[i] = chain.label;
        chain = chain.parent;
      }
      return labels;
    }
  }

  /** A prefix, told apart by its labels. */
  private static final class Prefix {
    private final Chain labels;
    private final double guided;
    private @Nullable NetworkState state;

    /** Where the language model stood before the last label, until it is asked to continue. */
    private final @Nullable NetworkState before;

    private double endsInBlank = Double.NEGATIVE_INFINITY;
    private double endsInLabel = Double.NEGATIVE_INFINITY;
    private float @Nullable [] next;

    Prefix(
        Chain labels, double guided, @Nullable NetworkState before, @Nullable NetworkState state) {
      this.labels = labels;
      this.guided = guided;
      this.before = before;
      this.state = state;
    }

    /** Most prefixes are dropped before the language model has to read them. */
    @Nullable NetworkState state(Guide lead) {
      if (state == null && before != null) {
        state = lead.model.step(before, lead.ids[last()]);
      }
      return state;
    }

    double probability() {
      return Ctc.add(endsInBlank, endsInLabel);
    }

    double score() {
      return probability() + guided;
    }

    int last() {
      return labels.label;
    }
  }

  private List<Found> prefixes(float[][] logProbabilities) {
    Guide lead = guide;
    var empty = new Prefix(new Chain(null, -1), 0, null, lead == null ? null : lead.model.start());
    empty.endsInBlank = 0;
    List<Prefix> open = List.of(empty);
    Map<Chain, Prefix> known = new HashMap<>();
    for (float[] row : logProbabilities) {
      Cancellation.check();
      var next = new LinkedHashMap<Chain, Prefix>();
      for (Prefix prefix : open) {
        extend(prefix, row, known, next);
      }
      open =
          next.values().stream()
              .sorted(Comparator.comparingDouble((Prefix each) -> -each.score())) // stable
              .limit(beam)
              .toList();
      known = new HashMap<>();
      for (Prefix prefix : open) {
        prefix.labels.keep();
        known.put(prefix.labels, prefix);
      }
    }
    return open.stream()
        .map(each -> new Found(each.labels.labels(), each.probability() + whole(each)))
        .sorted(Comparator.comparingDouble((Found each) -> -each.score))
        .toList();
  }

  private void extend(
      Prefix prefix, float[] row, Map<Chain, Prefix> known, Map<Chain, Prefix> next) {
    Prefix same = next.computeIfAbsent(prefix.labels, unseen -> copyOf(prefix));
    same.endsInBlank = Ctc.add(same.endsInBlank, prefix.probability() + row[blank]);
    if (prefix.last() >= 0) {
      same.endsInLabel = Ctc.add(same.endsInLabel, prefix.endsInLabel + row[prefix.last()]);
    }
    for (int label = 0; label < row.length; label++) {
      if (label == blank) {
        continue;
      }
      double before = label == prefix.last() ? prefix.endsInBlank : prefix.probability();
      if (before + row[label] == Double.NEGATIVE_INFINITY || row[label] < -20) {
        continue; // one in 5·10⁸
      }
      Prefix longer =
          next.computeIfAbsent(
              prefix.labels.with(label),
              labels -> {
                Prefix old = known.get(labels);
                return old == null ? longer(prefix, labels) : copyOf(old);
              });
      longer.endsInLabel = Ctc.add(longer.endsInLabel, before + row[label]);
    }
  }

  /** The same prefix, at a step at which nothing has led to it yet. */
  private static Prefix copyOf(Prefix prefix) {
    var copy = new Prefix(prefix.labels, prefix.guided, prefix.before, prefix.state);
    copy.next = prefix.next;
    return copy;
  }

  private Prefix longer(Prefix prefix, Chain labels) {
    Guide lead = guide;
    if (lead == null) {
      return new Prefix(labels, 0, null, null);
    }
    double guided =
        prefix.guided + lead.bonus + lead.weight * following(prefix, lead, lead.ids[labels.label]);
    return new Prefix(labels, guided, prefix.state(lead), null);
  }

  /** Returns the language model's log-probability of a token after a prefix. */
  private static double following(Prefix prefix, Guide lead, int id) {
    float[] next = prefix.next;
    NetworkState state = prefix.state(lead);
    if (next == null && state != null) {
      next = new float[lead.model.tokenizer().size()];
      lead.model.logits(state, next);
      double total = Softmax.logSumExp(next, 0, next.length);
      for (int i = 0; i < next.length; i++) {
        next[i] = (float) (next[i] - total);
      }
      prefix.next = next;
    }
    return next == null ? 0 : next[id];
  }

  /** What the language model says of a whole target, its end included. */
  private double whole(Prefix prefix) {
    Guide lead = guide;
    if (lead == null) {
      return 0;
    }
    int end = lead.model.tokenizer().endOfSentence();
    return prefix.guided + lead.weight * following(prefix, lead, end);
  }
}
