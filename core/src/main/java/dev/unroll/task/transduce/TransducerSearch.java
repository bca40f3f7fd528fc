package dev.unroll.task.transduce;

import dev.unroll.base.Cancellation;
import dev.unroll.base.InputException;
import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.batch.LengthBatches;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Softmax;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.Steps;
import dev.unroll.result.Decoding;
import dev.unroll.task.Pool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Looks for the targets that an encoder-decoder finds most probable, or several together, by the
 * mean of their probabilities of each token. At each step the {@code beam} best beginnings of each
 * source are kept; one that has ended is finished, and when {@code beam} of them are, the search is
 * over. Finished ones are compared by
 *
 * <pre>{@code
 * log P(target | source) / ((5 + |target|) / 6)ᵃ                    (Wu et al. 2016)
 * }</pre>
 *
 * <p>With a beam of 1 it is greedy. Sources of like length are read together; the result of each
 * has the same bits in any company.
 */
public final class TransducerSearch {

  private static final LengthBatches BATCHES = new LengthBatches(32);

  /** A network, with weights that are packed and buffers that are used again. */
  public record Member(
      TransducerNetwork network,
      TransducerNetwork.Weights weights,
      Pool<TransducerNetwork.Buffers> buffers) {

    public Member(TransducerNetwork network, TransducerNetwork.Weights weights) {
      this(network, weights, new Pool<>(() -> network.newBuffers(false)));
    }
  }

  private final List<Member> members;
  private final int vocabulary;
  private final int end;
  private final int unknown;
  private final Decoding options;

  /**
   * Prepares a search.
   *
   * @param members networks of the same vocabularies
   * @param end the token that ends a target
   * @param unknown the token that is written only to be replaced by a copy
   */
  TransducerSearch(List<Member> members, int end, int unknown, Decoding options) {
    this.members = members;
    this.end = end;
    this.unknown = unknown;
    this.options = options;
    vocabulary = members.getFirst().network.vocabulary();
    if (vocabulary < 3) {
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
  public record Found(int[] ids, double logProbability, double score, List<float[]> attention) {

    /** Returns the same with another score. */
    Found withScore(double value) {
      return new Found(ids, logProbability, value, attention);
    }
  }

  /** A beginning of a target, with the row of the front that it stands in. */
  private record Beginning(int[] ids, double logProbability, int row, List<float[]> attention) {
    int last() {
      return ids.length == 0 ? Embedding.START : ids[ids.length - 1];
    }
  }

  /** Returns of each source, its end included, the targets found, the best first. */
  List<List<Found>> search(List<int[]> sources, Workers workers) {
    return BATCHES.map(
        sources.size(),
        i -> sources.get(i).length,
        new LengthBatches.Team<>(workers, this::lend),
        (batch, spaces, team) ->
            together(
                Arrays.stream(batch.sequences()).mapToObj(sources::get).toList(), spaces, team));
  }

  private void lend(long rows, Consumer<List<TransducerNetwork.Buffers>> use) {
    withBuffers(options.beam() * rows, List.of(), use);
  }

  /** Uses buffers of each member; some of the first ones have theirs. */
  private void withBuffers(
      long rows,
      List<TransducerNetwork.Buffers> some,
      Consumer<List<TransducerNetwork.Buffers>> use) {
    if (some.size() == members.size()) {
      use.accept(some);
      return;
    }
    members
        .get(some.size())
        .buffers
        .run(
            rows,
            own -> {
              var more = new ArrayList<>(some);
              more.add(own);
              withBuffers(rows, more, use);
            });
  }

  /** Where the networks stand in some beginnings: a row for each. */
  private final class Fronts {
    private final Steps steps;
    private final List<TransducerNetwork.Buffers> spaces;
    private final Workers workers;
    private final List<TransducerNetwork.Front> fronts = new ArrayList<>();
    private final float[][] values = new float[members.size()][0];

    /** Reads sources, of each of which a target begins. */
    Fronts(List<int[]> sources, List<TransducerNetwork.Buffers> spaces, Workers workers) {
      this.spaces = spaces;
      this.workers = workers;
      steps = TransducerPairs.steps(sources);
      int[] tokens = TransducerPairs.rows(sources, steps);
      for (int m = 0; m < members.size(); m++) {
        Member member = members.get(m);
        fronts.add(member.network.begin(member.weights, steps, tokens, spaces.get(m), workers));
      }
    }

    /** Returns room for how much each token of a source counts in each row, if that is needed. */
    float[][] shares(int rows) {
      return new float[options.needsAttention() ? rows : 0][steps.length()];
    }

    /**
     * Writes the last token of each row.
     *
     * @param shares how much each token of the source counts is added to it
     * @return the logits of each network of what comes next
     */
    List<Matrix> step(int[] last, float[][] shares) {
      var logits = new ArrayList<Matrix>();
      for (int m = 0; m < members.size(); m++) {
        Member member = members.get(m);
        values[m] = Rows.room(values[m], last.length, vocabulary);
        logits.add(Matrix.of(values[m], last.length, vocabulary));
        float[][] own = new float[shares.length][steps.length()];
        fronts.set(
            m,
            member.network.step(
                member.weights,
                fronts.get(m),
                last,
                spaces.get(m),
                logits.get(m),
                options.needsAttention() ? own : null,
                workers));
        addMean(own, shares);
      }
      return logits;
    }

    private void addMean(float[][] own, float[][] mean) {
      for (int row = 0; row < own.length; row++) {
        for (int s = 0; s < own[row].length; s++) {
          mean[row][s] += own[row][s] / members.size();
        }
      }
    }

    /** Goes on with some of the rows. */
    void choose(List<Integer> chosen) {
      int[] kept = chosen.stream().mapToInt(Integer::intValue).toArray();
      for (int m = 0; m < members.size(); m++) {
        fronts.set(m, members.get(m).network.choose(fronts.get(m), kept));
      }
    }
  }

  private List<List<Found>> together(
      List<int[]> sources, List<TransducerNetwork.Buffers> spaces, Workers workers) {
    var fronts = new Fronts(sources, spaces, workers);
    var open = new ArrayList<List<Beginning>>();
    var finished = new ArrayList<List<Found>>();
    for (int s = 0; s < sources.size(); s++) {
      open.add(List.of(new Beginning(new int[0], 0, s, List.of())));
      finished.add(new ArrayList<>());
    }
    for (int t = 0; open.stream().anyMatch(each -> !each.isEmpty()); t++) {
      Cancellation.check();
      var rows = open.stream().flatMap(List::stream).toList();
      float[][] shares = fronts.shares(rows.size());
      var logits = fronts.step(rows.stream().mapToInt(Beginning::last).toArray(), shares);
      int[][] best = new int[rows.size()][];
      workers.run(
          rows.size(),
          1,
          (from, to) -> {
            for (int row = from; row < to; row++) {
              Matrix first = toLogProbabilities(logits, row);
              best[row] = greatest(first.data(), first.row(row));
            }
          });
      var chosen = new ArrayList<Integer>();
      int row = 0;
      for (int s = 0; s < sources.size(); s++) {
        int count = open.get(s).size();
        var here = new Step(logits.getFirst(), best, shares, row);
        List<Beginning> next =
            goOn(open.get(s), here, finished.get(s), t + 1 >= limit(sources.get(s)), chosen);
        open.set(s, next);
        row += count;
      }
      fronts.choose(chosen);
    }
    return finished.stream().map(this::sorted).toList();
  }

  /**
   * Returns targets as if the search had found them.
   *
   * @param sources the sources, their ends included
   * @param targets some targets of each, without their ends
   */
  List<List<Found>> force(List<int[]> sources, List<List<int[]>> targets, Workers workers) {
    return BATCHES.map(
        sources.size(),
        i -> sources.get(i).length,
        new LengthBatches.Team<>(workers, this::lend),
        (batch, spaces, team) -> {
          var fronts =
              new Fronts(
                  Arrays.stream(batch.sequences()).mapToObj(sources::get).toList(), spaces, team);
          var own = Arrays.stream(batch.sequences()).mapToObj(targets::get).toList();
          return forced(fronts, own, team);
        });
  }

  /** A target that is written whatever its probability is. */
  private static final class Forced {
    private final int[] ids;
    private final List<float[]> attention = new ArrayList<>();
    private double logProbability;

    Forced(int[] ids) {
      this.ids = ids;
    }

    int last(int t) {
      return t == 0 ? Embedding.START : ids[t - 1];
    }
  }

  private List<List<Found>> forced(Fronts fronts, List<List<int[]>> targets, Workers workers) {
    var all = targets.stream().map(own -> own.stream().map(Forced::new).toList()).toList();
    var chosen = new ArrayList<Integer>();
    for (int s = 0; s < all.size(); s++) {
      chosen.addAll(Collections.nCopies(all.get(s).size(), s));
    }
    List<Forced> open = all.stream().flatMap(List::stream).toList();
    for (int t = 0; !open.isEmpty(); t++) {
      Cancellation.check();
      fronts.choose(chosen);
      List<Forced> rows = open;
      int at = t;
      float[][] shares = fronts.shares(rows.size());
      var logits = fronts.step(rows.stream().mapToInt(each -> each.last(at)).toArray(), shares);
      workers.run(
          rows.size(),
          1,
          (from, to) -> {
            for (int row = from; row < to; row++) {
              Forced own = rows.get(row);
              Matrix first = toLogProbabilities(logits, row);
              int next = at < own.ids.length ? own.ids[at] : end;
              own.logProbability += first.data()[first.row(row) + next];
            }
          });
      chosen.clear();
      for (int row = 0; row < rows.size(); row++) {
        if (at < rows.get(row).ids.length) {
          chosen.add(row);
          if (options.needsAttention()) {
            rows.get(row).attention.add(shares[row]);
          }
        }
      }
      open = chosen.stream().map(rows::get).toList();
    }
    return all.stream()
        .map(
            own ->
                own.stream()
                    .map(each -> found(each.ids, each.logProbability, each.attention))
                    .toList())
        .toList();
  }

  private int limit(int[] source) {
    return options.longest() > 0 ? options.longest() : 2 * source.length + 50;
  }

  /** What a step computed; the rows of a source begin at {@code first}. */
  private record Step(Matrix logProbabilities, int[][] best, float[][] shares, int first) {}

  /** A continuation. */
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
      if (options.needsAttention() && !ends) {
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

  /** Replaces a row of the first logits by log-probabilities, and returns these. */
  private Matrix toLogProbabilities(List<Matrix> logits, int row) {
    for (Matrix each : logits) {
      float[] x = each.data();
      int at = each.row(row);
      double total = Softmax.logSumExp(x, at, vocabulary);
      for (int id = 0; id < vocabulary; id++) {
        x[at + id] = (float) (x[at + id] - total);
      }
    }
    Matrix first = logits.getFirst();
    if (logits.size() > 1) {
      mix(logits, row);
    }
    return first;
  }

  /** Replaces the first log-probabilities by those of the mean probabilities. */
  private void mix(List<Matrix> logits, int row) {
    float[] of = new float[logits.size()];
    for (int id = 0; id < vocabulary; id++) {
      for (int m = 0; m < of.length; m++) {
        of[m] = logits.get(m).data()[logits.get(m).row(row) + id];
      }
      double sum = Softmax.logSumExp(of, 0, of.length);
      Matrix first = logits.getFirst();
      first.data()[first.row(row) + id] = (float) (sum - StrictMath.log(of.length));
    }
  }

  /** Returns the greatest, one more than the beam as one may be the end; unknown only to copy. */
  private int[] greatest(float[] x, int at) {
    int possible = options.copy() ? vocabulary : vocabulary - 1;
    int[] best = new int[Math.min(options.beam() + 1, possible)];
    int count = 0;
    for (int id = 0; id < vocabulary; id++) {
      if ((id == unknown && !options.copy())
          || (count == best.length && x[at + id] <= x[at + best[count - 1]])) {
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
