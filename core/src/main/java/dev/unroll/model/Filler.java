package dev.unroll.model;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Numbers;
import dev.unroll.kernel.Softmax;
import dev.unroll.network.NetworkState;
import dev.unroll.task.lm.Likeliest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Fills the gap between two texts. A beam search of the forward model proposes continuations of the
 * left one; then the whole text with each of them is scored by the forward model and, if there is
 * one, by a backward model, which reads from right to left:
 *
 * <pre>{@code
 * (log P→(left gap right) + log P←(left gap right)) / 2 / tokensᵃ
 * }</pre>
 *
 * @param forward continues the left text
 * @param backward reads from right to left, with the same vocabulary; null for none
 * @param length most tokens of a gap
 * @param beam beginnings that are kept at each length; all of them are candidates
 * @param lengthPower a; 0 compares probabilities, so that the shorter gap wins
 */
public record Filler(
    LanguageModel forward,
    @Nullable LanguageModel backward,
    int length,
    int beam,
    double lengthPower) {

  /** Checks the numbers, and that the models fit together. */
  public Filler {
    Objects.requireNonNull(forward, "forward");
    if (length < 1 || length > 10_000) {
      throw new InputException("the length of a gap is " + length, "It must be in 1 … 10,000.");
    }
    if (beam < 1 || beam > 10_000) {
      throw new InputException("beam is " + beam, "It must be in 1 … 10,000.");
    }
    if (!(lengthPower >= 0 && lengthPower <= 10)) {
      throw new InputException("length power is " + lengthPower, "It must be in [0, 10].");
    }
    if (backward != null) {
      if (!backward.isBackward()) {
        throw new InputException(
            "the second model reads from left to right, too", "Train it with {backward}.");
      }
      forward.tokenizer().checkSame(backward.tokenizer());
    }
  }

  /** Uses a forward model only: gaps of up to 10 tokens, a beam of 32, scores per token. */
  public static Filler of(LanguageModel forward) {
    return new Filler(forward, null, 10, 32, 1);
  }

  /**
   * Uses a forward and a backward model: gaps of up to 10 tokens, a beam of 32, scores per token.
   */
  public static Filler of(LanguageModel forward, LanguageModel backward) {
    Objects.requireNonNull(backward, "backward");
    return new Filler(forward, backward, 10, 32, 1);
  }

  /**
   * A filled gap.
   *
   * @param gap what stands in it
   * @param text the whole text
   * @param forward log-probability of the whole text, in nats
   * @param backward that of the other model; NaN without one
   * @param score what gaps are compared by
   */
  public record Filled(String gap, String text, double forward, double backward, double score) {}

  private record Beginning(int[] ids, NetworkState state, double logProbability) {}

  /** A way to continue: the token, and the log-probability with it. */
  private record Way(Beginning from, int id, double logProbability) {}

  /** Returns what may stand between two texts, the best first. */
  public List<Filled> fill(String left, String right, int count, Workers workers) {
    Objects.requireNonNull(left, "left");
    Objects.requireNonNull(right, "right");
    Numbers.checkCount("count", count, 0, Integer.MAX_VALUE);
    if ((left + right).contains("\n")) {
      throw new InputException(
          "a text to fill has a line end",
          "Give what stands on one line, before and after the gap.");
    }
    var candidates = candidates(forward.after(left));
    int[] before = forward.promptIds(left);
    int[] after = forward.closed(right);
    var sentences = candidates.stream().map(gap -> joined(before, gap, after)).toList();
    List<double[]> ahead = forward.logProbabilities(sentences, workers);
    List<double[]> back = backward == null ? null : backward.logProbabilities(sentences, workers);
    var filled = new ArrayList<Filled>();
    for (int i = 0; i < sentences.size(); i++) {
      double own = sum(ahead.get(i));
      double other = back == null ? Double.NaN : sum(back.get(i));
      double mean = back == null ? own : (own + other) / 2;
      double score = mean / StrictMath.pow(sentences.get(i).length, lengthPower);
      filled.add(written(candidates.get(i), left, right, new double[] {own, other, score}));
    }
    return filled.stream()
        .sorted(Comparator.comparingDouble((Filled each) -> -each.score)) // stable
        .limit(count)
        .toList();
  }

  private static double sum(double[] parts) {
    return Arrays.stream(parts).reduce(0, (a, b) -> a + b); // in order
  }

  private static int[] joined(int[] before, int[] gap, int[] after) {
    return IntStream.concat(
            IntStream.concat(Arrays.stream(before), Arrays.stream(gap)), Arrays.stream(after))
        .toArray();
  }

  /** The likeliest continuations of each length; none has an unknown token or an end. */
  private List<int[]> candidates(NetworkState start) {
    var all = new ArrayList<int[]>();
    List<Beginning> open = List.of(new Beginning(new int[0], start, 0));
    for (int t = 0; t < length; t++) {
      var ways = new ArrayList<Way>();
      open.forEach(beginning -> extend(beginning, ways));
      ways.sort(Comparator.comparingDouble(way -> -way.logProbability)); // stable
      boolean last = t == length - 1;
      open = ways.stream().limit(beam).map(way -> read(way, last)).toList();
      open.forEach(each -> all.add(each.ids));
    }
    return all;
  }

  private Beginning read(Way way, boolean last) {
    int[] ids = Arrays.copyOf(way.from.ids, way.from.ids.length + 1);
    ids[ids.length - 1] = way.id;
    NetworkState state = last ? way.from.state : forward.step(way.from.state, way.id);
    return new Beginning(ids, state, way.logProbability);
  }

  private void extend(Beginning from, List<Way> ways) {
    Tokenizer tokenizer = forward.tokenizer();
    float[] logits = new float[tokenizer.size()];
    forward.logits(from.state, logits);
    double normalizer = Softmax.logSumExp(logits, 0, logits.length);
    logits[tokenizer.endOfSentence()] = Float.NEGATIVE_INFINITY;
    logits[tokenizer.unknown()] = Float.NEGATIVE_INFINITY;
    for (int id : Likeliest.ids(logits, beam)) {
      ways.add(new Way(from, id, from.logProbability + logits[id] - normalizer));
    }
  }

  private Filled written(int[] gap, String left, String right, double[] scores) {
    var detokenizer = forward.tokenizer().detokenizer(left);
    var text = new StringBuilder();
    for (int id : gap) {
      text.append(detokenizer.add(id));
    }
    int[] next = forward.tokenizer().encode(right);
    String joint = next.length == 0 ? "" : detokenizer.add(next[0]);
    boolean blank = joint.startsWith(" ") && !right.startsWith(" ");
    String whole = left + text + (blank ? " " : "") + right;
    return new Filled(text.toString(), whole, scores[0], scores[1], scores[2]);
  }
}
