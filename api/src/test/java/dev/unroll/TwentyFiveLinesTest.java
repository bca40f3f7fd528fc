package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Six tasks take a user 25 lines. */
class TwentyFiveLinesTest {

  @Test
  void sixTasksRunIn25Lines(@TempDir Path folder) throws Exception {
    Path source = Path.of("src/test/java/dev/unroll/TwentyFiveLines.java");
    String text = Files.readString(source);
    String program = text.substring(text.indexOf("final class"));
    assertThat(program.lines().filter(line -> !line.isBlank()).count()).isLessThanOrEqualTo(25);
    for (String task :
        new String[] {
          "languageModel", "classifier", "tagger", "transducer", "regressor", "forecaster"
        }) {
      assertThat(program).contains("Unroll." + task + "()");
    }
    UserProgram.writeData(folder);
    String said = UserProgram.run(folder, TwentyFiveLines.class.getName());
    assertThat(said)
        .contains("perplexity ", "support ", "Rome/B-LOC", "A B", "2021-01: ", "2021-12: ");
    assertThat(folder.resolve("stars.safetensors")).isRegularFile();
  }
}
