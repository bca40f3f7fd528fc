package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.Unroll;
import dev.unroll.base.InputException;
import dev.unroll.learn.Checkpoints;
import dev.unroll.spark.train.Recipe;
import dev.unroll.spark.train.SparkTraining;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelFile;
import dev.unroll.task.RunOutput;
import dev.unroll.task.label.LabelFields;
import dev.unroll.train.TrainingListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run on executors ends with the same bits as on one machine. */
class SparkTrainingTest {

  private static ArrayList<String> texts() {
    var random = new Random(5);
    var texts = new ArrayList<String>();
    for (int i = 0; i < 40; i++) {
      int words = 1 + random.nextInt(9);
      texts.add(
          String.join(
              " ", IntStream.range(0, words).mapToObj(w -> "w" + random.nextInt(7)).toList()));
    }
    return texts;
  }

  private static <F extends ModelFields> void assertSame(Recipe<F> recipe) {
    var local = recipe.prepare(RunOutput.NOTHING).run(TrainingListener.NONE);
    var steps = new ArrayList<Long>();
    var listener =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            steps.add(report.step());
          }
        };
    var made = SparkTraining.run(Local.session(), recipe, RunOutput.NOTHING, listener);
    assertThat(steps).hasSizeGreaterThan(5);
    assertThat(made.parameters()).containsExactly(local.parameters());
    assertThat(bytes(made)).isEqualTo(bytes(local));
    assertThat(made.provenance().option("shards")).isEqualTo(3L);
  }

  private static byte[] bytes(ModelFile<?> model) {
    var out = new ByteArrayOutputStream();
    model.write(out);
    return out.toByteArray();
  }

  @Test
  void aLanguageModelOfAStreamHasTheSameBits() {
    var texts = texts();
    assertSame(
        output ->
            Unroll.languageModel().words().stream()
                .lines(texts)
                .lstm(6)
                .epochs(3)
                .training(usual -> usual.withBatch(6, 5))
                .shards(3)
                .prepare(output));
  }

  @Test
  void aClassifierHasTheSameBits() {
    var texts = texts();
    assertSame(
        output ->
            Unroll.classifier()
                .data(texts, text -> text, text -> "c" + text.charAt(1))
                .gru(5)
                .epochs(2)
                .batch(6)
                .shards(3)
                .prepare(output));
  }

  @Test
  void aTransducerHasTheSameBits() {
    var texts = texts();
    assertSame(
        output ->
            Unroll.transducer()
                .pairs(texts, text -> text, text -> text.substring(0, 2))
                .lstm(5)
                .epochs(2)
                .batch(7)
                .shards(3)
                .prepare(output));
  }

  private static final AtomicInteger PREPARED = new AtomicInteger();

  /** A task that fails is tried again, and computes the same. */
  @Test
  void aTaskThatFailsChangesNoBit() {
    var texts = texts();
    Recipe<LabelFields> whole =
        output ->
            Unroll.classifier()
                .data(texts, text -> text, text -> "c" + text.charAt(1))
                .gru(4)
                .epochs(2)
                .batch(6)
                .shards(3)
                .prepare(output);
    PREPARED.set(0);
    assertSame(
        output -> {
          if (PREPARED.incrementAndGet() == 3) { // here, on the driver, on an executor
            throw new IllegalStateException("a task fails");
          }
          return whole.prepare(output);
        });
    assertThat(PREPARED.get()).isGreaterThan(3);
  }

  @Test
  void aRunOfOneShardIsRefused() {
    var texts = texts();
    Recipe<LabelFields> whole =
        output ->
            Unroll.classifier()
                .data(texts, text -> text, text -> "c" + text.charAt(1))
                .gru(4)
                .epochs(1)
                .prepare(output);
    assertThatThrownBy(
            () ->
                SparkTraining.run(Local.session(), whole, RunOutput.NOTHING, TrainingListener.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("one shard");
  }

  @TempDir Path folder;

  private Checkpoints checkpoints() {
    return SparkTraining.checkpoints(
        Local.session(), folder.resolve("run of a driver").toUri().toString(), 2);
  }

  private static RunOutput keeping(Checkpoints checkpoints) {
    return new RunOutput(List.of(), false, null, checkpoints);
  }

  private Path kept(int step) {
    return folder.resolve(
        String.format(Locale.ROOT, "run of a driver/step-%010d.safetensors", step));
  }

  /** Leaves what a driver leaves that is killed when the sixth step was kept. */
  private void lose(Recipe<LabelFields> recipe) throws IOException {
    var left = new HashMap<Path, byte[]>();
    var lost =
        new TrainingListener() {
          @Override
          public void onCheckpoint(long step) {
            if (step == 6) {
              try {
                for (int each : new int[] {4, 6}) {
                  left.put(kept(each), Files.readAllBytes(kept(each)));
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              throw new IllegalStateException("the driver is lost");
            }
          }
        };
    try (var checkpoints = checkpoints()) {
      assertThatThrownBy(
              () -> SparkTraining.run(Local.session(), recipe, keeping(checkpoints), lost))
          .hasStackTraceContaining("the driver is lost");
      checkpoints.clear(); // a driver that is told to stop keeps the step at work
    }
    Files.createDirectories(kept(6).getParent());
    for (var file : left.entrySet()) {
      Files.write(file.getKey(), file.getValue());
    }
  }

  private static Recipe<LabelFields> labels(long seed) {
    var texts = texts();
    return output ->
        Unroll.classifier()
            .data(texts, text -> text, text -> "c" + text.charAt(1))
            .gru(3)
            .epochs(2)
            .batch(6)
            .seed(seed)
            .shards(3)
            .prepare(output);
  }

  @Test
  void aLostDriverCostsTheStepsSinceTheLastCheckpoint() throws IOException {
    Recipe<LabelFields> recipe = labels(1);
    var whole = recipe.prepare(RunOutput.NOTHING).run(TrainingListener.NONE);
    for (boolean damaged : new boolean[] {false, true}) {
      lose(recipe);
      Path last = kept(6);
      if (damaged) {
        byte[] bytes = Files.readAllBytes(last);
        bytes[bytes.length / 2] ^= 1;
        Files.write(last, bytes);
      }
      var told = new ArrayList<String>();
      var listener =
          new TrainingListener() {
            @Override
            public void onPassedOver(InputException problem) {
              told.add(problem.problem());
            }

            @Override
            public void onResumed(long step) {
              told.add("from " + step);
            }
          };
      try (var checkpoints = checkpoints()) {
        var made = SparkTraining.run(Local.session(), recipe, keeping(checkpoints), listener);
        assertThat(made.parameters()).containsExactly(whole.parameters());
      }
      assertThat(told.getLast()).isEqualTo(damaged ? "from 4" : "from 6");
      assertThat(told).hasSize(damaged ? 2 : 1);
      assertThat(told.getFirst()).contains(damaged ? last.getFileName().toString() : "from");
      assertThat(last.getParent()).doesNotExist(); // the run has ended
    }
  }

  @Test
  void theCheckpointOfAnotherRunIsNamed() throws IOException {
    lose(labels(1));
    Recipe<LabelFields> other = labels(2);
    try (var checkpoints = checkpoints()) {
      assertThatThrownBy(
              () ->
                  SparkTraining.run(
                      Local.session(), other, keeping(checkpoints), TrainingListener.NONE))
          .isInstanceOf(InputException.class)
          .hasMessageContainingAll("step-0000000006.safetensors", "seed is 2 now");
    }
  }
}
