package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files, their names and what identifies a run are the same whatever the locale of the JVM. */
class LocaleTest {

  private static final String EGYPT = "-Duser.language=ar -Duser.country=EG";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Duser.language=en -Duser.country=US",
        EGYPT,
        "-Duser.language=de -Duser.country=CH",
        "-Duser.language=hi -Duser.country=IN -Duser.extensions=u-nu-deva",
        "-Duser.language=fa -Duser.country=IR -Duser.timezone=Asia/Kathmandu",
        "-Duser.language=tr -Duser.country=TR -Dfile.encoding=COMPAT",
        "-Duser.language=th -Duser.country=TH -Duser.extensions=u-ca-buddhist-nu-thai"
      })
  void everyTaskGivesOneFile(String options) throws Exception {
    var found = new ArrayList<String>();
    assertThat(java(options, found)).isZero();
    assertThat(found).isEqualTo(LocaleRun.files());
  }

  /** Native digits once stood in the names of checkpoints, which no run found then. */
  @ParameterizedTest
  @ValueSource(strings = {"lm", "tag"})
  void aRunThatWasKilledIsResumedAndLeavesNoCheckpoint(String task) throws Exception {
    Path whole = Files.createDirectory(folder.resolve("whole"));
    var expected = new ArrayList<String>();
    assertThat(java("-Duser.language=en", expected, task, whole + "", "0")).isZero();

    var found = new ArrayList<String>();
    Path killed = Files.createDirectory(folder.resolve("killed"));
    assertThat(java(EGYPT, found, task, killed + "", "5")).isEqualTo(7);
    assertThat(names(killed.resolve("run")))
        .contains("step-0000000003.safetensors", "step-0000000004.safetensors")
        .hasSize(3); // and the lock
    assertThat(java(EGYPT, found, task, killed + "", "0")).isZero();
    assertThat(found.getLast()).isEqualTo(expected.getLast().replaceFirst("^0 ", "4 "));
    assertThat(names(killed)).containsExactly("m.safetensors");
  }

  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /** Runs {@link LocaleRun} and returns its exit status. */
  private static int java(String options, List<String> lines, String... arguments)
      throws Exception {
    var own = new ArrayList<>(List.of("--add-modules", "jdk.incubator.vector"));
    own.addAll(List.of(options.split(" ")));
    var command = OtherJvm.command(LocaleRun.class, own, arguments);
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process.inputReader().lines().forEach(lines::add);
    return process.waitFor();
  }
}
