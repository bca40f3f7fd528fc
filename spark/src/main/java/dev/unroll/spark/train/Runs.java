package dev.unroll.spark.train;

import dev.unroll.learn.ShardedLearner;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.train.Training;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The runs that this JVM takes part in. Each is prepared once, when its first task asks for it;
 * then there is a learner for each task at work, as one serves one thread. Where memory becomes
 * scarce they are dropped, and prepared again if they are needed.
 */
final class Runs {

  /** Of several models that are trained side by side, as in a search; others are garbage. */
  private static final int MOST = 16;

  private static final Map<String, SoftReference<Runs>> OPEN =
      new LinkedHashMap<>(MOST, 1f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SoftReference<Runs>> eldest) {
          return size() > MOST;
        }
      };

  private final Run<?> run;
  private final List<ShardedLearner> spare = new ArrayList<>();

  private Runs(Run<?> run) {
    this.run = run;
  }

  /**
   * Returns a run.
   *
   * @param name the hash of all that decides its bits
   */
  static Runs of(String name, Recipe<?> recipe) {
    synchronized (OPEN) { // whoever comes while it is prepared waits for the same one
      SoftReference<Runs> held = OPEN.get(name);
      Runs runs = held == null ? null : held.get();
      if (runs == null) {
        runs = new Runs(recipe.prepare(RunOutput.NOTHING));
        OPEN.put(name, new SoftReference<>(runs));
      }
      return runs;
    }
  }

  /** Returns the options of the run. */
  Training options() {
    return run.options();
  }

  /** Returns a learner that no other task has. */
  synchronized ShardedLearner borrow() {
    return spare.isEmpty() ? (ShardedLearner) run.learner() : spare.removeLast(); // all are
  }

  /** Takes back a learner that ended its shards. */
  synchronized void giveBack(ShardedLearner learner) {
    spare.add(learner);
  }
}
