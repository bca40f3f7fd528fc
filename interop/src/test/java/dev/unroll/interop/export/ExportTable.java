package dev.unroll.interop.export;

import dev.unroll.base.Direction;
import dev.unroll.network.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The table cell or option × task of the largest differences between a model and its export in ONNX
 * Runtime: a part of {@code docs/results.md}. The tests that it extends fill it; each writes what
 * is there by then to {@code target/agreement/export.md}.
 *
 * <p>A difference is relative to the number, or to 1 where that is less. A check counts in each of
 * its rows.
 */
final class ExportTable implements AfterAllCallback {

  /** From the text of a file or a line to an answer, by the graphs and what the caller does. */
  static final String END_TO_END = "end to end";

  /** Rows that come first; all others are in the order of their names. */
  private static final List<String> FIRST = List.of("whole sequences", "streaming", END_TO_END);

  /** The largest differences by row and task. */
  private static final Map<String, Map<String, Double>> ROWS = new TreeMap<>();

  /** How many numbers were compared, by task. */
  private static final Map<String, Integer> COMPARED = new TreeMap<>();

  /** Adds a check of an export to the rows of its cells and options. */
  static void add(Comparison found, String task, boolean streaming, List<String> rows) {
    add(task, FIRST.get(streaming ? 1 : 0), found.largest(), found.compared());
    rows.forEach(row -> add(task, row, found.largest(), 0));
  }

  /** Adds a difference of some numbers. */
  static synchronized void add(String task, String row, double largest, int numbers) {
    ROWS.computeIfAbsent(row, name -> new TreeMap<>()).merge(task, largest, Math::max);
    COMPARED.merge(task, numbers, Integer::sum);
  }

  /** Returns the cells and options of a network, and more. */
  static List<String> labels(Network network, String... more) {
    var labels = new ArrayList<>(List.of(more));
    for (Network.Layer layer : network.layers()) {
      labels.add(layer.cell().label());
      if (layer.direction() != Direction.FORWARD) {
        labels.add(layer.direction() == Direction.SUM ? "bidirectional, added" : "bidirectional");
      }
      if (layer.projection() > 0) {
        labels.add("projection");
      }
      if (layer.normalized()) {
        labels.add("layer normalization");
      }
    }
    if (network.residual()) {
      labels.add("residual connections");
    }
    if (network.learnedStart()) {
      labels.add("learned start");
    }
    if (network.dropouts().state() > 0 || network.dropouts().memory() > 0) {
      labels.add("zoneout");
    }
    if (network.tied()) {
      labels.add("tied weights");
    }
    if (!network.cutoffs().isEmpty()) {
      labels.add("adaptive softmax");
    }
    return labels.stream().distinct().toList();
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "agreement"));
    Files.writeString(folder.resolve("export.md"), table());
  }

  private static synchronized String table() {
    var tasks = List.copyOf(COMPARED.keySet());
    var lines = new ArrayList<String>();
    lines.add(line("cell or option", tasks));
    lines.add("| --- |" + " --- |".repeat(tasks.size()));
    var names = new ArrayList<>(FIRST);
    ROWS.keySet().stream().filter(each -> !FIRST.contains(each)).forEach(names::add);
    for (String name : names) {
      var row = ROWS.getOrDefault(name, Map.of());
      lines.add(line(name, tasks.stream().map(task -> cell(row.get(task))).toList()));
    }
    var counts = tasks.stream().map(task -> String.format(Locale.ROOT, "%,d", COMPARED.get(task)));
    lines.add(line("numbers compared", counts.toList()));
    return String.join("\n", lines) + "\n";
  }

  private static String line(String first, List<String> others) {
    return "| " + first + " | " + String.join(" | ", others) + " |";
  }

  private static String cell(@Nullable Double difference) {
    return difference == null ? "" : String.format(Locale.ROOT, "%.1e", difference);
  }
}
