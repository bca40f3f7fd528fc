package dev.unroll.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.unroll.bench.contender.Work;
import dev.unroll.bench.contender.Workload;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints the table of a comparison row by row, and keeps the results. */
final class Report {

  private static final String ROW = "  %-26s %12s %12s %9s %8s   %s%n";

  private final PrintStream out;
  private final String machine;
  private final Map<Integer, Double> peaks = new LinkedHashMap<>();
  private final List<Result> results = new ArrayList<>();

  Report(PrintStream out, String machine) {
    this.out = out;
    this.machine = machine;
  }

  void begin() {
    out.println(machine);
  }

  void threads(int count, double peak) {
    peaks.put(count, peak);
    out.printf(
        Locale.ROOT,
        "%n%d thread%s; peak of multiply-adds measured: %.0f GFLOP/s%n",
        count,
        count == 1 ? "" : "s",
        peak);
  }

  void add(List<Result> engines, double peak) {
    results.addAll(engines);
    Result ours = engines.get(0);
    Workload work = ours.work();
    out.println();
    out.println(
        work.work().name().toLowerCase(Locale.ROOT)
            + ", "
            + work.title()
            + (ours.threads() == 1 ? ", 1 thread" : ", " + ours.threads() + " threads"));
    boolean stream = work.work() == Work.STREAM;
    out.printf(
        ROW,
        "",
        "median",
        stream ? "99.9% below" : "best",
        "GFLOP/s",
        "of peak",
        "Unroll is … times faster");
    for (Result result : engines) {
      if (!result.missing().isEmpty()) {
        out.printf("  %-26s – %s%n", result.engine(), result.missing());
        continue;
      }
      out.printf(
          ROW,
          result.engine(),
          time(result.median()),
          time(stream ? result.late() : result.best()),
          String.format(Locale.ROOT, "%.1f", result.gigaflops()),
          String.format(Locale.ROOT, "%.0f%%", 100 * result.gigaflops() / peak),
          result.equals(ours) ? "" : ratio(result.ratioTo(ours)));
    }
    out.flush();
  }

  /** Prints the geometric means of the ratios by work, kind, peer and number of threads. */
  void end() {
    out.printf("%nGeometric means: how many times faster Unroll is%n");
    var groups =
        results.stream()
            .filter(result -> !result.rounds().isEmpty() && !result.equals(oursOf(result)))
            .collect(
                Collectors.groupingBy(
                    result ->
                        "%s, %s, %d thread(s), than %s"
                            .formatted(
                                result.work().work().name().toLowerCase(Locale.ROOT),
                                result.work().kind(),
                                result.threads(),
                                result.engine()),
                    LinkedHashMap::new,
                    Collectors.averagingDouble(
                        result -> Math.log(result.ratioTo(oursOf(result)).median()))));
    groups.forEach(
        (name, logarithm) -> out.printf(Locale.ROOT, "  %-60s %.2f%n", name, Math.exp(logarithm)));
  }

  List<Result> results() {
    return List.copyOf(results);
  }

  /** Returns Unroll's result for the same case. */
  private Result oursOf(Result result) {
    return results.stream()
        .filter(
            other ->
                other.work().equals(result.work())
                    && other.threads() == result.threads()
                    && other.engine().startsWith("Unroll"))
        .findFirst()
        .orElseThrow();
  }

  void writeJson(Path file) throws IOException {
    var root = new LinkedHashMap<String, Object>();
    root.put("machine", machine);
    root.put("peakGigaflops", peaks);
    root.put("results", results.stream().map(this::fields).toList());
    new ObjectMapper()
        .registerModule(
            new SimpleModule()
                .addSerializer(Double.class, new FiniteOrNull())
                .addSerializer(double.class, new FiniteOrNull()))
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), root);
  }

  /** JSON has no NaN and no infinity. */
  private static final class FiniteOrNull extends JsonSerializer<Double> {
    @Override
    public void serialize(Double number, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      if (Double.isFinite(number)) {
        out.writeNumber(number.doubleValue());
      } else {
        out.writeNull();
      }
    }
  }

  private Map<String, Object> fields(Result result) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("work", result.work().work().name());
    fields.put("case", result.work().title());
    fields.put("threads", result.threads());
    fields.put("engine", result.engine());
    if (!result.missing().isEmpty()) {
      fields.put("missing", result.missing());
      return fields;
    }
    fields.put("medianNanoseconds", result.median());
    fields.put("bestNanoseconds", result.best());
    fields.put("late999Nanoseconds", result.late());
    fields.put("gigaflops", result.gigaflops());
    Result.Ratio ratio = result.ratioTo(oursOf(result));
    fields.put("ratioToUnroll", ratio);
    return fields;
  }

  static String ratio(Result.Ratio ratio) {
    return String.format(
        Locale.ROOT, "%.2f (%.2f to %.2f)", ratio.median(), ratio.least(), ratio.most());
  }

  static String time(double nanoseconds) {
    if (nanoseconds < 1e6) {
      return String.format(Locale.ROOT, "%.2f µs", nanoseconds / 1e3);
    }
    return String.format(Locale.ROOT, "%.2f ms", nanoseconds / 1e6);
  }
}
