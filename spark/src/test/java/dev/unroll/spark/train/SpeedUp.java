package dev.unroll.spark.train;

/**
 * How much faster executors train than one machine, calculated from what the parts of a step cost.
 * Each executor has one core, a link of its own, and a batch of its own as large as that of which
 * the costs are, so that a step of N executors does the work of N batches. The driver has a link
 * like theirs, and cores enough to read four gradients at once, as Spark does.
 *
 * <pre>{@code
 * step = stages + tasks + parameters out + shards + gradients back + optimizer
 * }</pre>
 *
 * @param batch work on a batch
 * @param vector work on as many numbers as the network has parameters
 * @param cluster what Spark adds
 */
record SpeedUp(Batch batch, Vector vector, Scheduling cluster) {

  /** Gradients that a driver reads at once: {@code spark.resultGetter.threads}. */
  static final int READERS = 4;

  /** Parameters and the two moments of Adam, which local SGD averages. */
  static final int AVERAGED = 3;

  /**
   * Seconds of a batch.
   *
   * @param compute loss and gradient, on one core
   * @param optimize a step of the optimizer
   */
  record Batch(double compute, double optimize) {}

  /**
   * Seconds of a vector, and its size.
   *
   * @param bytes when it travels
   * @param write a driver makes blocks of it
   * @param read an executor makes parameters of blocks
   * @param encode an executor makes a result of a gradient
   * @param decode a reader makes a gradient of a result
   * @param add adding it to another
   */
  record Vector(
      double bytes, double write, double read, double encode, double decode, double add) {}

  /**
   * Seconds of Spark's own work.
   *
   * @param stage a stage, from its submission to its end
   * @param task each task of it, one after the other in the driver
   */
  record Scheduling(double stage, double task) {}

  /** How gradients come together. */
  enum Reduction {
    /** Each task's at the driver. */
    COLLECT,
    /**
     * By a tree of two levels: √N executors add up those of √N others each, the driver the rest.
     */
    TREE,
    /** Each executor adds up one slice of all, and the driver joins the slices. */
    SLICES
  }

  /**
   * Machines.
   *
   * @param executors one core each
   * @param rate bytes in a second that each link carries, both ways
   */
  record Machines(int executors, double rate) {

    /** All on one machine, where bytes are copied; what that takes is in the costs of a vector. */
    static Machines here(int executors) {
      return new Machines(executors, Double.POSITIVE_INFINITY);
    }
  }

  /** Returns seconds that vectors take from the driver to all executors, and their sum back. */
  double exchange(Reduction how, Machines on, int vectors) {
    return stages(how, on) + vectors * (out(on) + back(how, on));
  }

  private double stages(Reduction how, Machines on) {
    double one = cluster.stage + cluster.task * on.executors;
    return switch (how) {
      case COLLECT -> one;
      case TREE -> one + cluster.stage + cluster.task * width(on);
      case SLICES -> 2 * one;
    };
  }

  private static double width(Machines on) {
    return Math.ceil(Math.sqrt(on.executors));
  }

  /** Executors hand blocks on to one another while they receive them. */
  private double out(Machines on) {
    return vector.write + Math.min(2, on.executors) * vector.bytes / on.rate + vector.read;
  }

  private double back(Reduction how, Machines on) {
    int executors = on.executors;
    return switch (how) {
      case COLLECT -> vector.encode + taken(executors, READERS, on);
      case TREE ->
          2 * vector.encode + taken(executors / width(on), 1, on) + taken(width(on), READERS, on);
      case SLICES -> {
        double most = (executors - 1.0) / executors; // the rest is there
        double exchanged = most * (vector.bytes / on.rate + vector.decode) + vector.add;
        double joined = vector.bytes / on.rate + vector.decode / Math.min(READERS, executors);
        yield vector.encode * (1 + 1.0 / executors) + exchanged + joined;
      }
    };
  }

  /** Some vectors that come by one link, are read while others come, and are added up. */
  private double taken(double count, int readers, Machines on) {
    double reading = Math.ceil(count / readers) * vector.decode;
    return Math.max(count * vector.bytes / on.rate, reading) + count * vector.add;
  }

  /** Returns seconds of a step whose gradients are averaged at once. */
  double synchronousStep(Reduction how, Machines on) {
    return exchange(how, on, 1) + batch.compute + batch.optimize;
  }

  /**
   * Returns seconds of a step of local SGD, in the mean.
   *
   * @param steps steps between two averages
   */
  double localStep(Reduction how, Machines on, int steps) {
    return exchange(how, on, AVERAGED) / steps + batch.compute + batch.optimize;
  }

  /** Returns how often faster than one core of one machine steps of a length are. */
  double factor(Machines on, double step) {
    return on.executors * (batch.compute + batch.optimize) / step;
  }

  /** Returns the least number of steps between averages with which local SGD is faster. */
  int crossover(Reduction how, Machines on) {
    double gained = synchronousStep(how, on) - batch.compute - batch.optimize;
    return (int) Math.floor(exchange(how, on, AVERAGED) / gained) + 1;
  }

  /**
   * Returns the least number of steps between averages that keep a share of the speed, in (0, 1).
   */
  int stepsFor(double share, Reduction how, Machines on) {
    double own = batch.compute + batch.optimize;
    return (int) Math.max(1, Math.ceil(exchange(how, on, AVERAGED) * share / ((1 - share) * own)));
  }

  /**
   * Returns the least number of executors, from two on, of which slices come together faster than
   * whole gradients; at most {@code most}.
   */
  int slicesFrom(double rate, int most) {
    int executors = 2;
    while (executors < most && !slicesAreFaster(new Machines(executors, rate))) {
      executors++;
    }
    return executors;
  }

  private boolean slicesAreFaster(Machines on) {
    return exchange(Reduction.SLICES, on, 1) < exchange(Reduction.COLLECT, on, 1);
  }
}
