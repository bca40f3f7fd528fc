package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What can happen to a run besides being killed is noticed and named, and nothing is lost. */
class NothingIsLostTest {

  @TempDir Path folder;

  private Path text;
  private Path model;
  private Path run;

  @BeforeEach
  void makeText() throws IOException {
    text = Files.write(folder.resolve("text.txt"), Session.sentences(300));
    model = folder.resolve("model.safetensors");
    run = folder.resolve("model.safetensors.run");
  }

  private String[] train(Path out, String... more) {
    var words = new ArrayList<>(List.of("lm", "train", text.toString(), "-o", out.toString()));
    words.addAll(List.of("--units", "24", "--embedding", "300", "--epochs", "4", "--batch", "8"));
    words.addAll(List.of("--threads", "1"));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  /** Starts a run, and returns once it has kept two checkpoints. */
  private Process started() throws IOException {
    Process process = Session.start(folder.resolve("log"), train(model, "--checkpoint-every", "2"));
    while (process.isAlive() && checkpoints().size() < 2) {
      Thread.onSpinWait();
    }
    return process;
  }

  private void stop(Process process) throws InterruptedException {
    assertThat(process.isAlive()).as("it was stopped before its end").isTrue();
    process.destroyForcibly().waitFor();
  }

  private List<Path> checkpoints() throws IOException {
    if (!Files.isDirectory(run)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(run)) {
      return files
          .filter(each -> each.toString().endsWith(".safetensors"))
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }

  private static void assertRefused(Session.Result result, String... parts) {
    assertThat(result.status()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(parts);
  }

  private void assertResumesToTheSameBytes() throws IOException {
    Path whole = folder.resolve("whole.safetensors");
    assertThat(Session.run(train(whole)).status()).isZero();
    var resumed = Session.run(train(model, "--resume"));
    assertThat(resumed.status()).as(resumed.err()).isZero();
    assertThat(resumed.err()).contains("resumed after step");
    assertThat(Files.readAllBytes(model)).isEqualTo(Files.readAllBytes(whole));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // has no such limit
  void aDiskWithoutRoom() throws Exception {
    stop(started());
    byte[] kept = Files.readAllBytes(checkpoints().getFirst());
    var result = Session.limited(64, train(model, "--resume", "--checkpoint-every", "20"));
    assertRefused(
        result, "resumed after step", "model.safetensors: cannot be written: File too large");
    assertThat(model).doesNotExist();
    assertThat(Files.readAllBytes(checkpoints().getFirst())).isEqualTo(kept);
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
    assertThat(run).isDirectoryNotContaining("glob:**.part");
    assertResumesToTheSameBytes();
  }

  @Test
  void twoProcessesInOneFolder() throws Exception {
    Process process = started();
    var second = Session.process("", train(model, "--resume"));
    stop(process);
    assertRefused(second, "model.safetensors.run: another run is using it");
    assertResumesToTheSameBytes();
  }

  @Test
  void aTextThatChangedMeanwhile() throws Exception {
    stop(started());
    List<String> lines = Files.readAllLines(text);
    var changed = new ArrayList<>(lines);
    changed.set(7, changed.get(8));
    Files.write(text, changed);
    assertRefused(
        Session.run(train(model, "--resume")),
        "training text is sha256:",
        "when the run began",
        "Continue with the texts");
    Files.write(text, lines);
    assertResumesToTheSameBytes();
  }

  @Test
  void aCheckpointThatIsChanged() throws Exception {
    stop(started());
    Path latest = checkpoints().getFirst();
    byte[] changed = Files.readAllBytes(latest);
    changed[changed.length / 2] ^= 1;
    Files.write(latest, changed);
    assertResumesToTheSameBytes();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // has no such folder
  void aFolderThatMayNotBeWritten() {
    // Not even an administrator makes a file there. It is noticed before hours of work.
    for (String keeping : new String[] {"10m", "0"}) {
      var result =
          Session.run(train(Path.of("/proc/model.safetensors"), "--checkpoint-every", keeping));
      assertRefused(result, "/proc/model.safetensors: cannot be written");
      assertThat(result.err()).doesNotContain("epoch");
    }
  }
}
