package dev.unroll.learn;

import dev.unroll.base.Workers;
import dev.unroll.kernel.Fma;
import dev.unroll.kernel.Reductions;
import dev.unroll.kernel.Slice;
import dev.unroll.learn.Learner.UsedRows;
import dev.unroll.train.Training;
import dev.unroll.train.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From the gradient of a step to other parameters: clipping, weight decay, the optimizer. Rows that
 * a step does not use may wait ({@link IdleRows}): {@link #catchUp} before all parameters are read.
 */
final class Updates {

  /** Parameters that one thread updates at a time. */
  static final int GRAIN = 4096;

  private final float[] parameters;
  private final Optimizer.Update update;
  private final Training options;
  private final LayerRates rates;
  private final float[] gradients;

  /** Factor of all gradients. */
  private final float factor;

  /** Whether steps may leave rows alone: nothing but the optimizer changes them. */
  private final boolean mayWait;

  private @Nullable IdleRows idle;

  /**
   * A step that is applied.
   *
   * @param number its number among those that are applied, from 1
   * @param epoch its epoch, from 0
   * @param rate learning rate
   * @param norm norm of the gradient
   */
  record Now(long number, int epoch, double rate, double norm) {}

  /** Some neighboring parameters. */
  private record Range(int from, int to) {}

  /** What no row waits of. */
  private List<Range> busy;

  /**
   * Prepares to change parameters.
   *
   * @param factor factor of all gradients, before they are clipped
   */
  Updates(
      float[] parameters,
      Optimizer.Update update,
      Training options,
      LayerRates rates,
      float factor) {
    this.parameters = parameters;
    this.update = update;
    this.options = options;
    this.rates = rates;
    this.factor = factor;
    gradients = new float[parameters.length];
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
      idle = new IdleRows(matrices, update, parameters, gradients);
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
    float limit = (float) options.clipValue() / factor;
    if (limit > 0) {
      forEachBusy(workers, (from, to) -> clip(limit, from, to));
    }
    if (idle == null) {
      return factor * Reductions.norm(gradients, workers);
    }
    var blocks = new BitSet();
    busy.forEach(range -> Reductions.markBlocks(blocks, range.from, range.to));
    for (UsedRows each : idle.used()) {
      for (int row : each.rows()) {
        if (limit > 0) {
          clip(limit, each.from(row), each.to(row));
        }
        Reductions.markBlocks(blocks, each.from(row), each.to(row));
      }
    }
    return factor * Reductions.norm(gradients, blocks, workers);
  }

  private void clip(float limit, int from, int to) {
    for (int i = from; i < to; i++) {
      gradients[i] = Math.max(-limit, Math.min(limit, gradients[i]));
    }
  }

  /** Applies the gradient, scaled so that its norm is no more than the bound. */
  void apply(Now now, Workers workers) {
    double bound = options.clipNorm();
    float scale = factor * (bound > 0 && now.norm > bound ? (float) (bound / now.norm) : 1f);
    forEachBusy(
        workers,
        (from, to) -> {
          for (LayerRates.Range range : rates.ranges(now.epoch, from, to)) {
            update(range, new Optimizer.Step(now.number, now.rate * range.factor(), scale));
          }
        });
    if (idle != null) {
      idle.apply(new Optimizer.Step(now.number, now.rate, scale), workers);
    }
  }

  /** Changes some parameters; each of them by itself. */
  private void update(LayerRates.Range range, Optimizer.Step step) {
    float decay = (float) options.weightDecay().value();
    boolean coupled = decay > 0 && !options.weightDecay().decoupled();
    float scale = step.gradientScale();
    float shrink = (float) (1 - step.rate() * decay);
    for (int i = range.from(); coupled && i < range.to(); i++) {
      gradients[i] = Fma.fma(decay, parameters[i], scale * gradients[i]);
    }
    for (int i = range.from(); decay > 0 && !coupled && i < range.to(); i++) {
      parameters[i] *= shrink;
    }
    var next = coupled ? new Optimizer.Step(step.number(), step.rate(), 1f) : step;
    update.apply(parameters, gradients, next, range.from(), range.to());
  }

  /** Brings rows up to date that steps have left alone. */
  void catchUp(Workers workers) {
    if (idle != null) {
      idle.catchUp(workers);
    }
  }
}
