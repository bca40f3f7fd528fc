package dev.unroll.task;

import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Softmax;
import dev.unroll.kernel.Workers;
import dev.unroll.model.InputException;
import dev.unroll.model.TransducerNetwork;
import dev.unroll.nn.Embedding;
import dev.unroll.nn.Steps;
import dev.unroll.train.TransducerPairs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Looks for the targets that an encoder-decoder finds most probable. At each step the {@code beam}
 * best beginnings of each source are kept; one that has ended is finished, and when {@code beam} of
 * them are, the search is over. Finished ones are compared by
 *
 * <pre>{@code
 * log P(target | source) / ((5 + |target|) / 6)ᵃ                    (Wu et al. 2016)
 * }</pre>
 *
 * <p>With a beam of 1 it is greedy. Sources of like length are read together; the result of each
 * has the same bits in any company.
 */
final class TransducerSearch {

  /** Sources whose targets are written side by side. */
  private static final int TOGETHER = 32;

  private final TransducerNetwork network;
  private final TransducerNetwork.Weights weights;
  private final int end;
  private final int unknown;
  private final Decoding options;

  /** Searches with weights that are packed; tokens {@code end} and {@code unknown} are special. */
  TransducerSearch(
      TransducerNetwork network,
      TransducerNetwork.Weights weights,
      int end,
      int unknown,
      Decoding options) {
    this.network = network;
    this.weights = weights;
    this.end = end;
    this.unknown = unknown;
    this.options = options;
    if (network.vocabulary() < 3) {
      throw new InputException(
          "the targets have no token that could be written", "Give targets with some text.");
    }
  }

  /**
   * A target that was found.
   *
   * @param ids its tokens, without its end
   * @param logProbability of it and its end
   * @param score what it is compared by
   * @param attention of each token, how much each token of the source counted; empty unless asked
   */
  record Found(int[] ids, double logProbability, double score, List<float[]> attention) {}

  /** A beginning of a target, with the row of the front that it stands in. */
  private record Beginning(int[] ids, double logProbability, int row, List<float[]> attention) {
    int last() {
      return ids.length == 0 ? Embedding.START : ids[ids.length - 1];
    }
  }

  /** Returns of each source, its end included, the targets found, the best first. */
  List<List<Found>> search(List<int[]> sources, Workers workers) {
    Integer[] order = IntStream.range(0, sources.size()).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingInt(i -> sources.get(i).length)); // stable
    var all = new ArrayList<List<Found>>();
    sources.forEach(each -> all.add(List.of()));
    var space = network.newBuffers(false);
    for (int from = 0; from < order.length; from += TOGETHER) {
      int first = from;
      int count = Math.min(TOGETHER, order.length - from);
      var some = IntStream.range(0, count).mapToObj(i -> sources.get(order[first + i])).toList();
      List<List<Found>> found = together(some, space, workers);
      for (int i = 0; i < count; i++) {
        all.set(order[first + i], found.get(i));
      }
    }
    return all;
  }

  private List<List<Found>> together(
      List<int[]> sources, TransducerNetwork.Buffers space, Workers workers) {
    Steps steps = TransducerPairs.steps(sources);
    int[] tokens = TransducerPairs.rows(sources, steps);
    TransducerNetwork.Front front = network.begin(weights, steps, tokens, space, workers);
    var open = new ArrayList<List<Beginning>>();
    var finished = new ArrayList<List<Found>>();
    for (int s = 0; s < sources.size(); s++) {
      open.add(List.of(new Beginning(new int[0], 0, s, List.of())));
      finished.add(new ArrayList<>());
    }
    float[] values = {};
    for (int t = 0; open.stream().anyMatch(each -> !each.isEmpty()); t++) {
      var rows = open.stream().flatMap(List::stream).toList();
      int[] last = rows.stream().mapToInt(Beginning::last).toArray();
      boolean attends = options.attention();
      float[][] shares = attends ? new float[rows.size()][steps.length()] : new float[0][];
      values = Rows.room(values, rows.size(), network.vocabulary());
      Matrix logits = Matrix.of(values, rows.size(), network.vocabulary());
      front = network.step(weights, front, last, space, logits, attends ? shares : null, workers);
      int[][] best = new int[rows.size()][];
      workers.run(
          rows.size(),
          1,
          (from, to) -> {
            for (int row = from; row < to; row++) {
              best[row] = toLogProbabilities(logits, row);
            }
          });
      var chosen = new ArrayList<Integer>();
      int row = 0;
      for (int s = 0; s < sources.size(); s++) {
        int count = open.get(s).size();
        var here = new Step(logits, best, shares, row);
        List<Beginning> next =
            goOn(open.get(s), here, finished.get(s), t + 1 >= limit(sources.get(s)), chosen);
        open.set(s, next);
        row += count;
      }
      front = network.choose(front, chosen.stream().mapToInt(Integer::intValue).toArray());
    }
    return finished.stream().map(this::sorted).toList();
  }

  private int limit(int[] source) {
    return options.longest() > 0 ? options.longest() : 2 * source.length + 50;
  }

  /** What a step computed; the rows of a source begin at {@code first}. */
  private record Step(Matrix logProbabilities, int[][] best, float[][] shares, int first) {}

  /** A way to go on. */
  private record Way(Beginning from, int row, int id, double logProbability) {}

  /**
   * Returns the beginnings that are kept, whose rows are those of {@code chosen}; what has ended
   * goes to {@code finished}.
   */
  private List<Beginning> goOn(
      List<Beginning> open, Step step, List<Found> finished, boolean last, List<Integer> chosen) {
    var ways = new ArrayList<Way>();
    for (int i = 0; i < open.size(); i++) {
      int row = step.first + i;
      int at = step.logProbabilities.row(row);
      for (int id : step.best[row]) {
        double logProbability = open.get(i).logProbability + step.logProbabilities.data()[at + id];
        ways.add(new Way(open.get(i), row, id, logProbability));
      }
    }
    ways.sort(Comparator.comparingDouble((Way way) -> -way.logProbability)); // stable
    var next = new ArrayList<Beginning>();
    for (int i = 0; i < ways.size() && next.size() < options.beam(); i++) {
      Way way = ways.get(i);
      boolean ends = way.id == end;
      if (ends && i >= options.beam()) {
        continue;
      }
      List<float[]> attention = way.from.attention;
      if (options.attention() && !ends) {
        attention = new ArrayList<>(attention);
        attention.add(step.shares[way.row]);
      }
      int[] ids = way.from.ids;
      if (!ends) {
        ids = Arrays.copyOf(ids, ids.length + 1);
        ids[ids.length - 1] = way.id;
      }
      if (ends || last) {
        finished.add(found(ids, way.logProbability, attention));
      }
      if (!ends) {
        next.add(new Beginning(ids, way.logProbability, way.row, attention));
      }
    }
    if (last || finished.size() >= options.beam()) {
      return List.of();
    }
    next.forEach(each -> chosen.add(each.row));
    return next;
  }

  private Found found(int[] ids, double logProbability, List<float[]> attention) {
    double penalty = StrictMath.pow((5.0 + ids.length + 1) / 6, options.lengthPower());
    return new Found(ids, logProbability, logProbability / penalty, attention);
  }

  private List<Found> sorted(List<Found> found) {
    return found.stream()
        .sorted(Comparator.comparingDouble((Found each) -> -each.score)) // stable
        .limit(options.beam())
        .toList();
  }

  /**
   * Replaces a row of logits by log-probabilities, and returns the tokens of the greatest, one more
   * than the beam as one may be the end; never the unknown token.
   */
  private int[] toLogProbabilities(Matrix logits, int row) {
    float[] x = logits.data();
    int at = logits.row(row);
    int size = network.vocabulary();
    double total = Softmax.logSumExp(x, at, size);
    int[] best = new int[Math.min(options.beam() + 1, size - 1)];
    int count = 0;
    for (int id = 0; id < size; id++) {
      x[at + id] = (float) (x[at + id] - total);
      if (id == unknown || (count == best.length && x[at + id] <= x[at + best[count - 1]])) {
        continue;
      }
      int place = count < best.length ? count++ : count - 1;
      while (place > 0 && x[at + id] > x[at + best[place - 1]]) {
        best[place] = best[place - 1];
        place--;
      }
      best[place] = id;
    }
    return Arrays.copyOf(best, count);
  }
}
