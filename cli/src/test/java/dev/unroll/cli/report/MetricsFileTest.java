package dev.unroll.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.unroll.base.InputException;
import dev.unroll.train.TrainingListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsFileTest {

  @TempDir Path folder;

  @Test
  void aFullDiskEndsNoTrainingAndIsToldOnce() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    var told = new ArrayList<InputException>();
    var listener =
        new TrainingListener() {
          @Override
          public void onWriteFailed(InputException problem) {
            told.add(problem);
          }
        };
    try (var metrics = new MetricsFile(full, listener)) {
      for (int step = 1; step < 4; step++) {
        metrics.onAveraging(step);
        metrics.beforeCheckpoint(step);
      }
    }
    assertThat(told).hasSize(1);
    assertThat(told.getFirst()).hasMessageContainingAll("/dev/full: cannot be written");
  }

  @Test
  void aPlaceThatCannotBeWrittenIsToldBeforeThereIsAnythingToLose() {
    try (var metrics =
        new MetricsFile(folder.resolve("none/metrics.jsonl"), new TrainingListener() {})) {
      assertThatThrownBy(() -> metrics.onAveraging(1))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("cannot be written");
    }
  }
}
