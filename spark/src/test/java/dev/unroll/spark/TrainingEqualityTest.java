package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.Unroll;
import dev.unroll.base.Precision;
import dev.unroll.file.Fingerprint;
import dev.unroll.spark.train.Recipe;
import dev.unroll.spark.train.SparkTraining;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelFile;
import dev.unroll.task.RunOutput;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One SHA-256 of a model, wherever it was trained. */
class TrainingEqualityTest {

  private static ArrayList<String> texts() {
    var random = new Random(11);
    var texts = new ArrayList<String>();
    for (int i = 0; i < 30; i++) {
      int words = 1 + random.nextInt(9);
      texts.add(
          String.join(
              " ", IntStream.range(0, words).mapToObj(w -> "w" + random.nextInt(7)).toList()));
    }
    return texts;
  }

  private static <F extends ModelFields> Recipe<F> of(Recipe<F> recipe) {
    return recipe;
  }

  private static List<Recipe<?>> recipes() {
    var texts = texts();
    var stream =
        of(
            output ->
                Unroll.languageModel().words().stream()
                    .lines(texts)
                    .lstm(5)
                    .epochs(2)
                    .training(usual -> usual.withBatch(8, 5))
                    .shards(5)
                    .prepare(output));
    var classifier =
        of(
            output ->
                Unroll.classifier()
                    .data(texts, text -> text, text -> "c" + text.charAt(1))
                    .gru(5)
                    .epochs(1)
                    .batch(7)
                    .shards(5)
                    .prepare(output));
    var transducer =
        of(
            output ->
                Unroll.transducer()
                    .pairs(texts, text -> text, text -> text.substring(0, 2))
                    .lstm(5)
                    .epochs(1)
                    .batch(7)
                    .shards(5)
                    .prepare(output));
    var localSteps =
        of(
            output ->
                Unroll.languageModel().words().stream()
                    .lines(texts)
                    .lstm(5)
                    .epochs(2)
                    .training(usual -> usual.withBatch(8, 5))
                    .shards(5)
                    .localSteps(3)
                    .prepare(output));
    var rounded =
        of(
            output ->
                Unroll.classifier()
                    .data(texts, text -> text, text -> "c" + text.charAt(1))
                    .gru(5)
                    .epochs(5)
                    .batch(7)
                    .shards(5)
                    .training(TrainingEqualityTest::rounded)
                    .prepare(output));
    return List.of(stream, classifier, transducer, localSteps, rounded);
  }

  private static Training rounded(Training usual) {
    return usual.withSharding(usual.sharding().withGradientPrecision(Precision.BFLOAT16));
  }

  private static SparkSession begin(String master, boolean speculation) {
    stop();
    return SparkSession.builder()
        .master(master)
        .appName("unroll")
        .config("spark.ui.enabled", false)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.adaptive.enabled", speculation)
        .config("spark.speculation", speculation)
        .config("spark.speculation.interval", "1ms")
        .config("spark.speculation.multiplier", 1.01)
        .config("spark.speculation.quantile", 0.1)
        .getOrCreate();
  }

  /** Other tests begin a session of their own. */
  @AfterEach
  void end() {
    stop();
  }

  private static void stop() {
    var open = SparkSession.getDefaultSession();
    if (open.isDefined()) {
      open.get().stop();
    }
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
  }

  private static String hash(ModelFile<?> model) {
    var out = new ByteArrayOutputStream();
    model.write(out);
    var digest = Fingerprint.sha256();
    digest.update(out.toByteArray());
    return HexFormat.of().formatHex(digest.digest());
  }

  @Test
  void oneHashOfEachRunWithAnyNumberOfThreads() {
    var recipes = recipes();
    var expected =
        recipes.stream()
            .map(recipe -> hash(recipe.prepare(RunOutput.NOTHING).run(TrainingListener.NONE)))
            .toList();
    assertThat(expected).doesNotHaveDuplicates();
    for (String master : List.of("local[1]", "local[2]", "local[3]")) {
      SparkSession session = begin(master, master.equals("local[3]"));
      assertThat(
              recipes.stream()
                  .map(
                      recipe ->
                          hash(
                              SparkTraining.run(
                                  session, recipe, RunOutput.NOTHING, TrainingListener.NONE)))
                  .toList())
          .as(master)
          .isEqualTo(expected);
    }
  }
}
