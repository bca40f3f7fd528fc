package dev.unroll.spark.train;

import dev.unroll.learn.Shards;
import dev.unroll.spark.train.ClusterProgress.Work;
import dev.unroll.train.TrainingListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerBlockUpdated;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.BlockUpdatedInfo;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.storage.StreamBlockId;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What the steps of a run spent their time on, by what Spark reports to every listener and writes
 * to its log of events. A step waits for the last task of each of its stages, so that the times of
 * those tasks, and what is between them, add up to the step.
 */
final class StepTimes extends SparkListener implements TrainingListener {

  /**
   * Seconds of a step.
   *
   * @param whole from the end of the step before
   * @param compute shards, in the task that the step waited for
   * @param write parameters: made blocks of by the driver
   * @param read parameters: fetched and read by the executor
   * @param encode gradients: written by executors, and read there where they exchange them
   * @param decode gradients: fetched and read by the driver
   * @param add gradients added up, by the task and by the driver
   * @param schedule all that is left
   * @param optimize clipping and the optimizer
   */
  record Split(
      double whole,
      double compute,
      double write,
      double read,
      double encode,
      double decode,
      double add,
      double schedule,
      double optimize) {

    /** Returns the share of the step that one machine would not need. */
    double overhead() {
      return 1 - (compute + optimize) / whole;
    }

    /** Returns a step of a round of so many, in the mean. */
    Split stepOf(int round) {
      return new Split(
          whole / round,
          compute / round,
          write / round,
          read / round,
          encode / round,
          decode / round,
          add / round,
          schedule / round,
          optimize / round);
    }
  }

  /** A gradient, as the driver sees it, in milliseconds since 1970. */
  private record Gradient(long start, long end) {}

  /** A job of Spark. */
  private static final class Job {
    private final long start;
    private long end;
    private final TreeMap<Integer, List<SparkListenerTaskEnd>> stages = new TreeMap<>();

    Job(long start) {
      this.start = start;
    }
  }

  private final int round;
  private int steps;
  private final List<Gradient> gradients = new ArrayList<>();
  private final List<Long> ends = new ArrayList<>();
  private final Map<Integer, Job> jobs = new TreeMap<>();
  private final Map<Integer, Job> byStage = new HashMap<>();
  private long sent;
  private long exchanged;
  private long returned;

  /** Measures a run whose shards meet after every {@code round} steps. */
  StepTimes(int round) {
    this.round = round;
  }

  /** Computes the same, and notes when. */
  Shards watching(Shards shards) {
    return (task, carried, sums, workers) -> {
      long start = System.currentTimeMillis();
      var results = shards.compute(task, carried, sums, workers);
      gradients.add(new Gradient(start, System.currentTimeMillis()));
      return results;
    };
  }

  /** The steps of a round are reported together, at its end. */
  @Override
  public void onStep(StepReport report) {
    steps++;
    if (steps % round == 0) {
      ends.add(System.currentTimeMillis());
    }
  }

  @Override
  public synchronized void onJobStart(SparkListenerJobStart event) {
    var job = new Job(event.time());
    jobs.put(event.jobId(), job);
    CollectionConverters.asJava(event.stageInfos())
        .forEach(stage -> byStage.put(stage.stageId(), job));
  }

  @Override
  public synchronized void onJobEnd(SparkListenerJobEnd event) {
    jobs.get(event.jobId()).end = event.time();
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
    byStage
        .get(event.stageId())
        .stages
        .computeIfAbsent(event.stageId(), stage -> new ArrayList<>())
        .add(event);
    var metrics = event.taskMetrics();
    returned += metrics.resultSize();
    exchanged += metrics.shuffleReadMetrics().remoteBytesRead();
  }

  /** Parameters, and gradients that executors exchange, are blocks. */
  @Override
  public synchronized void onBlockUpdated(SparkListenerBlockUpdated event) {
    BlockUpdatedInfo block = event.blockUpdatedInfo();
    BlockManagerId where = block.blockManagerId();
    long bytes = block.memSize() + block.diskSize();
    if (!block.storageLevel().isValid()) {
      return; // it was removed
    }
    if (!where.isDriver() && block.blockId() instanceof BroadcastBlockId) {
      sent += bytes;
    } else if (block.blockId() instanceof StreamBlockId) {
      exchanged += bytes;
    }
  }

  /**
   * Bytes that travel in a step, in the mean.
   *
   * @param sent parameters, to executors
   * @param exchanged gradients, from executor to executor
   * @param returned gradients, to the driver
   */
  record Bytes(long sent, long exchanged, long returned) {

    long all() {
      return sent + exchanged + returned;
    }
  }

  /** Returns the bytes of a step. */
  synchronized Bytes bytes() {
    return new Bytes(sent / steps, exchanged / steps, returned / steps);
  }

  /**
   * Returns the step of median length after the first ones, or the mean step of such a round; of
   * steps on this machine its length only.
   */
  synchronized Split median(int warm) {
    List<Split> splits = new ArrayList<>();
    for (int i = Math.max(1, warm / round); i < ends.size(); i++) {
      long whole = ends.get(i) - ends.get(i - 1);
      splits.add(gradients.isEmpty() ? seconds(whole) : split(whole, gradients.get(i)));
    }
    splits.sort(Comparator.comparingDouble(Split::whole));
    return splits.get(splits.size() / 2).stepOf(round);
  }

  private Split split(long whole, Gradient gradient) {
    long optimize = whole - (gradient.end - gradient.start);
    var inside =
        jobs.values().stream()
            .filter(job -> job.start >= gradient.start && job.end <= gradient.end + 1)
            .toList();
    long write = inside.getFirst().start - gradient.start;
    long add = gradient.end - inside.getLast().end;
    long compute = 0;
    long read = 0;
    long encode = 0;
    long decode = 0;
    for (Job job : inside) {
      for (List<SparkListenerTaskEnd> tasks : job.stages.values()) {
        Spent last = Spent.of(last(tasks));
        read += last.read;
        compute += last.compute;
        add += last.add;
        encode += last.rest;
        decode += last.fetch;
      }
    }
    long known = compute + write + read + encode + decode + add + optimize;
    return seconds(
        whole, compute, write, read, encode, decode, add, Math.max(0, whole - known), optimize);
  }

  private static SparkListenerTaskEnd last(List<SparkListenerTaskEnd> tasks) {
    return tasks.stream()
        .max(Comparator.comparingLong(task -> task.taskInfo().finishTime()))
        .orElseThrow();
  }

  /**
   * Milliseconds of a task.
   *
   * @param fetch its result, by the driver
   * @param rest all else but its start: its result, and what it exchanges with others
   */
  private record Spent(long read, long compute, long add, long fetch, long rest) {

    static Spent of(SparkListenerTaskEnd task) {
      TaskInfo info = task.taskInfo();
      long read = spent(info, Work.RECEIVE);
      long compute = spent(info, Work.COMPUTE);
      long add = spent(info, Work.ADD);
      long fetched = info.gettingResultTime();
      long fetch = fetched == 0 ? 0 : info.finishTime() - fetched;
      long start = task.taskMetrics().executorDeserializeTime() + spent(info, Work.PREPARE);
      long rest = info.duration() - start - read - compute - add - fetch;
      return new Spent(read, compute, add, fetch, Math.max(0, rest));
    }

    private static long spent(TaskInfo info, Work work) {
      return CollectionConverters.asJava(info.accumulables()).stream()
          .filter(each -> each.name().contains(work.title))
          .map(AccumulableInfo::update)
          .filter(Option::isDefined)
          .mapToLong(update -> ((Number) update.get()).longValue())
          .sum();
    }
  }

  private static Split seconds(long... milliseconds) {
    double[] s =
        Arrays.stream(Arrays.copyOf(milliseconds, 9)).mapToDouble(ms -> ms / 1e3).toArray();
    return new Split(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8]);
  }
}
