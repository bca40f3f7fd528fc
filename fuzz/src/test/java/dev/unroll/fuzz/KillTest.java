package dev.unroll.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training process that is killed again and again, also while it writes a checkpoint, ends in the
 * same model file, byte for byte. {@code experiments/kills} runs this with 200 kills.
 */
class KillTest {

  private static final int KILLS = Integer.getInteger("unroll.kills", 10);

  @TempDir Path folder;

  @Test
  void aRunKilledAtRandomMomentsEndsInTheSameFile() throws Exception {
    Path text = folder.resolve("text.txt");
    Files.write(text, sentences());
    Path whole = folder.resolve("whole.safetensors");
    assertThat(train(text, whole, 1).waitFor()).as(log(whole)).isZero();

    Path killed = folder.resolve("killed.safetensors");
    var random = new Random(20);
    int kills = 0;
    int whileWriting = 0;
    for (int turn = 0; ; turn++) {
      assertThat(turn).as("turns with %d kills", kills).isLessThan(20 * KILLS);
      Process process = train(text, killed, 1 + turn % 3);
      if (kills < KILLS && isAlive(process, killed, turn % 2 == 0, random)) {
        process.destroyForcibly(); // SIGKILL
        process.waitFor();
        kills++;
        whileWriting += unfinished(killed) ? 1 : 0;
      } else if (process.waitFor() == 0) {
        assertThat(Files.readAllBytes(killed)).isEqualTo(Files.readAllBytes(whole));
        assertThat(folder.resolve("killed.safetensors.run")).doesNotExist();
        if (kills == KILLS) {
          break;
        }
        Files.delete(killed); // it ended before all kills: once more
      } else {
        throw new AssertionError("the run failed: " + log(killed));
      }
    }
    System.out.printf("%d kills, %d of them while a file was being written%n", kills, whileWriting);
  }

  /** Sentences of a few words, always the same, in an order without a pattern. */
  private static List<String> sentences() {
    Dice dice = Dice.of(7, "sentences", 0);
    var words =
        List.of("the cat", "a bird", "my friend", "sat", "ran away", "sang", "again", "too");
    return Stream.generate(() -> dice.pick(words))
        .limit(3 * 800)
        .gather(Gatherers.windowFixed(3))
        .map(three -> String.join(" ", three) + ".")
        .toList();
  }

  /**
   * Waits for the moment of a kill: any, or one at which a file is being written. Returns whether
   * the process is still alive then.
   */
  private static boolean isAlive(Process process, Path model, boolean anyMoment, Random random)
      throws Exception {
    long moment = 300 + random.nextInt(700); // a JVM takes some 300 ms to the first step
    if (process.waitFor(moment, TimeUnit.MILLISECONDS)) {
      return false;
    }
    while (!anyMoment && process.isAlive() && !unfinished(model)) {
      Thread.onSpinWait();
    }
    return process.isAlive();
  }

  /** Whether a file is there that is not whole yet. */
  private static boolean unfinished(Path model) {
    Path run = model.resolveSibling(model.getFileName() + ".run");
    for (Path place : List.of(model.getParent(), run)) {
      if (Files.isDirectory(place)) {
        String[] names = place.toFile().list(); // null where the folder is gone by now
        if (names != null && Stream.of(names).anyMatch(name -> name.endsWith(".part"))) {
          return true;
        }
      }
    }
    return false;
  }

  private static Process train(Path text, Path model, int threads) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-Dunroll.kernel=scalar", "-XX:+UseSerialGC", "-Xshare:auto"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("lm", "train", text.toString(), "-o", model.toString()));
    command.addAll(List.of("--units", "24", "--embedding", "300", "--epochs", "6", "--batch", "8"));
    command.addAll(List.of("--dropout", "0.2", "--variational", "--weight-dropout", "0.2"));
    command.addAll(List.of("--average-after", "2", "--checkpoint-every", "1", "--resume"));
    command.addAll(List.of("--threads", String.valueOf(threads), "--validate-every", "40"));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile(model).toFile()))
        .start();
  }

  private static Path logFile(Path model) {
    return model.resolveSibling(model.getFileName() + ".log");
  }

  private static String log(Path model) throws IOException {
    return Files.exists(logFile(model)) ? Files.readString(logFile(model)) : "";
  }
}
