package dev.unroll.spark;

import dev.unroll.Unroll;
import dev.unroll.base.Precision;
import dev.unroll.file.Fingerprint;
import dev.unroll.spark.train.Recipe;
import dev.unroll.spark.train.SparkTraining;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelFile;
import dev.unroll.task.RunOutput;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.train.TrainingListener;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;

/**
 * Small runs of three tasks and of each way in which shards work together, and the hashes of their
 * models.
 */
final class Runs {

  private Runs() {}

  static ArrayList<String> texts() {
    var random = new Random(9);
    var texts = new ArrayList<String>();
    for (int i = 0; i < 40; i++) {
      int words = 1 + random.nextInt(9);
      texts.add(
          String.join(
              " ", IntStream.range(0, words).mapToObj(w -> "w" + random.nextInt(7)).toList()));
    }
    return texts;
  }

  static Map<String, Recipe<?>> all() {
    var texts = texts();
    var sentences = new ArrayList<>(texts.stream().map(each -> List.of(each.split(" "))).toList());
    Recipe<LanguageModelFields> languageModel =
        output ->
            Unroll.languageModel().words().stream()
                .lines(texts)
                .lstm(6)
                .epochs(2)
                .training(usual -> usual.withBatch(6, 5))
                .shards(3)
                .prepare(output);
    Recipe<LabelFields> classifier =
        output ->
            Unroll.classifier()
                .data(texts, text -> text, text -> "c" + text.charAt(1))
                .gru(5)
                .epochs(2)
                .batch(6)
                .shards(4)
                .prepare(output);
    Recipe<LabelFields> tagger =
        output ->
            Unroll.tagger()
                .data(
                    sentences,
                    each -> each,
                    each -> each.stream().map(word -> "t" + word.hashCode() % 2).toList())
                .lstm(4)
                .crf()
                .epochs(2)
                .batch(8)
                .shards(5)
                .prepare(output);
    Recipe<LanguageModelFields> localSteps =
        output ->
            Unroll.languageModel().words().stream()
                .lines(texts)
                .lstm(6)
                .epochs(2)
                .training(usual -> usual.withBatch(6, 5))
                .shards(3)
                .localSteps(4)
                .prepare(output);
    Recipe<LabelFields> rounded =
        output ->
            Unroll.classifier()
                .data(texts, text -> text, text -> "c" + text.charAt(1))
                .gru(5)
                .epochs(4)
                .batch(6)
                .shards(4)
                .training(
                    usual ->
                        usual.withSharding(
                            usual.sharding().withGradientPrecision(Precision.BFLOAT16)))
                .prepare(output);
    return Map.of(
        "language model",
        languageModel,
        "classifier",
        classifier,
        "tagger",
        tagger,
        "local steps",
        localSteps,
        "rounded gradients",
        rounded);
  }

  static <F extends ModelFields> String local(Recipe<F> recipe) {
    return hash(recipe.prepare(RunOutput.NOTHING).run(TrainingListener.NONE));
  }

  static <F extends ModelFields> String trained(SparkSession session, Recipe<F> recipe) {
    return hash(SparkTraining.run(session, recipe, RunOutput.NOTHING, TrainingListener.NONE));
  }

  static String hash(ModelFile<?> model) {
    var out = new ByteArrayOutputStream();
    model.write(out);
    return HexFormat.of().formatHex(Fingerprint.sha256().digest(out.toByteArray()));
  }
}
