package dev.unroll.learn;

import dev.unroll.base.InputException;
import dev.unroll.file.SafeFiles;
import dev.unroll.store.StateFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of one run, in which its state is kept from time to time, so that it can resume after
 * an interruption. Each checkpoint is a separate file, written under another name, synced and
 * renamed; the one before it stays until the next is whole. A lock keeps a second run out.
 */
public final class Checkpoints implements AutoCloseable {

  /** Checkpoints that are kept: the last one, and the one before. */
  private static final int KEPT = 2;

  private static final Pattern NAME = Pattern.compile("step-(\\d{10})\\.safetensors");
  private static final Pattern UNFINISHED = Pattern.compile(NAME.pattern() + "\\.\\d+-\\d+\\.part");
  private static final String IDENTITY = "run.";
  private static final String NOTHING = "nothing";

  private final Path folder;
  private final FileChannel lockFile;
  private final Interval interval;
  private final LongSupplier clock;

  /** Whether a run made the folder, this one or one that was stopped, and not somebody else. */
  private final boolean made;

  private long lastNanos;

  private Checkpoints(
      Path folder, FileChannel lockFile, Interval interval, LongSupplier clock, boolean made) {
    this.folder = folder;
    this.lockFile = lockFile;
    this.interval = interval;
    this.clock = clock;
    this.made = made;
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
    FileChannel file = null;
    try {
      Path lockPath = folder.resolve("lock");
      boolean made = !Files.isDirectory(folder) || Files.exists(lockPath); // or a killed run did
      Files.createDirectories(folder);
      file = FileChannel.open(lockPath, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = file.tryLock();
      if (lock == null) {
        throw inUse(folder);
      }
      var checkpoints = new Checkpoints(folder, file, interval, clock, made);
      checkpoints.deleteUnfinished();
      return checkpoints;
    } catch (OverlappingFileLockException e) {
      close(file);
      throw inUse(folder);
    } catch (IOException e) {
      close(file);
      throw InputException.in(
          folder,
          "checkpoints cannot be kept there: " + SafeFiles.reason(e),
          "Check the folder, its rights and the free space, or choose another place.");
    } catch (InputException e) {
      close(file);
      throw e;
    }
  }

  private static InputException inUse(Path folder) {
    return InputException.in(
        folder, "another run is at work in it", "Wait for its end, or choose another place.");
  }

  private static void close(java.io.@org.jspecify.annotations.Nullable Closeable file) {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        System.getLogger(Checkpoints.class.getName())
            .log(System.Logger.Level.DEBUG, "not closed", e);
      }
    }
  }

  /** Files that a killed run did not finish. */
  private void deleteUnfinished() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file :
          files
              .filter(each -> UNFINISHED.matcher(each.getFileName().toString()).matches())
              .toList()) {
        Files.delete(file);
      }
    }
  }

  /** Returns the folder. */
  public Path folder() {
    return folder;
  }

  /** Returns the numbers of the steps after which the run was kept, the latest first. */
  public List<Long> steps() {
    if (!Files.isDirectory(folder)) {
      return List.of(); // somebody deleted it
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> NAME.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .map(matcher -> Long.parseLong(matcher.group(1)))
          .sorted(Comparator.reverseOrder())
          .toList();
    } catch (IOException e) {
      throw InputException.in(
          folder, "cannot be read: " + SafeFiles.reason(e), "Check the folder and its rights.");
    }
  }

  private Path file(long step) {
    return folder.resolve(String.format(Locale.ROOT, "step-%010d.safetensors", step));
  }

  /**
   * Something that a run may have other than when it began, or may not for a reason of its own.
   *
   * @param name its name in the identity of the run
   * @param obstacle why it may not differ, in sentences; empty where it may
   */
  public record Changeable(String name, String obstacle) {}

  /**
   * Returns the latest state, if there is one.
   *
   * @param identity what the run depends on, by name: data, network, options
   * @param changeable what of it may differ, if anything
   * @throws InputException if it is damaged, or of a run with another identity
   */
  public Optional<StateFile> latest(Map<String, String> identity, Changeable changeable) {
    List<Long> steps = steps();
    if (steps.isEmpty()) {
      return Optional.empty();
    }
    Path file = file(steps.getFirst());
    StateFile state = read(file, steps);
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
            folder,
            String.format(
                Locale.ROOT, "%s is %s now, but was %s when the run began", name, now, then),
            own
                ? changeable.obstacle
                : "Continue with the texts and options that it began with, or delete the folder to"
                    + " begin again.");
      }
    }
    return Optional.of(state);
  }

  /** Returns what a state says of the run that it is of: what {@code identity} had by that name. */
  static String identity(StateFile state, String name) {
    return state.texts().getOrDefault(IDENTITY + name, NOTHING);
  }

  private static StateFile read(Path file, List<Long> steps) {
    try {
      return StateFile.read(file);
    } catch (InputException e) {
      String fix =
          steps.size() > 1
              ? String.format(
                  Locale.ROOT,
                  "Delete it: the run then resumes from the checkpoint before, of step %,d.",
                  steps.get(1))
              : "Delete it; there is no other, so that the run begins again.";
      throw new InputException(e.problem(), fix);
    }
  }

  /** Returns whether it is time to keep the run, after {@code step} steps. */
  public boolean due(long step) {
    long time = interval.time().toNanos();
    boolean late = time > 0 && clock.getAsLong() - lastNanos >= time;
    return late || (interval.steps() > 0 && step % interval.steps() == 0);
  }

  /**
   * Keeps the state after a step.
   *
   * @throws InputException if it cannot be written; older ones are untouched
   */
  void write(long step, Map<String, String> identity, StateFile state) {
    lastNanos = clock.getAsLong(); // a full disk is tried again after a while, not at every step
    var texts = new LinkedHashMap<>(state.texts());
    identity.forEach((name, text) -> texts.put(IDENTITY + name, text));
    new StateFile(texts, state.arrays()).write(file(step));
    List<Long> steps = steps();
    for (long old : steps.subList(Math.min(KEPT, steps.size()), steps.size())) {
      delete(file(old));
    }
  }

  /** Deletes all checkpoints: the run is to begin again, or has ended. */
  public void clear() {
    for (long step : new ArrayList<>(steps())) {
      delete(file(step));
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw InputException.in(
          file, "cannot be deleted: " + SafeFiles.reason(e), "Check the folder's rights.");
    }
  }

  /** Lets others in, and deletes the folder of a run where nothing is left in it. */
  @Override
  public void close() {
    boolean empty = steps().isEmpty();
    if (empty) {
      delete(folder.resolve("lock"));
    }
    close(lockFile);
    if (empty && made) {
      try {
        Files.deleteIfExists(folder);
      } catch (IOException e) {
        System.getLogger(Checkpoints.class.getName())
            .log(System.Logger.Level.DEBUG, "not deleted: " + folder);
      }
    }
  }
}
