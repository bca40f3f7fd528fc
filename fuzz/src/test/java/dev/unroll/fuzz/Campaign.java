package dev.unroll.fuzz;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntFunction;

/**
 * Many tries on some threads, watched: none may take more than five seconds of processor time, or
 * wait for thirty seconds without any. A thread that does is left to itself, and another goes on.
 */
final class Campaign {

  private static final long MOST_NANOS = 5_000_000_000L;
  private static final long LONGEST_WAIT = 30_000_000_000L;

  /** Threads that are left to themselves before a campaign gives up: each may take a processor. */
  private static final int MOST_LEFT = 4;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final IntFunction<Trial> trials;
  private final int count;
  private final AtomicInteger next = new AtomicInteger();
  private final List<Worker> workers = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  /** Held alone by a try that ran out of memory while others ran, to see whose fault it was. */
  private final ReentrantReadWriteLock alone = new ReentrantReadWriteLock();

  private Campaign(IntFunction<Trial> trials, int count) {
    this.trials = trials;
    this.count = count;
  }

  /**
   * What came of a campaign.
   *
   * @param answered files that were read
   * @param refused files that were refused, with a message
   * @param findings everything else
   */
  record Result(int answered, int refused, List<Finding> findings) {
    int tries() {
      return answered + refused + findings.size();
    }
  }

  /** Runs the tries 0 … {@code count} - 1 on so many threads. */
  static Result run(IntFunction<Trial> trials, int count, int threads) {
    return new Campaign(trials, count).run(threads);
  }

  private Result run(int threads) {
    for (int i = 0; i < threads; i++) {
      workers.add(new Worker());
    }
    workers.forEach(Thread::start);
    int left = 0;
    while (workers.stream().anyMatch(Thread::isAlive)) {
      for (int i = 0; i < workers.size(); i++) {
        Worker worker = workers.get(i);
        try {
          worker.join(200L / threads);
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        if (worker.isOverdue()) {
          left++;
          workers.set(i, new Worker());
          workers.get(i).start();
          if (left == MOST_LEFT) {
            next.set(count);
          }
        }
      }
    }
    return new Result(answered.get(), refused.get(), List.copyOf(findings));
  }

  private synchronized void add(Finding finding) {
    findings.add(finding);
  }

  /** Runs one try after the other. */
  private final class Worker extends Thread {

    private final Path folder = Trial.newFolder();
    private Trial current;
    private long cpuBefore;
    private long lastCpu;
    private long lastRan;
    private boolean left;

    Worker() {
      super("fuzz");
      setDaemon(true);
    }

    @Override
    public void run() {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        Trial trial = trials.apply(i);
        begin(trial);
        Object outcome = outcome(trial);
        if (!end()) {
          return;
        }
        if (outcome instanceof Throwable fault) {
          add(new Finding(trial, trial.mutant().bytes(), fault));
        } else {
          (outcome == Trial.Outcome.ANSWERED ? answered : refused).incrementAndGet();
        }
      }
    }

    private Object outcome(Trial trial) {
      var shared = alone.readLock();
      shared.lock();
      try {
        return trial.run(folder);
      } catch (OutOfMemoryError e) {
        // Below, when no other try runs.
      } catch (Throwable fault) { // whatever it is, it is what is looked for
        return fault;
      } finally {
        shared.unlock();
      }
      return outcomeAlone(trial);
    }

    private Object outcomeAlone(Trial trial) {
      boolean locked = false;
      try {
        locked = alone.writeLock().tryLock(10, TimeUnit.SECONDS); // a try that hangs keeps it
        return trial.run(folder);
      } catch (Throwable fault) {
        return fault;
      } finally {
        if (locked) {
          alone.writeLock().unlock();
        }
      }
    }

    private synchronized void begin(Trial trial) {
      current = trial;
      cpuBefore = THREADS.getThreadCpuTime(threadId());
      lastCpu = cpuBefore;
      lastRan = System.nanoTime();
    }

    private synchronized boolean end() {
      current = null;
      return !left;
    }

    /** Leaves a try that takes too long; the thread ends with it, if it ever does. */
    private synchronized boolean isOverdue() {
      if (current == null || !isAlive()) {
        return false;
      }
      long cpu = THREADS.getThreadCpuTime(threadId());
      boolean busy = cpu - cpuBefore > MOST_NANOS;
      if (cpu > lastCpu) {
        lastCpu = cpu;
        lastRan = System.nanoTime();
      }
      if (!busy && System.nanoTime() - lastRan < LONGEST_WAIT) {
        return false;
      }
      left = true;
      var fault = new TooMuchException(busy ? "takes more than 5 s" : "waits", getStackTrace());
      add(new Finding(current, current.mutant().bytes(), fault));
      interrupt();
      return true;
    }
  }
}
