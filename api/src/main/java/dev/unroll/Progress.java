package dev.unroll;

import dev.unroll.train.TrainingListener;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Reports the progress of training, with one line per validation.
 *
 * {@snippet file="example/SnippetsTest.java" region="progress"}
 */
public final class Progress implements TrainingListener {

  private final Consumer<String> lines;

  private Progress(Consumer<String> lines) {
    this.lines = lines;
  }

  /** Writes to the log {@code dev.unroll.Progress} of {@link System.Logger}. */
  public static Progress log() {
    System.Logger log = System.getLogger(Progress.class.getName());
    return to(line -> log.log(System.Logger.Level.INFO, line));
  }

  /** Passes each line to a consumer, such as {@code System.out::println}. */
  public static Progress to(Consumer<String> lines) {
    return new Progress(Objects.requireNonNull(lines, "lines"));
  }

  @Override
  public void onValidation(ValidationReport report) {
    var measure = report.validation().measure();
    String reached = measure == null ? "" : "  " + measure;
    lines.accept(
        String.format(
            Locale.ROOT,
            "epoch %d  step %,d  training loss %.4f  validation loss %.4f%s%s",
            report.epoch(),
            report.step(),
            report.trainingLoss(),
            report.loss(),
            reached,
            report.improved() ? "  best so far" : ""));
  }

  @Override
  public void onResumed(long step) {
    lines.accept(String.format(Locale.ROOT, "resumed after step %,d", step));
  }
}
