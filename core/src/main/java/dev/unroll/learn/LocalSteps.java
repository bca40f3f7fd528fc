package dev.unroll.learn;

import dev.unroll.base.Workers;
import dev.unroll.learn.ShardedLearner.ShardLoss;
import dev.unroll.train.Training;
import dev.unroll.train.optimizer.Optimizer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Steps that each shard makes by itself, all from the same parameters and moments. Its values are
 * how far it moved the parameters, and its moments, one after the other.
 *
 * @param moments moments of the optimizer, by their names
 * @param steps the steps
 * @param applied steps of the run that were applied before
 */
record LocalSteps(
    float[] parameters, TreeMap<String, float[]> moments, ArrayList<OwnStep> steps, long applied)
    implements ShardTask {

  /**
   * A step.
   *
   * @param rate its learning rate
   */
  record OwnStep(Learner.Step step, double rate) implements Serializable {}

  @Override
  public int size() {
    int size = parameters.length;
    for (float[] moment : moments.values()) {
      size = Math.addExact(size, moment.length);
    }
    return size;
  }

  @Override
  public Sending sending() {
    return Sending.EXACT;
  }

  @Override
  public Work begin(ShardedLearner learner, Training options, Workers workers) {
    return new Replica(this, learner, options, workers);
  }

  @Override
  public ShardTask snapshot() {
    var copies = new TreeMap<String, float[]>();
    moments.forEach((name, moment) -> copies.put(name, moment.clone()));
    return new LocalSteps(parameters.clone(), copies, steps, applied);
  }

  /** Parameters and moments of a shard that makes steps by itself; of one shard after the other. */
  private static final class Replica implements Work {

    private final LocalSteps task;
    private final ShardedLearner learner;
    private final Workers workers;
    private final float[] parameters;
    private final TreeMap<String, float[]> moments;
    private final Updates updates;

    Replica(LocalSteps task, ShardedLearner learner, Training options, Workers workers) {
      this.task = task;
      this.learner = learner;
      this.workers = workers;
      parameters = new float[task.parameters().length];
      Optimizer.Update update = options.optimizer().newUpdate(parameters.length);
      moments = new TreeMap<>(update.moments());
      var rates = new LayerRates(options.layerRates(), learner.slices());
      updates = new Updates(parameters, update, options, rates, options.shards());
    }

    /**
     * Makes the steps. The gradient of each is that of the shard's share of the loss, times the
     * number of shards: on average that of the whole batch, whatever lengths its sequences have.
     */
    @Override
    public Result compute(Shard shard, Map<String, float[]> carried, float[] values) {
      System.arraycopy(task.parameters(), 0, parameters, 0, parameters.length);
      moments.forEach(
          (name, moment) ->
              System.arraycopy(
                  Objects.requireNonNull(task.moments().get(name)), 0, moment, 0, moment.length));
      int count = task.steps().size();
      double[] losses = new double[count];
      double[] norms = new double[count];
      Map<String, float[]> state = carried;
      boolean finite = true;
      for (int i = 0; i < count && finite; i++) { // after one that is not, the round is skipped
        OwnStep own = task.steps().get(i);
        updates.begin(updates.mayWait() ? learner.rows(own.step()) : List.of(), workers);
        learner.begin(parameters, own.step(), workers);
        ShardLoss loss = learner.shard(shard, state, updates.gradients(), workers);
        state = loss.carried();
        losses[i] = loss.sum();
        norms[i] = updates.clippedNorm(own.step().epoch(), workers);
        finite = Double.isFinite(losses[i]) && Double.isFinite(norms[i]);
        if (finite) {
          long number = task.applied() + i + 1;
          updates.apply(new Updates.Now(number, own.step().epoch(), own.rate(), norms[i]), workers);
        }
      }
      updates.catchUp(workers);
      write(values);
      return new Result(losses, norms, state);
    }

    /**
     * How far parameters moved, so that one that no shard moves stays what it is to the last bit.
     */
    private void write(float[] values) {
      float[] start = task.parameters();
      workers.run(
          parameters.length,
          Updates.GRAIN,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              values[i] = parameters[i] - start[i];
            }
          });
      int at = parameters.length;
      for (float[] moment : moments.values()) {
        System.arraycopy(moment, 0, values, at, moment.length);
        at += moment.length;
      }
    }
  }
}
