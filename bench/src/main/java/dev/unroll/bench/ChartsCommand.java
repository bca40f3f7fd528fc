package dev.unroll.bench;

import dev.unroll.base.InputException;
import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Cell;
import dev.unroll.bench.contender.Work;
import dev.unroll.file.SafeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code unroll-bench charts}: draws the figures that a page of the docs records. */
@Command(
    name = "charts",
    mixinStandardHelpOptions = true,
    description =
        "Draws comparison.svg and cost-units.svg from the figures that a page records; measures"
            + " nothing.",
    footer = {"", "Example:  unroll-bench charts docs/performance.md docs/charts"})
final class ChartsCommand implements Callable<Integer> {

  private static final Pattern ENGINE = Pattern.compile("(.+) takes");
  private static final Pattern RATIO = Pattern.compile("([\\d.]+)× \\(([\\d.]+) to ([\\d.]+)\\)");
  private static final Pattern COST =
      Pattern.compile(
          "LSTM T (\\d+), B (\\d+), H (\\d+) +(\\d+) +[\\d,]+ +([\\d.]+) +([\\d.]+) +\\d+%");

  @Parameters(
      paramLabel = "PAGE",
      description = "Markdown with the table of compare and the output of cost.")
  Path page = Path.of("docs/performance.md");

  @Parameters(paramLabel = "FOLDER", description = "Where the charts are written.")
  Path folder = Path.of("docs/charts");

  @Override
  public Integer call() throws IOException {
    Path comparison = folder.resolve("comparison.svg");
    Path cost = folder.resolve("cost-units.svg");
    SafeFiles.checkWritable(comparison);
    List<String> lines = Files.readAllLines(page);
    ComparisonChart.draw(check(ratios(lines), "table of cases, threads and ratios"), comparison);
    CostChart.draw(check(costs(lines), "table of the cost against units"), cost);
    System.out.println("drawn: " + comparison + ", " + cost);
    return 0;
  }

  private <T> List<T> check(List<T> found, String what) {
    if (found.isEmpty()) {
      throw InputException.in(page, "has no " + what, "Give a page such as docs/performance.md.");
    }
    return found;
  }

  /** Reads the first table that begins with a column of cases; engines are in its head. */
  static List<ComparisonChart.Entry> ratios(List<String> lines) {
    var entries = new ArrayList<ComparisonChart.Entry>();
    List<String> head = List.of();
    for (String line : lines) {
      List<String> cells = Stream.of(line.split("\\|", -1)).map(String::strip).toList();
      if (head.isEmpty() && cells.size() > 3 && cells.get(1).equals("case")) {
        head = cells;
      } else if (!head.isEmpty() && !line.startsWith("|")) {
        return entries;
      } else if (!head.isEmpty() && !cells.get(1).startsWith("-")) {
        addRow(head, cells, entries);
      }
    }
    return entries;
  }

  private static void addRow(
      List<String> head, List<String> cells, List<ComparisonChart.Entry> entries) {
    Case work = named(cells.get(1));
    int threads = Integer.parseInt(cells.get(2));
    for (int i = 3; i < Math.min(head.size(), cells.size()); i++) {
      var engine = ENGINE.matcher(head.get(i));
      var ratio = RATIO.matcher(cells.get(i));
      if (engine.matches() && ratio.matches()) {
        var spread = new Result.Ratio(number(ratio, 1), number(ratio, 2), number(ratio, 3));
        entries.add(new ComparisonChart.Entry(work, threads, engine.group(1), spread));
      }
    }
  }

  private static Case named(String title) {
    return Cases.all().stream()
        .filter(work -> title.equals(lower(work.work()) + ", " + work.title()))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "no case is called «" + title + "»", "Write it as unroll-bench compare does."));
  }

  private static String lower(Work work) {
    return work.name().toLowerCase(Locale.ROOT);
  }

  /** Reads the rows below {@code units H}. */
  static List<CostChart.Point> costs(List<String> lines) {
    return lines.stream()
        .dropWhile(line -> !line.equals("units H"))
        .takeWhile(line -> !line.isBlank())
        .flatMap(line -> COST.matcher(line).results())
        .map(
            row -> {
              int[] shape = {whole(row, 1), whole(row, 2), whole(row, 3)};
              var work = new Case(Work.TRAIN, Cell.LSTM, 1, shape[0], shape[1], shape[2], 0);
              return new CostChart.Point(work, whole(row, 4), number(row, 5), number(row, 6));
            })
        .toList();
  }

  private static int whole(MatchResult row, int group) {
    return Integer.parseInt(row.group(group));
  }

  private static double number(MatchResult row, int group) {
    return Double.parseDouble(row.group(group));
  }
}
