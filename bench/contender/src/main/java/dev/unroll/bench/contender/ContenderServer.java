package dev.unroll.bench.contender;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Serves one contender in its own process, one line per request, so that engines cannot disturb
 * each other's threads, memory and compilers. Answers start with {@value #MARK}; other lines were
 * printed by a library and are not answers.
 *
 * <pre>{@code
 * name                      → its name
 * prepare CASE              → ok NUMBER …   or   unsupported WHY
 * task CASE                 → the same
 * time MILLISECONDS         → RUNS BEST MEDIAN P99.9 MEAN    (nanoseconds)
 * quit
 * }</pre>
 */
public final class ContenderServer {

  /** Prefix of every answer. */
  public static final String MARK = "#unroll ";

  private static final int MOST_RUNS = 1 << 20;

  private final Contender contender;
  private final PrintStream out;
  private final long[] times = new long[MOST_RUNS];
  private Contender.@Nullable Prepared prepared;

  private ContenderServer(Contender contender, PrintStream out) {
    this.contender = contender;
    this.out = out;
  }

  /** Answers requests until the input ends or {@code quit} is received. */
  public static void serve(Contender contender) throws IOException {
    var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var server = new ContenderServer(contender, System.out);
    for (String line = requests.readLine();
        line != null && !line.equals("quit");
        line = requests.readLine()) {
      server.answer(line);
    }
  }

  private void answer(String line) {
    int space = line.indexOf(' ');
    String request = space < 0 ? line : line.substring(0, space);
    String argument = space < 0 ? "" : line.substring(space + 1);
    String answer =
        switch (request) {
          case "name" -> contender.name();
          case Case.REQUEST -> prepare(() -> contender.prepare(Case.parse(argument)));
          case TaskCase.REQUEST -> prepare(() -> contender.prepare(TaskCase.parse(argument)));
          case "time" -> time(Long.parseLong(argument));
          default -> throw new IllegalArgumentException("unknown request: " + request);
        };
    out.println(MARK + answer);
    out.flush();
  }

  private String prepare(Supplier<Contender.Prepared> work) {
    Contender.Prepared old = prepared;
    if (old != null) {
      old.close();
    }
    prepared = null;
    try {
      Contender.Prepared next = work.get();
      prepared = next;
      return "ok "
          + Arrays.stream(next.numbers())
              .mapToObj(Double::toString)
              .collect(Collectors.joining(" "));
    } catch (UnsupportedOperationException e) {
      return "unsupported " + e.getMessage();
    }
  }

  /** Repeats the case for the given time, at least three times, and times each run separately. */
  private String time(long milliseconds) {
    Contender.Prepared work = prepared;
    if (work == null) {
      throw new IllegalStateException("time was requested before prepare");
    }
    int runs = 0;
    long begin = System.nanoTime();
    long before = begin;
    while (runs < MOST_RUNS && (runs < 3 || before - begin < milliseconds * 1_000_000)) {
      work.run();
      long now = System.nanoTime();
      times[runs++] = now - before;
      before = now;
    }
    double mean = (double) (before - begin) / runs;
    Arrays.sort(times, 0, runs);
    long late = times[(int) Math.min(runs - 1, (long) (runs * 0.999))];
    return String.format(
        Locale.ROOT, "%d %d %d %d %.0f", runs, times[0], times[runs / 2], late, mean);
  }
}
