package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.Unroll;
import dev.unroll.base.InputException;
import dev.unroll.model.Classifier;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelFile;
import dev.unroll.task.RunOutput;
import dev.unroll.task.label.LabelFields;
import dev.unroll.train.TrainingListener;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

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
    var local = recipe.prepare().run(TrainingListener.NONE);
    var steps = new ArrayList<Long>();
    var listener =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            steps.add(report.step());
          }
        };
    var made = SparkTraining.run(Local.session(), recipe, listener);
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
        () ->
            Unroll.languageModel().words().stream()
                .lines(texts)
                .lstm(6)
                .epochs(3)
                .training(usual -> usual.withBatch(6, 5))
                .shards(3)
                .prepare(RunOutput.NOTHING));
  }

  @Test
  void aClassifierHasTheSameBits() {
    var texts = texts();
    assertSame(
        () ->
            Unroll.classifier()
                .data(texts, text -> text, text -> "c" + text.charAt(1))
                .gru(5)
                .epochs(2)
                .batch(6)
                .shards(3)
                .prepare(RunOutput.NOTHING));
  }

  @Test
  void aTransducerHasTheSameBits() {
    var texts = texts();
    assertSame(
        () ->
            Unroll.transducer()
                .pairs(texts, text -> text, text -> text.substring(0, 2))
                .lstm(5)
                .epochs(2)
                .batch(7)
                .shards(3)
                .prepare(RunOutput.NOTHING));
  }

  private static final AtomicInteger PREPARED = new AtomicInteger();

  /** A task that fails is tried again, and computes the same. */
  @Test
  void aTaskThatFailsChangesNoBit() {
    var texts = texts();
    Recipe<LabelFields> whole =
        () ->
            Unroll.classifier()
                .data(texts, text -> text, text -> "c" + text.charAt(1))
                .gru(4)
                .epochs(2)
                .batch(6)
                .shards(3)
                .prepare(RunOutput.NOTHING);
    PREPARED.set(0);
    assertSame(
        () -> {
          if (PREPARED.incrementAndGet() == 3) { // here, on the driver, on an executor
            throw new IllegalStateException("a task fails");
          }
          return whole.prepare();
        });
    assertThat(PREPARED.get()).isGreaterThan(3);
  }

  /** Where a column orders the examples, no partitioning changes a bit. */
  @Test
  void anEstimatorTrainsWhatTheLibraryTrains() {
    var texts = texts();
    var local =
        Unroll.classifier()
            .data(texts, text -> text, text -> "c" + text.charAt(1))
            .gru(4)
            .epochs(2)
            .batch(6)
            .shards(3)
            .train();
    var trainer = new UnrollClassifyTrainer();
    trainer
        .with(trainer.units(), 4)
        .with(trainer.epochs(), 2)
        .with(trainer.batch(), 6)
        .with(trainer.shards(), 3)
        .with(trainer.orderCol(), "number");
    for (int partitions : new int[] {1, 5}) {
      var rows =
          Local.rows("text", DataTypes.StringType, texts, partitions)
              .selectExpr("number", "text", "concat('c', substr(text, 2, 1)) AS label")
              .orderBy(functions.hash(functions.col("text")));
      var model =
          (UnrollClassify)
              new Pipeline().setStages(new PipelineStage[] {trainer}).fit(rows).stages()[0];
      assertThat(model.shared().open(Classifier.class).parameters())
          .containsExactly(local.parameters());
      assertThat(model.transform(rows).select("prediction").collectAsList()).hasSize(texts.size());
    }
    assertThatThrownBy(() -> trainer.fit(Local.rows("text", DataTypes.StringType, texts, 1)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no column label of type string");
  }

  @Test
  void aRunOfOneShardIsRefused() {
    var texts = texts();
    Recipe<LabelFields> whole =
        () ->
            Unroll.classifier()
                .data(texts, text -> text, text -> "c" + text.charAt(1))
                .gru(4)
                .epochs(1)
                .prepare(RunOutput.NOTHING);
    assertThatThrownBy(() -> SparkTraining.run(Local.session(), whole, TrainingListener.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("one shard");
  }
}
