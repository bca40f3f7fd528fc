package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Precision;
import dev.unroll.result.Model;
import dev.unroll.store.Task;
import dev.unroll.task.RunOutput;
import dev.unroll.tasks.Tasks;
import dev.unroll.train.TrainingListener;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for the models of every task that is listed. */
class EveryTaskTest {

  static List<Task<?, ?>> tasks() {
    return List.copyOf(Tasks.ALL);
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void whatIsTrainedRoundedAndSavedOpensAsTheSame(Task<?, ?> task, @TempDir Path folder) {
    Path file = folder.resolve("m.safetensors");
    TinyRun.of(task.name(), RunOutput.NOTHING).run(TrainingListener.NONE).write(file);
    Model trained = Tasks.open(file);
    assertThat(trained.task()).isEqualTo(task);
    assertThat(trained.precision()).isEqualTo(Precision.FLOAT32);

    Model rounded = trained.withPrecision(Precision.INT8);
    assertThat(rounded.precision()).isEqualTo(Precision.INT8);
    assertThat(rounded.parameters()).isNotEqualTo(trained.parameters());
    same(rounded.withPrecision(Precision.INT8), rounded);

    rounded.save(file);
    same(Tasks.open(file), rounded);
  }

  private static void same(Model found, Model expected) {
    assertThat(found.task()).isEqualTo(expected.task());
    assertThat(found.precision()).isEqualTo(expected.precision());
    assertThat(found.parameters()).isEqualTo(expected.parameters());
    assertThat(found.provenance()).isEqualTo(expected.provenance());
    assertThat(found.summary().toString()).isEqualTo(expected.summary().toString());
  }
}
