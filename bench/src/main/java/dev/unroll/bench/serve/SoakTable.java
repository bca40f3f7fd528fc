package dev.unroll.bench.serve;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code unroll-bench soak} prints, and whether all is as it should be. */
final class SoakTable {

  /** The part of the time after which nothing may grow. */
  private static final double SETTLED = 0.2;

  private static final double MOST_GROWTH = 1.05;

  /** Connections that the server has not yet found closed. */
  private static final int MOST_HANDLES_LEFT = 5;

  private static final double LEAST_LOAD = 2;

  private final PrintWriter out;
  private final List<String> marks = new ArrayList<>();
  private final List<Long> bytes = new ArrayList<>();
  private final List<Long> handles = new ArrayList<>();
  private boolean missed;

  SoakTable(PrintWriter out) {
    this.out = out;
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
  private void line(String form, Object... values) {
    out.println(String.format(Locale.ROOT, form, values).stripTrailing());
    out.flush();
  }

  void head(double minutes, double capacity, double load, @Nullable String heap) {
    line(
        "%.1f minutes: %,.0f requests/s where the server answers %,.0f%s",
        minutes, load, capacity, heap == null ? "" : ", heap " + heap);
    line("%8s %12s %8s", "s", "live KB", "handles");
  }

  /**
   * Prints what the server holds.
   *
   * @param part of the time that is over
   * @param live bytes of objects after a collection
   */
  void look(double part, double seconds, long live, long open) {
    line("%8.0f %,12d %8d", seconds, live >> 10, open);
    if (part >= SETTLED) {
      bytes.add(live);
      handles.add(open);
    }
  }

  void tallies(Map<String, Tally> tallies, double seconds, double capacity) {
    line(
        "%-20s %10s %10s %10s %8s %8s %10s",
        "", "requests", "right", "429, 503", "other", "wrong", "no answer");
    tallies.forEach(
        (name, tally) -> {
          line(
              "%-20s %,10d %,10d %,10d %,8d %,8d %,10d",
              name,
              tally.count(),
              tally.rightCount(),
              tally.busyCount(),
              tally.otherCount(),
              tally.wrongCount(),
              tally.brokenCount());
          tally.examples().forEach(each -> line("    %s", each));
          mark(tally.failures() == 0, name + ": answers as they should be");
        });
    double load = tallies.getOrDefault("load", new Tally()).count() / seconds / capacity;
    mark(
        load >= LEAST_LOAD,
        String.format(Locale.ROOT, "the load was %.2f times what the server can do", load));
    grows("objects in memory", bytes);
    grows("files and sockets", handles);
  }

  private void grows(String what, List<Long> sizes) {
    long first = sizes.isEmpty() ? 0 : sizes.getFirst();
    long most = sizes.stream().mapToLong(Long::longValue).max().orElse(0);
    String text =
        String.format(
            Locale.ROOT, "%s grow by %.1f%% at most", what, 100.0 * (most - first) / first);
    mark(most <= first * MOST_GROWTH, text);
  }

  /** Prints what is left when all clients have gone. */
  void left(long before, long after, double running) {
    mark(
        after <= before + MOST_HANDLES_LEFT,
        "files and sockets before the load " + before + ", after it " + after);
    mark(running == 1, "requests that run after it: " + (running - 1));
  }

  void memory(long peak) {
    line("peak memory of the server %,d MB", peak >> 20);
  }

  void mark(boolean met, String text) {
    missed |= !met;
    marks.add((met ? "met     " : "MISSED  ") + text);
  }

  /** Prints all marks, and returns whether they are met. */
  boolean end() {
    marks.forEach(each -> line("%s", each));
    return !missed;
  }
}
