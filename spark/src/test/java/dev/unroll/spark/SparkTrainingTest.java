package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.unroll.Unroll;
import dev.unroll.base.InputException;
import dev.unroll.learn.Checkpoints;
import dev.unroll.spark.train.Recipe;
import dev.unroll.spark.train.SparkTraining;
import dev.unroll.store.ModelFields;
import dev.unroll.task.RunOutput;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.train.TrainingException;
import dev.unroll.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** A run on executors ends with the same bits as on one machine. */
class SparkTrainingTest {

  private static <F extends ModelFields> void assertSame(Recipe<F> recipe) {
    var steps = new ArrayList<Long>();
    var listener =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            steps.add(report.step());
          }
        };
    String local = Runs.local(recipe);
    assertThat(Runs.trained(Local.session(), recipe, RunOutput.NOTHING, listener)).isEqualTo(local);
    assertThat(steps).hasSizeGreaterThan(4);
  }

  @Test
  void modelsOfAllTasksHaveTheSameBits() {
    Runs.all().values().forEach(SparkTrainingTest::assertSame);
  }

  /** Jobs are called as the steps of the run, and stages count what their tasks did. */
  @Test
  void sparkShowsWhereARunIs() throws Exception {
    var jobs = new ArrayList<String>();
    var shown = new TreeMap<String, Double>();
    var listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            jobs.add(start.properties().getProperty("spark.job.description"));
          }

          @Override
          public void onStageCompleted(SparkListenerStageCompleted completed) {
            for (AccumulableInfo each :
                CollectionConverters.asJava(completed.stageInfo().accumulables().values())) {
              String name = each.name().get();
              if (!name.startsWith("internal.")) {
                shown.put(name, Double.parseDouble(String.valueOf(each.value().get())));
              }
            }
          }
        };
    var context = Local.session().sparkContext();
    context.addSparkListener(listener);
    var steps = new ArrayList<TrainingListener.StepReport>();
    Runs.trained(
        Local.session(),
        Runs.classifier(5),
        RunOutput.NOTHING,
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            steps.add(report);
          }
        });
    context.listenerBus().waitUntilEmpty();
    context.removeSparkListener(listener);
    assertThat(jobs).hasSameSizeAs(steps);
    assertThat(jobs.getFirst()).isEqualTo("unroll: first step");
    for (int i = 1; i < jobs.size(); i++) {
      assertThat(jobs.get(i))
          .startsWith("unroll: step %d of %d, epoch ".formatted(i + 1, steps.size()))
          .contains(String.format(Locale.ROOT, "; loss %.4f of the ", steps.get(i - 1).loss()));
    }
    assertThat(shown)
        .containsKeys("preparing, ms", "receiving parameters, ms", "computing, ms")
        .containsKeys("adding gradients, ms", "loss")
        .containsEntry("shards", 4.0 * steps.size());
  }

  private static final AtomicInteger PREPARED = new AtomicInteger();

  /** A task that fails is tried again, and computes the same. */
  @Test
  void aTaskThatFailsChangesNoBit() {
    Recipe<LabelFields> whole = Runs.classifier(3); // which no other test has prepared
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
    var texts = new ArrayList<String>(Collections.nCopies(20, "a b"));
    texts.addAll(Collections.nCopies(20, "b a"));
    Recipe<LabelFields> whole =
        output ->
            Unroll.classifier().data(texts, text -> text, text -> text).epochs(1).prepare(output);
    assertThatThrownBy(() -> Runs.trained(Local.session(), whole))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("one shard");
  }

  /** What the local engine skips, Spark skips, and says the same of it. */
  @Test
  void aShardThatIsNotFiniteSkipsTheStep() {
    var here = new ArrayList<String>();
    String local = Runs.local(Runs.notFinite(), Runs.telling(here));
    var there = new ArrayList<String>();
    assertThat(
            Runs.trained(Local.session(), Runs.notFinite(), RunOutput.NOTHING, Runs.telling(there)))
        .isEqualTo(local);
    assertThat(there).isEqualTo(here).hasSize(3); // one in each epoch
  }

  /** The states of lanes are kept in steps that are skipped. */
  @Test
  void aRunThatDivergesEndsWithTheSameMessage() {
    Recipe<LanguageModelFields> run = Runs.diverging();
    var here = new ArrayList<String>();
    var local = catchThrowable(() -> Runs.local(run, Runs.telling(here)));
    assertThat(local).isInstanceOf(TrainingException.class);
    var there = new ArrayList<String>();
    assertThatThrownBy(
            () -> Runs.trained(Local.session(), run, RunOutput.NOTHING, Runs.telling(there)))
        .isInstanceOf(TrainingException.class)
        .hasMessage(local.getMessage());
    assertThat(there).isEqualTo(here).isNotEmpty();
  }

  @TempDir Path folder;

  private Checkpoints checkpoints() {
    return SparkTraining.checkpoints(
        Local.session(), folder.resolve("run of a driver").toUri().toString(), 2);
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
              () -> SparkTraining.run(Local.session(), recipe, Runs.keeping(checkpoints), lost))
          .hasStackTraceContaining("the driver is lost");
      checkpoints.clear(); // a driver that is told to stop keeps the step at work
    }
    Files.createDirectories(kept(6).getParent());
    for (var file : left.entrySet()) {
      Files.write(file.getKey(), file.getValue());
    }
  }

  @Test
  void aLostDriverCostsTheStepsSinceTheLastCheckpoint() throws IOException {
    Recipe<LabelFields> recipe = Runs.classifier(1);
    String whole = Runs.local(recipe);
    for (boolean damaged : new boolean[] {false, true}) {
      lose(recipe);
      Path last = kept(6);
      if (damaged) {
        Runs.damage(last);
      }
      var told = new ArrayList<String>();
      try (var checkpoints = checkpoints()) {
        assertThat(
                Runs.trained(
                    Local.session(), recipe, Runs.keeping(checkpoints), Runs.telling(told)))
            .isEqualTo(whole);
      }
      assertThat(told.getLast()).isEqualTo("resumed from " + (damaged ? 4 : 6));
      assertThat(told).hasSize(damaged ? 2 : 1);
      assertThat(told.getFirst()).contains(damaged ? last.getFileName().toString() : "from");
      assertThat(last.getParent()).doesNotExist(); // the run has ended
    }
  }

  @Test
  void theCheckpointOfAnotherRunIsNamed() throws IOException {
    lose(Runs.classifier(1));
    Recipe<LabelFields> other = Runs.classifier(2);
    try (var checkpoints = checkpoints()) {
      assertThatThrownBy(
              () ->
                  SparkTraining.run(
                      Local.session(), other, Runs.keeping(checkpoints), TrainingListener.NONE))
          .isInstanceOf(InputException.class)
          .hasMessageContainingAll("step-0000000006.safetensors", "seed is 2 now");
    }
  }
}
