package dev.unroll.cli.report;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/**
 * How long a run will take yet, by the speed of its latest steps: it follows the load of the
 * machine. The first steps do not count, which are slow while the JVM compiles.
 */
final class TimeLeft {

  /** Steps and time after which an estimate means something. */
  private static final long LEAST_STEPS = 10;

  private static final long LEAST_NANOS = Duration.ofSeconds(3).toNanos();

  /** An estimate is made from the latest steps, of so long or of a tenth of the run. */
  private static final long WINDOW_NANOS = Duration.ofSeconds(20).toNanos();

  private record Moment(long nanos, long step) {}

  private final Deque<Moment> moments = new ArrayDeque<>();
  private long firstNanos;
  private long firstStep = -1;

  /** Notes that a step was made. */
  void add(long nanos, long step) {
    if (firstStep < 0) {
      firstNanos = nanos;
      firstStep = step;
      return; // the first step is the slowest by far
    }
    Moment latest = moments.peekLast();
    if (latest == null || nanos - latest.nanos >= WINDOW_NANOS / 100) {
      moments.add(new Moment(nanos, step));
    }
    long window = Math.max(WINDOW_NANOS, (nanos - firstNanos) / 10);
    while (moments.size() > 2 && nanos - moments.getFirst().nanos > window) {
      moments.removeFirst();
    }
  }

  /** Returns the seconds that the other steps will take; nothing while that cannot be said. */
  OptionalLong seconds(long nanos, long step, long steps) {
    Moment from = moments.peekFirst();
    if (from == null
        || step - firstStep < LEAST_STEPS
        || nanos - firstNanos < LEAST_NANOS
        || step <= from.step) {
      return OptionalLong.empty();
    }
    double perStep = (double) (nanos - from.nanos) / (step - from.step);
    return OptionalLong.of(Math.round(perStep * (steps - step) * 1e-9));
  }
}
