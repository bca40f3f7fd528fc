package dev.unroll.learn;

import dev.unroll.base.InputException;
import dev.unroll.store.StateFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of one run, whose state is kept from time to time, so that it can resume after an
 * interruption. The one before the last stays: where the last is damaged, the run resumes from it.
 */
public final class Checkpoints implements AutoCloseable {

  /** Checkpoints that are kept: the last one, and the one before. */
  private static final int KEPT = 2;

  private static final String IDENTITY = "run.";
  private static final String NOTHING = "nothing";

  private final CheckpointStore store;
  private final Interval interval;
  private final LongSupplier clock;
  private long lastNanos;

  /** The step after which the run was kept last, or from which it resumed. */
  private long lastStep;

  private Checkpoints(CheckpointStore store, Interval interval, LongSupplier clock) {
    this.store = store;
    this.interval = interval;
    this.clock = clock;
    this.lastNanos = clock.getAsLong();
  }

  /**
   * When a run is kept.
   *
   * @param steps after every so many steps; 0 for never
   * @param time after so much time; zero for never
   */
  public record Interval(long steps, Duration time) {
    /** Checks the numbers. */
    public Interval {
      if (steps < 0 || time.isNegative()) {
        throw new InputException(
            String.format(Locale.ROOT, "checkpoints every %d steps and %s", steps, time),
            "Both must be 0 or more; 0 is never.");
      }
    }
  }

  /**
   * Opens the folder of a run, and creates it if it does not exist.
   *
   * @param clock gives nanoseconds, such as {@code System::nanoTime}; it decides when the run is
   *     kept, and no bit of its result
   * @throws InputException if it cannot be written, or another run is in it
   */
  public static Checkpoints open(Path folder, Interval interval, LongSupplier clock) {
    return in(FolderStore.open(folder), interval, clock);
  }

  /** Keeps a run in another place than a folder of this machine. */
  public static Checkpoints in(CheckpointStore store, Interval interval, LongSupplier clock) {
    return new Checkpoints(store, interval, clock);
  }

  /** Returns what messages call the place. */
  public String name() {
    return store.name();
  }

  /** Returns the numbers of the steps after which the run was kept, the latest first. */
  public List<Long> steps() {
    return store.steps();
  }

  /**
   * Something that a run may have other than when it began, or may not for a reason of its own.
   *
   * @param name its name in the identity of the run
   * @param obstacle why it may not differ, in sentences; empty where it may
   */
  public record Changeable(String name, String obstacle) {}

  /**
   * The latest state that a run can resume from.
   *
   * @param passedOver what is wrong with a later one, or null
   */
  public record Latest(StateFile state, @Nullable InputException passedOver) {}

  /**
   * Returns the latest state that is whole and of the run, if there is any.
   *
   * @param identity what the run depends on, by name: data, network, options
   * @param changeable what of it may differ, if anything
   * @throws InputException if there are some, but all are damaged, or of a run with another
   *     identity
   */
  public Optional<Latest> latest(Map<String, String> identity, Changeable changeable) {
    InputException passedOver = null;
    for (long step : store.steps()) {
      try {
        StateFile state = read(step);
        checkIdentity(step, state, identity, changeable);
        lastStep = step;
        return Optional.of(new Latest(state, passedOver));
      } catch (InputException e) {
        passedOver = passedOver == null ? e : passedOver;
      }
    }
    if (passedOver != null) {
      throw passedOver;
    }
    return Optional.empty();
  }

  private StateFile read(long step) {
    try {
      return store.read(step);
    } catch (InputException e) {
      throw new InputException(
          e.problem(), "Delete it: the run resumes from the one before, or begins again.");
    }
  }

  private void checkIdentity(
      long step, StateFile state, Map<String, String> identity, Changeable changeable) {
    var names =
        new LinkedHashSet<>(List.of("version", "from")); // much of the rest follows from them
    names.addAll(new TreeSet<>(identity.keySet()));
    state.texts().keySet().stream()
        .filter(name -> name.startsWith(IDENTITY))
        .forEach(name -> names.add(name.substring(IDENTITY.length())));
    for (String name : names) { // such as the model that a run began with, which not all have
      String now = identity.getOrDefault(name, NOTHING);
      String then = identity(state, name);
      boolean own = name.equals(changeable.name);
      if (!now.equals(then) && !(own && changeable.obstacle.isEmpty())) {
        throw InputException.in(
            store.name(step),
            String.format(
                Locale.ROOT, "%s is %s now, but was %s when the run began", name, now, then),
            own
                ? changeable.obstacle
                : "Continue with the texts and options that it began with, or delete the folder to"
                    + " begin again.");
      }
    }
  }

  /** Returns what a state says of the run that it is of: what {@code identity} had by that name. */
  static String identity(StateFile state, String name) {
    return state.texts().getOrDefault(IDENTITY + name, NOTHING);
  }

  /** Returns whether it is time to keep the run, after {@code step} steps; not at each it can. */
  public boolean due(long step) {
    long time = interval.time().toNanos();
    boolean late = time > 0 && clock.getAsLong() - lastNanos >= time;
    return late || (interval.steps() > 0 && step / interval.steps() > lastStep / interval.steps());
  }

  /**
   * Keeps the state after a step.
   *
   * @throws InputException if it cannot be written; older ones are untouched
   */
  void write(long step, Map<String, String> identity, StateFile state) {
    lastNanos = clock.getAsLong(); // a full disk is tried again after a while, not at every step
    lastStep = step;
    var texts = new LinkedHashMap<>(state.texts());
    identity.forEach((name, text) -> texts.put(IDENTITY + name, text));
    store.write(step, new StateFile(texts, state.arrays()));
    List<Long> steps = steps();
    steps.subList(Math.min(KEPT, steps.size()), steps.size()).forEach(store::delete);
  }

  /** Deletes all checkpoints: the run is to begin again, or has ended. */
  public void clear() {
    steps().forEach(store::delete);
  }

  /** Lets others in, and deletes the folder of a run where nothing is left in it. */
  @Override
  public void close() {
    store.close();
  }
}
