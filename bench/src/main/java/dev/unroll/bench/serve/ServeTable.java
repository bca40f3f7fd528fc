package dev.unroll.bench.serve;

import dev.unroll.kernel.Kernels;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What {@code unroll-bench serve} prints. */
final class ServeTable {

  /** How much a request may take longer than the library alone. */
  private static final double MOST_ABOVE_MS = 2;

  /** How many times as many requests batches have to answer. */
  private static final double LEAST_GAIN = 3;

  private static final int MANY = 256;

  private static final double[] PERCENTILES = {50, 99, 99.9};

  private static final String FORM = "%-12s %7s  %-29s %10s %9s %9s %9s %8s %8s";

  private final PrintWriter out;
  private final List<String> marks = new ArrayList<>();
  private long wrong;

  ServeTable(PrintWriter out) {
    this.out = out;
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
  private void line(String form, Object... values) {
    out.println(String.format(Locale.ROOT, form, values).stripTrailing());
    out.flush();
  }

  void head(LoadModels models, Endpoint.Library library, @Nullable String heap) {
    line(
        "Java %s, %s, %d processors%s",
        Runtime.version(),
        Kernels.description(),
        Runtime.getRuntime().availableProcessors(),
        heap == null ? "" : ", heap of each server " + heap);
    line(
        "classifier: BiLSTM %d, %,d parameters; lm: LSTM 2 × %d, tied, %,d parameters; %,d words",
        models.units(),
        library.classifiers().getFirst().size(),
        models.units(),
        library.languageModels().getFirst().size(),
        models.vocabulary());
    line(
        FORM,
        "",
        "clients",
        "",
        "requests/s",
        "p50 ms",
        "p99 ms",
        "p99.9 ms",
        "CPU ms",
        "clients'");
  }

  void endpoint(
      Endpoint endpoint, Histogram alone, Map<Integer, Map<String, ClosedLoop.Result>> rows) {
    String name = endpoint.name().toLowerCase(Locale.ROOT);
    row(name, "", "the library alone", times(alone), 1e9 / alone.getMean());
    rows.forEach(
        (clients, results) -> {
          results.forEach(
              (server, result) -> {
                row(
                    name,
                    "" + clients,
                    server,
                    times(result.times()),
                    result.perSecond(),
                    result.processorMs(),
                    result.askingProcessorMs());
                if (result.wrong() + result.refused() > 0) {
                  line("  %,d answers wrong, %,d refused", result.wrong(), result.refused());
                }
                if (server.startsWith("Unroll")) { // other numbers may draw another token
                  wrong += result.wrong() + result.refused();
                }
              });
          marks(name, clients, alone, results);
        });
  }

  /** Prints what wrk measured. */
  void crossCheck(Endpoint endpoint, int clients, String server, Wrk.Result result) {
    String name = endpoint.name().toLowerCase(Locale.ROOT);
    row(name, "" + clients, "wrk: " + server, result.times(), result.perSecond());
    if (result.failed() > 0) {
      line("  %,d failed", result.failed());
    }
  }

  /**
   * Prints a row.
   *
   * @param times of requests at {@link #PERCENTILES}, in milliseconds
   * @param numbers requests/s, and where they are known the processors' time that the server and
   *     the clients took for a request, in milliseconds
   */
  private void row(
      String name, String clients, String server, List<Double> times, double... numbers) {
    var cells = new ArrayList<Object>(List.of(name, clients, server));
    cells.add(String.format(Locale.ROOT, "%,.0f", numbers[0]));
    times.forEach(each -> cells.add(String.format(Locale.ROOT, "%.2f", each)));
    for (int i = 1; i < 3; i++) {
      cells.add(i < numbers.length ? String.format(Locale.ROOT, "%.2f", numbers[i]) : "");
    }
    line(FORM, cells.toArray());
  }

  private static List<Double> times(Histogram requests) {
    return Arrays.stream(PERCENTILES).mapToObj(each -> ms(requests, each)).toList();
  }

  private static double ms(Histogram times, double percentile) {
    return times.getValueAtPercentile(percentile) * 1e-6;
  }

  private void marks(
      String name, int clients, Histogram alone, Map<String, ClosedLoop.Result> results) {
    ClosedLoop.Result own = results.get("Unroll");
    ClosedLoop.Result single = results.get("Unroll, no batches");
    if (clients == 1 && own != null) {
      double above = ms(own.times(), 99) - ms(alone, 99);
      mark(
          above <= MOST_ABOVE_MS,
          "%s: p99 with one client is %.2f ms above the library alone (at most %.0f)",
          name,
          above,
          MOST_ABOVE_MS);
    }
    if (clients == MANY && own != null && single != null) {
      double gain = own.perSecond() / single.perSecond();
      mark(
          gain >= LEAST_GAIN,
          "%s: with %d clients batches answer %.1f times as many requests (at least %.0f)",
          name,
          clients,
          gain,
          LEAST_GAIN);
    }
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private void mark(boolean met, String form, Object... values) {
    marks.add((met ? "met     " : "MISSED  ") + String.format(Locale.ROOT, form, values));
  }

  /** Prints what came of it. */
  void end() {
    marks.forEach(each -> line("%s", each));
    line("answers that were wrong or refused: %,d", wrong);
  }

  void memory(String server, long peak) {
    line("%-26s peak memory %,d MB", server, peak >> 20);
  }

  /** Returns how many answers were wrong, or none. */
  long wrong() {
    return wrong;
  }
}
