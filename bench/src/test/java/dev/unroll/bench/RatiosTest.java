package dev.unroll.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatiosTest {

  @TempDir Path folder;

  private static final Ratios BEFORE =
      new Ratios("a machine", Map.of("train, A", 1.0, "train, B", 2.0, "forward, C", 0.5));

  @Test
  void namesWhatFellByMoreThanTheShare() {
    var now = new Ratios("another", Map.of("train, A", 0.91, "train, B", 1.7, "forward, D", 0.1));
    assertThat(now.fallen(BEFORE, 0.1).toString()).isEqualTo("[train, B: 1.70, was 2.00 (-15%)]");
    assertThat(now.fallen(BEFORE, 0.2)).isEmpty();
    assertThat(BEFORE.fallen(BEFORE, 0.01)).isEmpty();
    assertThat(now.shared(BEFORE)).isEqualTo(2);
  }

  @Test
  void areReadAsTheyWereWritten() throws IOException {
    Path file = folder.resolve("ratios.json");
    BEFORE.write(file);
    assertThat(Ratios.read(file)).isEqualTo(BEFORE);
  }

  @Test
  void aFileThatIsNoneIsNamed() throws IOException {
    Path file = folder.resolve("ratios.json");
    assertThatThrownBy(() -> Ratios.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("ratios.json")
        .hasMessageContaining("--save");
    Files.writeString(file, "[1, 2]");
    assertThatThrownBy(() -> Ratios.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds no ratios");
  }
}
