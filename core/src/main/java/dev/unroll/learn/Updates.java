package dev.unroll.learn;

import dev.unroll.base.Workers;
import dev.unroll.kernel.Fma;
import dev.unroll.kernel.Reductions;
import dev.unroll.kernel.Slice;
import dev.unroll.train.Learner.UsedRows;
import dev.unroll.train.Training;
import dev.unroll.train.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From the gradient of a step to other parameters: clipping, weight decay, the optimizer, the mean
 * of the parameters. Rows that a step does not use may wait ({@link IdleRows}): {@link #catchUp}
 * before all parameters are read.
 */
final class Updates {

  /** Parameters that one thread updates at a time. */
  private static final int GRAIN = 4096;

  private final RunState run;
  private final Training options;
  private final LayerRates rates;
  private final float[] gradients;

  /** Whether steps may leave rows alone: nothing but the optimizer changes them. */
  private final boolean mayWait;

  private @Nullable IdleRows idle;

  /** Some neighboring parameters. */
  private record Range(int from, int to) {}

  /** What no row waits of. */
  private List<Range> busy;

  Updates(RunState run, Training options, LayerRates rates) {
    this.run = run;
    this.options = options;
    this.rates = rates;
    gradients = new float[run.parameters.length];
    mayWait =
        options.weightDecay().value() == 0
            && options.layerRates().isEmpty()
            && options.averageAfter() == 0;
    busy = List.of(new Range(0, gradients.length));
  }

  /** Returns whether steps may leave rows alone. */
  boolean mayWait() {
    return mayWait;
  }

  /** Returns the gradients of the step at work. */
  float[] gradients() {
    return gradients;
  }

  /**
   * Begins a step: gradients are zeros, and the parameters that it uses are up to date.
   *
   * @param used rows of matrices of which the step uses no others
   */
  void begin(List<UsedRows> used, Workers workers) {
    List<Slice> matrices = mayWait && idle == null ? IdleRows.worthwhile(used) : List.of();
    if (!matrices.isEmpty()) {
      Arrays.fill(gradients, 0f);
      matrices = matrices.stream().sorted(Comparator.comparingInt(Slice::offset)).toList();
      idle = new IdleRows(matrices, run.update, run.parameters, gradients);
      busy = between(matrices);
    }
    forEachBusy(workers, (from, to) -> Arrays.fill(gradients, from, to, 0f));
    if (idle != null) {
      idle.begin(used, workers);
    }
  }

  private List<Range> between(List<Slice> matrices) {
    var ranges = new ArrayList<Range>();
    int from = 0;
    for (Slice matrix : matrices) {
      ranges.add(new Range(from, matrix.offset()));
      from = matrix.offset() + matrix.size();
    }
    ranges.add(new Range(from, gradients.length));
    return ranges;
  }

  private void forEachBusy(Workers workers, Workers.RangeTask task) {
    for (Range range : busy) {
      workers.run(
          range.to - range.from, GRAIN, (from, to) -> task.run(range.from + from, range.from + to));
    }
  }

  /** Clips each element first, so that the norm is that of what is left; a NaN stays one. */
  double clippedNorm(int epoch, Workers workers) {
    rates.freeze(gradients, epoch);
    float limit = (float) options.clipValue();
    if (limit > 0) {
      forEachBusy(workers, (from, to) -> clip(limit, from, to));
    }
    if (idle == null) {
      return Reductions.norm(gradients, workers);
    }
    var chunks = new BitSet();
    busy.forEach(range -> Reductions.markChunks(chunks, range.from, range.to));
    for (UsedRows each : idle.used()) {
      for (int row : each.rows()) {
        if (limit > 0) {
          clip(limit, each.from(row), each.to(row));
        }
        Reductions.markChunks(chunks, each.from(row), each.to(row));
      }
    }
    return Reductions.norm(gradients, chunks, workers);
  }

  private void clip(float limit, int from, int to) {
    for (int i = from; i < to; i++) {
      gradients[i] = Math.max(-limit, Math.min(limit, gradients[i]));
    }
  }

  /** Applies the gradient, scaled so that its norm is no more than the bound. */
  void apply(double norm, double rate, Workers workers) {
    run.applied++;
    double bound = options.clipNorm();
    float scale = bound > 0 && norm > bound ? (float) (bound / norm) : 1f;
    boolean averaging = run.averaged > 0;
    run.averaged += averaging ? 1 : 0;
    float share = (float) (1.0 / Math.max(1, run.averaged));
    float[] parameters = run.parameters;
    float[] average = run.average;
    int epoch = run.epoch;
    forEachBusy(
        workers,
        (from, to) -> {
          for (LayerRates.Range range : rates.ranges(epoch, from, to)) {
            update(range, scale, rate * range.factor());
          }
          for (int i = from; averaging && i < to; i++) {
            average[i] = Fma.fma(share, parameters[i] - average[i], average[i]);
          }
        });
    if (idle != null) {
      idle.apply(run.update.at(new Optimizer.Step(run.applied, rate, scale)), workers);
    }
  }

  /** Changes some parameters; each of them by itself. */
  private void update(LayerRates.Range range, float scale, double rate) {
    float[] parameters = run.parameters;
    float decay = (float) options.weightDecay().value();
    boolean coupled = decay > 0 && !options.weightDecay().decoupled();
    float shrink = (float) (1 - rate * decay);
    for (int i = range.from(); coupled && i < range.to(); i++) {
      gradients[i] = Fma.fma(decay, parameters[i], scale * gradients[i]);
    }
    for (int i = range.from(); decay > 0 && !coupled && i < range.to(); i++) {
      parameters[i] *= shrink;
    }
    var next = new Optimizer.Step(run.applied, rate, coupled ? 1f : scale);
    run.update.apply(parameters, gradients, next, range.from(), range.to());
  }

  /** Brings rows up to date that steps have left alone. */
  void catchUp(Workers workers) {
    if (idle != null) {
      idle.catchUp(workers);
    }
  }
}
