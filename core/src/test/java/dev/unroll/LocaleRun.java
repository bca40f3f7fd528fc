package dev.unroll;

import dev.unroll.learn.Checkpoints;
import dev.unroll.task.RunOutput;
import dev.unroll.tasks.Tasks;
import dev.unroll.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * As a program: trains every task on a vocabulary of more than a thousand tokens and prints what
 * identifies each run and the hash of its file; or trains one with checkpoints, and is killed at a
 * step or resumes.
 */
final class LocaleRun {

  private LocaleRun() {}

  public static void main(String[] args) throws IOException {
    if (args.length == 0) {
      files().forEach(System.out::println);
    } else {
      System.out.println(checkpointed(args[0], Path.of(args[1]), Long.parseLong(args[2])));
    }
  }

  /** Returns a line for each task. */
  static List<String> files() throws IOException {
    Path file = Files.createTempFile("unroll", ".safetensors");
    try {
      return Tasks.ALL.stream().map(task -> task.name() + " " + hash(task.name(), file)).toList();
    } finally {
      Files.delete(file);
    }
  }

  private static String hash(String task, Path file) {
    var run = TinyRun.ofManyTokens(task, RunOutput.NOTHING);
    run.run(TrainingListener.NONE).write(file);
    return run.fingerprint() + " " + hash(file);
  }

  private static String hash(Path file) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Trains a task in a folder, up to a step after which the JVM is halted.
   *
   * @return the step that it resumed from, and the hash of its file
   */
  private static String checkpointed(String task, Path folder, long last) {
    var interval = new Checkpoints.Interval(1, Duration.ZERO);
    long[] from = {0};
    var listener =
        new TrainingListener() {
          @Override
          public void onResumed(long step) {
            from[0] = step;
          }

          @Override
          public void onStep(StepReport report) {
            if (report.step() == last) {
              Runtime.getRuntime().halt(7);
            }
          }
        };
    Path file = folder.resolve("m.safetensors");
    try (var checkpoints = Checkpoints.open(folder.resolve("run"), interval, () -> 0)) {
      var output = new RunOutput(List.of(), false, file, checkpoints);
      TinyRun.ofManyTokens(task, output).run(listener);
    }
    return from[0] + " " + hash(file);
  }
}
