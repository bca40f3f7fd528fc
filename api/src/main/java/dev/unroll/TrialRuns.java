package dev.unroll;

import dev.unroll.base.InputException;
import dev.unroll.data.Provenance;
import dev.unroll.learn.Checkpoints;
import dev.unroll.learn.ForwardingListener;
import dev.unroll.result.Model;
import dev.unroll.task.Candidate;
import dev.unroll.task.Run;
import dev.unroll.tasks.Tasks;
import dev.unroll.train.TrainingException;
import dev.unroll.train.TrainingInterruptedException;
import dev.unroll.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The runs of a search, each of which stops at the end of a rung, with a checkpoint, and resumes in
 * the next. It so ends with the same bits as a run that never stopped: its schedule is that of the
 * whole run from the beginning.
 */
final class TrialRuns {

  private final Path folder;
  private final Checkpoints.Interval interval;
  private final TrainingListener listener;
  private final Map<String, TrialRecord> records = new HashMap<>();

  /** Names of the runs whose records are known to be of this search. */
  private final Set<String> checked = new HashSet<>();

  /**
   * Goes on with what is in a folder.
   *
   * @param interval how often a run is kept besides
   * @param listener receives what happens in each run
   */
  TrialRuns(Path folder, Checkpoints.Interval interval, TrainingListener listener) {
    this.folder = folder;
    this.interval = interval;
    this.listener = listener;
  }

  /**
   * One trial.
   *
   * @param number its number; 0 for the usual settings, which must be trainable
   */
  record Entry(int number, Map<String, Object> settings, Candidate candidate) {}

  private static String name(Entry entry, int repetition) {
    return String.format(Locale.ROOT, "trial-%03d-%d", entry.number, repetition + 1);
  }

  /** Returns what is known of a run. */
  TrialRecord record(Entry entry, int repetition) {
    return records.computeIfAbsent(
        name(entry, repetition), name -> new TrialRecord(folder.resolve(name + ".json")));
  }

  private Path model(Entry entry, int repetition) {
    return folder.resolve(name(entry, repetition) + ".safetensors");
  }

  private Path checkpoints(Entry entry, int repetition) {
    return folder.resolve(name(entry, repetition) + ".run");
  }

  /** Trains up to the end of a rung, unless that was done. */
  TrialRecord reach(Entry entry, int repetition, Halving.Rung rung) {
    TrialRecord record = record(entry, repetition);
    if (checked.add(name(entry, repetition)) && record.reaches(rung)) {
      Run<?> run = prepare(entry, repetition, null, record);
      if (run != null) {
        record.check(run.fingerprint());
      }
    }
    if (record.reaches(rung)) {
      return record;
    }
    Path place = checkpoints(entry, repetition);
    try (var checkpoints = Checkpoints.open(place, interval, System::nanoTime)) {
      Run<?> run = prepare(entry, repetition, checkpoints, record);
      if (run != null) {
        resume(run, model(entry, repetition), checkpoints, record);
      }
      if (run != null && !record.reaches(rung)) {
        train(run, new Climbing(listener, record, rung, entry), checkpoints);
      }
    }
    record.save(entry.settings);
    return record;
  }

  /** Settings that do not go together are a trial that fails. */
  private @Nullable Run<?> prepare(
      Entry entry, int repetition, @Nullable Checkpoints checkpoints, TrialRecord record) {
    try {
      return entry.candidate.prepare(repetition, model(entry, repetition), checkpoints);
    } catch (InputException e) {
      if (entry.number == 0) {
        throw e;
      }
      record.fail(e.problem());
      return null;
    }
  }

  private static void resume(Run<?> run, Path model, Checkpoints checkpoints, TrialRecord record) {
    boolean kept = !checkpoints.steps().isEmpty();
    Provenance made = kept || record.isEmpty() ? null : made(run.fingerprint(), model);
    if (made != null) { // killed after its end
      record.begin(run.fingerprint(), run.size(), Long.MAX_VALUE);
      record.end(made);
    } else {
      record.begin(run.fingerprint(), run.size(), kept ? checkpoints.steps().getFirst() : 0);
    }
  }

  private void train(Run<?> run, Climbing climbing, Checkpoints checkpoints) {
    try {
      climbing.record.end(run.run(climbing).provenance());
    } catch (TrainingInterruptedException e) {
      if (!climbing.reached) {
        throw e;
      }
    } catch (TrainingException e) {
      climbing.record.fail(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      checkpoints.clear();
    }
  }

  /** Stops a run at the end of a rung, and writes down its validations. */
  private static final class Climbing extends ForwardingListener {
    private final TrialRecord record;
    private final Halving.Rung rung;
    private final Entry entry;
    private boolean reached;

    Climbing(TrainingListener next, TrialRecord record, Halving.Rung rung, Entry entry) {
      super(next);
      this.record = record;
      this.rung = rung;
      this.entry = entry;
    }

    @Override
    public void onStep(StepReport report) {
      record.setSteps(report.steps());
      super.onStep(report);
    }

    @Override
    public void onSkipped(StepReport report) {
      record.setSteps(report.steps());
      super.onSkipped(report);
    }

    @Override
    public void onValidation(ValidationReport report) {
      record.add(report);
      record.save(entry.settings); // before a checkpoint of the same step is written
      reached = record.reaches(rung);
      super.onValidation(report);
    }

    @Override
    public boolean stops() {
      return reached || super.stops();
    }
  }

  /** Returns the model of a run that has ended, which is trained again where it is gone. */
  Model finished(Entry entry, int repetition) {
    Path file = model(entry, repetition);
    TrialRecord record = record(entry, repetition);
    if (made(record.run(), file) == null) {
      record.forget();
      reach(entry, repetition, new Halving.Rung(1, 1));
    }
    return Tasks.open(file);
  }

  /** Returns what a file says of its model, if that is what a run ended with; else null. */
  private static @Nullable Provenance made(String run, Path file) {
    if (!Files.exists(file)) {
      return null;
    }
    try {
      Provenance made = Tasks.open(file).provenance();
      return !made.unfinished() && run.equals(made.run()) ? made : null;
    } catch (InputException e) {
      return null; // not whole
    }
  }

  /** Deletes the model and the checkpoints of a run that is given up. */
  void giveUp(Entry entry, int repetition) {
    deleteAll(checkpoints(entry, repetition));
    deleteAll(model(entry, repetition));
  }

  /** Deletes a file, or a folder with all that is in it. */
  static void deleteAll(Path place) {
    if (!Files.exists(place)) {
      return;
    }
    try (Stream<Path> all = Files.walk(place)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException | UncheckedIOException e) {
      throw InputException.in(place, "cannot be deleted: " + e.getMessage(), "Check its rights.");
    }
  }
}
