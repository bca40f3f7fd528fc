package dev.unroll.cli.report;

import dev.unroll.Trial;
import dev.unroll.Tuning;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What a search of settings found: a line for each trial, a table, and how sure it is. */
public final class TuningReport {

  private static final String ROW = "%4s  %5s  %21s  %6s  %12s  %s";

  private final Figures figures;
  private final Function<Map<String, Object>, List<String>> options;

  /**
   * Prints results.
   *
   * @param options returns settings as options of a command line
   */
  public TuningReport(Figures figures, Function<Map<String, Object>, List<String>> options) {
    this.figures = figures;
    this.options = options;
  }

  private static String name(Trial.Result trial) {
    return trial.number() == 0 ? "usual" : String.valueOf(trial.number());
  }

  private String settings(Trial.Result trial) {
    return trial.number() == 0
        ? "usual settings"
        : String.join(" ", options.apply(trial.settings()));
  }

  /** Returns a line of a trial that was trained for a while. */
  public String line(Trial.Result trial) {
    String begin = trial.number() == 0 ? "usual" : "trial " + trial.number();
    if (Double.isNaN(trial.mean())) {
      return "%s: failed: %s; %s".formatted(begin, trial.failure(), settings(trial));
    }
    int seeds = trial.figures().size();
    return "%s: %s, %s; %s"
        .formatted(
            begin,
            figures.of(trial),
            seeds > 1 ? "%d seeds".formatted(seeds) : "epoch %d".formatted(trial.epochs()),
            settings(trial));
  }

  /** Prints all trials, the best first, and how sure their order is. */
  public void print(Tuning.Result<?> result, PrintWriter out) {
    List<Trial.Result> ranking = result.ranking();
    out.println(
        ROW.formatted(
            "rank", "trial", figures.name(result.best()), "epochs", "parameters", "settings"));
    int rank = 0;
    for (Trial.Result trial : ranking) {
      boolean failed = Double.isNaN(trial.mean());
      out.println(
          String.format(
              Locale.ROOT,
              ROW,
              ++rank,
              name(trial),
              figures.number(trial),
              trial.epochs(),
              trial.parameters() == 0 ? "" : String.format(Locale.ROOT, "%,d", trial.parameters()),
              settings(trial) + (failed ? " (" + trial.failure() + ")" : "")));
    }
    int seeds = result.best().figures().size();
    if (seeds > 1) {
      out.println(
          "mean ± standard deviation of %d seeds; the others stopped before".formatted(seeds));
    }
    printCertainty(result, out);
  }

  private void printCertainty(Tuning.Result<?> result, PrintWriter out) {
    Trial.Result best = result.best();
    Optional<Trial.Result> next = result.next();
    if (next.isEmpty()) {
      return;
    }
    double gap = Math.abs(figures.told(best).mean() - figures.told(next.get()).mean());
    if (gap <= 1e-9 * Math.abs(figures.told(best).mean())) {
      out.println(
          "%s and %s reach the same".formatted(sentence(settled(best)), settled(next.get()))
              + "; of equal trials the one with the lower loss is first.");
      return;
    }
    boolean behind = result.ranking().indexOf(next.get()) < result.ranking().indexOf(best);
    String between =
        "%s %s %s %s by %s"
            .formatted(
                sentence(settled(best)),
                best.number() == 0 ? "are" : "is",
                behind ? "behind" : "ahead of",
                settled(next.get()),
                figures.gap(best, gap));
    if (best.figures().size() == 1) {
      out.println(between + "; --seeds would say how much of that is chance.");
    } else if (result.isClear()) {
      out.println(between + ", more than the deviation of their seeds.");
    } else {
      out.println(
          between
              + ", no more than the deviation of their seeds: which one is better is not certain. More --seeds or a"
              + " larger validation part would tell.");
    }
  }

  private static String settled(Trial.Result trial) {
    return trial.number() == 0 ? "the usual settings" : "trial " + trial.number();
  }

  private static String sentence(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
