package dev.unroll.spark;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** Sees what tasks a driver starts, and kills the executors of some of them. */
final class Watch extends SparkListener {

  /** Tasks that ran a second time beside the first. */
  final AtomicInteger repeated = new AtomicInteger();

  /** Tasks that were lost with their executors. */
  final AtomicInteger lost = new AtomicInteger();

  /** Executors that were killed. */
  final AtomicInteger killed = new AtomicInteger();

  private final Cluster cluster;
  private volatile int wanted;
  private volatile boolean afterShuffle;
  private int started;

  /** The executor that was killed last, until the driver knows; empty for none. */
  private volatile String dying = "";

  Watch(Cluster cluster) {
    this.cluster = cluster;
  }

  /** From the fifth task on kills executors, one after the other, until so many tasks were lost. */
  void kill(int tasks) {
    wanted = tasks;
  }

  /** Kills in stages only that read what others have shuffled. */
  void killAfterShuffle(int tasks) {
    afterShuffle = true;
    kill(tasks);
  }

  private volatile int lastShuffled = -1;

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    if (!submitted.stageInfo().parentIds().isEmpty()) {
      lastShuffled = submitted.stageInfo().stageId();
    }
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart start) {
    repeated.addAndGet(start.taskInfo().speculative() ? 1 : 0);
    boolean chosen = !afterShuffle || start.stageId() == lastShuffled;
    boolean enough = !dying.isEmpty() || lost.get() >= wanted;
    if (chosen && ++started > (afterShuffle ? 0 : 4) && !enough) {
      String executor = start.taskInfo().executorId();
      if (cluster.kill(executor)) {
        dying = executor;
        killed.incrementAndGet();
      }
    }
  }

  @Override
  public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    dying = removed.executorId().equals(dying) ? "" : dying;
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    lost.addAndGet(end.reason() instanceof ExecutorLostFailure ? 1 : 0);
  }
}
