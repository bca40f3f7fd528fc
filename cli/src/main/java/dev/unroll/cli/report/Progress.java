package dev.unroll.cli.report;

import dev.unroll.base.InputException;
import dev.unroll.store.Task;
import dev.unroll.train.TrainingListener;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows training to people: on a terminal a bar with loss, perplexity, tokens/s and the time left;
 * elsewhere a plain line now and then. A line for each validation in both.
 */
public final class Progress implements TrainingListener, AutoCloseable {

  private static final long PLAIN_EVERY_NANOS = Duration.ofSeconds(10).toNanos();

  private final PrintWriter out;
  private final Targets targets;
  private final LongSupplier clock;
  private final boolean terminal;
  private final long start;
  private @Nullable ProgressBar bar;
  private int barEpoch;
  private long lastPlain;
  private long tokens;
  private double smoothLoss = Double.NaN;
  private final TimeLeft timeLeft = new TimeLeft();
  private final List<Double> losses = new ArrayList<>();
  private final HeapKeeper heap = new HeapKeeper();

  /** What is counted. */
  public enum Targets {
    TOKENS("tokens"),
    TEXTS("texts"),
    WORDS("words"),
    SEQUENCES("sequences"),
    NUMBERS("numbers");

    private final String many;

    Targets(String many) {
      this.many = many;
    }

    /** Returns what the losses of a task are counted by. */
    public static Targets of(Task<?, ?> task) {
      return valueOf(task.targets().toUpperCase(Locale.ROOT));
    }

    /** Returns what several are called. */
    public String many() {
      return many;
    }

    /** Returns what one is called. */
    String one() {
      return many.substring(0, many.length() - 1);
    }

    /** Returns what losses are called, with their unit. */
    String loss() {
      return this == NUMBERS ? "loss per number" : "loss, nats per " + one();
    }
  }

  /** Shows on {@code out}, as the terminal allows. */
  public Progress(PrintWriter out, Targets targets) {
    this(out, targets, Boolean.getBoolean("unroll.terminal"), System::nanoTime);
  }

  /** Shows nothing, and counts. */
  public static Progress silent(Targets targets) {
    return new Progress(new PrintWriter(Writer.nullWriter()), targets, false, System::nanoTime);
  }

  /** Returns whether a person watches. */
  public boolean isWatched() {
    return terminal;
  }

  /** Prints the losses on the validation part as a small curve, if there are several. */
  public void printCurve() {
    if (losses.stream().filter(Double::isFinite).count() > 2) {
      out.println(LossCurve.of(losses));
    }
  }

  /** Shows on {@code out}; {@code clock} gives nanoseconds. */
  private Progress(PrintWriter out, Targets targets, boolean terminal, LongSupplier clock) {
    this.out = out;
    this.targets = targets;
    this.clock = clock;
    this.terminal = terminal;
    this.start = clock.getAsLong();
    this.lastPlain = start;
  }

  /** Returns the targets trained on a second so far, validations included. */
  public double targetsPerSecond() {
    double elapsed = (clock.getAsLong() - start) * 1e-9;
    return elapsed > 0 ? tokens / elapsed : 0;
  }

  /** Returns the seconds since this began. */
  public long seconds() {
    return Math.round((clock.getAsLong() - start) * 1e-9);
  }

  @Override
  public void onStep(StepReport report) {
    tokens += report.tokens();
    timeLeft.add(clock.getAsLong(), report.step());
    smoothLoss =
        Double.isNaN(smoothLoss) ? report.loss() : 0.98 * smoothLoss + 0.02 * report.loss();
    if (terminal) {
      showBar(report);
    } else if (clock.getAsLong() - lastPlain >= PLAIN_EVERY_NANOS) {
      lastPlain = clock.getAsLong();
      out.println(
          "epoch %d  step %,d/%,d  %s"
                  .formatted(report.epoch(), report.step(), report.steps(), figures())
              + eta("  ", report));
    }
  }

  /** A new bar for each epoch, which names it; all fits into 80 columns. */
  private void showBar(StepReport report) {
    if (report.epoch() != barEpoch) {
      pauseBar();
      barEpoch = report.epoch();
    }
    ProgressBar current = bar;
    if (current == null) {
      current =
          new ProgressBarBuilder()
              .setTaskName("epoch " + report.epoch())
              .setInitialMax(report.steps())
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .continuousUpdate()
              .clearDisplayOnFinish()
              .hideEta()
              .build();
      bar = current;
    }
    double rate = targetsPerSecond();
    current.setExtraMessage(
        String.format(Locale.ROOT, " loss %.3f", smoothLoss)
            + (targets == Targets.TOKENS
                ? String.format(Locale.ROOT, " ppl %.1f", Math.exp(smoothLoss))
                : "")
            + String.format(Locale.ROOT, rate < 10_000 ? " %.0f " : " %.0fk ", thousands(rate))
            + targets.many
            + "/s"
            + eta(" ", report));
    current.stepTo(report.step());
  }

  private static double thousands(double rate) {
    return rate < 10_000 ? rate : rate / 1000;
  }

  private String figures() {
    String loss = String.format(Locale.ROOT, "loss %.3f  ", smoothLoss);
    String perplexity = String.format(Locale.ROOT, "perplexity %.1f  ", Math.exp(smoothLoss));
    String rate = String.format(Locale.ROOT, "%,.0f %s/s", targetsPerSecond(), targets.many);
    return loss + (targets == Targets.TOKENS ? perplexity : "") + rate;
  }

  private String eta(String before, StepReport report) {
    var seconds = timeLeft.seconds(clock.getAsLong(), report.step(), report.steps());
    return seconds.isPresent() ? before + "ETA " + clockTime(seconds.getAsLong()) : "";
  }

  public static String clockTime(long seconds) {
    return seconds >= 3600
        ? "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60)
        : "%d:%02d".formatted(seconds / 60, seconds % 60);
  }

  @Override
  public void onSkipped(StepReport report) {
    pauseBar();
    out.println(
        "step %,d: loss %s, gradient norm %s: not finite, nothing applied"
            .formatted(report.step(), report.loss(), report.gradientNorm()));
  }

  @Override
  public void onValidation(ValidationReport report) {
    pauseBar();
    heap.collect();
    losses.add(report.loss());
    String figures =
        String.format(
            Locale.ROOT,
            "%6s  epoch %d  training loss %.4f  validation loss %.4f%s%s",
            clockTime(seconds()),
            report.epoch(),
            report.trainingLoss(),
            report.loss(),
            targets == Targets.NUMBERS ? "" : " nats",
            measure(report));
    ColorWriter.println(
        out, figures, ColorWriter.Tone.GOOD, report.improved() ? "  best so far" : "");
  }

  private String measure(ValidationReport report) {
    var measure = report.validation().measure();
    if (measure != null) {
      return "  " + measure;
    }
    return targets == Targets.TOKENS
        ? String.format(Locale.ROOT, "  perplexity %.2f", report.perplexity())
        : "";
  }

  @Override
  public void onPassedOver(InputException problem) {
    out.println("warning: " + problem.problem());
    out.println("  The run resumes from the checkpoint before it.");
  }

  @Override
  public void onResumed(long step) {
    out.println("resumed after step %,d".formatted(step));
  }

  @Override
  public void onAveraging(long step) {
    pauseBar();
    out.println(
        "step %,d: validation stopped improving, parameters are averaged now".formatted(step));
  }

  @Override
  public void onWriteFailed(InputException problem) {
    pauseBar();
    Problem.print(out, problem);
    out.println("  Training continues and tries again later.");
  }

  /** The bar is taken away before a line is printed, and comes back with the next step. */
  private void pauseBar() {
    close();
    bar = null;
  }

  @Override
  public void close() {
    ProgressBar current = bar;
    if (current != null) {
      current.close();
    }
  }
}
