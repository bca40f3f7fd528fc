package dev.unroll.cli.option;

import dev.unroll.base.InputException;
import dev.unroll.learn.CheckpointStore;
import dev.unroll.learn.Checkpoints;
import dev.unroll.result.Model;
import dev.unroll.task.Run;
import dev.unroll.tasks.Tasks;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a run is kept while it lasts, and resumed. */
public final class CheckpointOptions {

  private static final Pattern INTERVAL = Pattern.compile("(\\d{1,6})([smh]?)");

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      defaultValue = "10m",
      description =
          "Write a checkpoint every N minutes (10m), hours (1h), seconds (90s) or steps"
              + " (500); 0 for never. Default: ${DEFAULT-VALUE}.")
  String every = "10m";

  @Option(
      names = "--checkpoints",
      paramLabel = "FOLDER",
      description = "Folder of the checkpoints. Default: the model's name followed by .run.")
  @Nullable Path folder;

  @Option(
      names = "--resume",
      description =
          "Resume a stopped run. It ends with the same bits as an uninterrupted one; give the"
              + " same texts and options (--epochs may differ if the schedule does not depend on"
              + " it). It starts from scratch if there is no checkpoint, and does nothing if the"
              + " run has ended.")
  boolean resume;

  /**
   * Opens the folder of a run whose model goes to {@code out}; null where none is to be kept.
   *
   * @param elsewhere returns the place that a folder stands for; null for the folder itself
   */
  public @Nullable Checkpoints open(Path out, Function<Path, @Nullable CheckpointStore> elsewhere) {
    Checkpoints.Interval interval = interval();
    if (!keeps()) {
      if (resume || folder != null) {
        throw new InputException(
            "no checkpoints are kept with --checkpoint-every 0",
            "Leave --resume and --checkpoints out, or give an interval.");
      }
      return null;
    }
    Checkpoints checkpoints = opened(folder(out), elsewhere, interval);
    List<Long> steps = checkpoints.steps();
    if (!resume && !steps.isEmpty()) {
      checkpoints.close();
      throw InputException.in(
          checkpoints.name(),
          "a run that was stopped after step %,d or later is kept here".formatted(steps.getFirst()),
          "Add --resume to continue it, or delete the folder to begin again.");
    }
    return checkpoints;
  }

  private static Checkpoints opened(
      Path place,
      Function<Path, @Nullable CheckpointStore> elsewhere,
      Checkpoints.Interval interval) {
    CheckpointStore other = elsewhere.apply(place);
    if (other != null) {
      return Checkpoints.in(other, interval, System::nanoTime);
    }
    if (Files.exists(place) && !Files.isDirectory(place)) {
      throw InputException.in(
          place, "is not a folder, so no checkpoints can be kept in it", "Choose another place.");
    }
    return Checkpoints.open(place, interval, System::nanoTime);
  }

  /** Returns whether the run is kept while it lasts. */
  public boolean keeps() {
    Checkpoints.Interval interval = interval();
    return interval.steps() > 0 || !interval.time().isZero();
  }

  /** Returns whether a run that was stopped is to be resumed. */
  public boolean resumes() {
    return resume;
  }

  /** Returns the folder in which a run is kept whose model goes to {@code out}. */
  Path folder(Path out) {
    return folder == null ? out.resolveSibling(out.getFileName() + ".run") : folder;
  }

  /**
   * Whether a run that is to be resumed has ended, so that its model is there and nothing else of
   * it: says so.
   */
  public boolean hasEnded(
      Run<?> run, Path model, @Nullable Checkpoints checkpoints, PrintWriter err) {
    if (!resume || checkpoints == null || !checkpoints.steps().isEmpty() || !Files.exists(model)) {
      return false;
    }
    Model made;
    try {
      made = Tasks.open(model);
    } catch (InputException e) {
      return false; // no model, or not whole: it is made again
    }
    boolean ended = run.endsWith(made);
    if (ended) {
      err.println(
          model
              + ": this run has ended, and is not begun again; leave --resume out to train once more");
    } else if (!made.provenance().unfinished()) {
      err.println(
          model
              + ": the run that trained it has ended, and had other options; there is nothing to resume,"
              + " so this run starts from scratch");
    }
    return ended;
  }

  /** Returns how often a run is kept. */
  public Checkpoints.Interval interval() {
    Matcher matcher = INTERVAL.matcher(every);
    if (!matcher.matches()) {
      throw new InputException(
          "--checkpoint-every is " + every,
          "Give minutes (10m), hours (1h), seconds or steps (500).");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> new Checkpoints.Interval(0, Duration.ofSeconds(number));
      case "m" -> new Checkpoints.Interval(0, Duration.ofMinutes(number));
      case "h" -> new Checkpoints.Interval(0, Duration.ofHours(number));
      default -> new Checkpoints.Interval(number, Duration.ZERO);
    };
  }
}
