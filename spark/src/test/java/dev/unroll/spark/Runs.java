package dev.unroll.spark;

import dev.unroll.Unroll;
import dev.unroll.base.InputException;
import dev.unroll.base.Precision;
import dev.unroll.file.Fingerprint;
import dev.unroll.learn.Checkpoints;
import dev.unroll.spark.train.Recipe;
import dev.unroll.spark.train.SparkTraining;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelFile;
import dev.unroll.task.RunOutput;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.task.transduce.TransducerFields;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.optimizer.Adam;
import dev.unroll.train.optimizer.Optimizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;

/** Small runs of several tasks, and the hashes of their models; for all tests. */
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

  /** Returns the runs that end with the same hash everywhere. */
  static Map<String, Recipe<?>> all() {
    var all = new LinkedHashMap<String, Recipe<?>>();
    all.put("language model", languageModel());
    all.put("classifier", classifier(1));
    all.put("tagger", tagger());
    all.put("transducer", transducer());
    all.put("local steps", localSteps());
    all.put("rounded gradients", rounded());
    return all;
  }

  /** A stream, whose lanes carry their state from step to step. */
  static Recipe<LanguageModelFields> languageModel() {
    return languageModel(false, 0);
  }

  private static Recipe<LanguageModelFields> localSteps() {
    return languageModel(false, 4);
  }

  private static Recipe<LanguageModelFields> languageModel(boolean explodes, int localSteps) {
    var texts = texts();
    return output ->
        Unroll.languageModel().words().stream()
            .lines(texts)
            .lstm(6)
            .epochs(2)
            .training(
                usual ->
                    usual
                        .withBatch(6, 5)
                        .withOptimizer(explodes ? new Exploding() : new Adam(0.01)))
            .shards(3)
            .localSteps(localSteps)
            .prepare(output);
  }

  /** From the second step on nothing is finite. */
  static Recipe<LanguageModelFields> diverging() {
    return languageModel(true, 0);
  }

  /** Makes all parameters huge. */
  private record Exploding() implements Optimizer, Optimizer.Update {
    @Override
    public double rate() {
      return 1;
    }

    @Override
    public String describe() {
      return "Exploding";
    }

    @Override
    public Optimizer.Update newUpdate(int size) {
      return this;
    }

    @Override
    public void apply(
        float[] parameters, float[] gradients, Optimizer.Step step, int from, int to) {
      Arrays.fill(parameters, from, to, Float.MAX_VALUE);
    }

    @Override
    public Map<String, float[]> moments() {
      return Map.of();
    }
  }

  static Recipe<LabelFields> classifier(long seed) {
    return classifier(seed, 2, Precision.FLOAT32);
  }

  private static Recipe<LabelFields> rounded() {
    return classifier(1, 4, Precision.BFLOAT16);
  }

  private static Recipe<LabelFields> classifier(long seed, int epochs, Precision gradients) {
    var texts = texts();
    return output ->
        Unroll.classifier()
            .data(texts, text -> text, text -> "c" + text.charAt(1))
            .gru(5)
            .epochs(epochs)
            .batch(6)
            .seed(seed)
            .shards(4)
            .training(
                usual -> usual.withSharding(usual.sharding().withGradientPrecision(gradients)))
            .prepare(output);
  }

  private static Recipe<LabelFields> tagger() {
    var sentences =
        new ArrayList<>(texts().stream().map(each -> List.of(each.split(" "))).toList());
    return output ->
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
  }

  private static Recipe<TransducerFields> transducer() {
    var texts = texts();
    return output ->
        Unroll.transducer()
            .pairs(texts, text -> text, text -> text.substring(0, 2))
            .lstm(5)
            .epochs(1)
            .batch(7)
            .shards(5)
            .prepare(output);
  }

  /** A word of one text has so long a vector that the gradient of its shard is not finite. */
  static Recipe<LabelFields> notFinite() {
    var texts = texts();
    var validation = new ArrayList<>(texts.subList(0, 8));
    texts.set(17, "w0 huge w1 huge");
    var vectors = new HashMap<String, float[]>();
    vectors.put("huge", new float[] {3e38f, 3e38f, 3e38f, 3e38f, 3e38f, 3e38f});
    return output ->
        Unroll.classifier()
            .data(texts, text -> text, text -> "c" + text.charAt(1))
            .validation(validation, text -> text, text -> "c" + text.charAt(1))
            .vectors(vectors)
            .gru(5)
            .epochs(3)
            .batch(6)
            .shards(3)
            .prepare(output);
  }

  /** Returns the hash of what the local engine trains. */
  static <F extends ModelFields> String local(Recipe<F> recipe) {
    return local(recipe, TrainingListener.NONE);
  }

  static <F extends ModelFields> String local(Recipe<F> recipe, TrainingListener listener) {
    return hash(recipe.prepare(RunOutput.NOTHING).run(listener));
  }

  /** Returns the hash of what the executors of a session train. */
  static <F extends ModelFields> String trained(SparkSession session, Recipe<F> recipe) {
    return trained(session, recipe, RunOutput.NOTHING, TrainingListener.NONE);
  }

  static <F extends ModelFields> String trained(
      SparkSession session, Recipe<F> recipe, RunOutput output, TrainingListener listener) {
    return hash(SparkTraining.run(session, recipe, output, listener));
  }

  /** Says what happened in a run, but for its steps. */
  static TrainingListener telling(List<String> told) {
    return new TrainingListener() {
      @Override
      public void onSkipped(StepReport report) {
        told.add("skipped " + report);
      }

      @Override
      public void onPassedOver(InputException problem) {
        told.add("passed over " + problem.problem());
      }

      @Override
      public void onResumed(long step) {
        told.add("resumed from " + step);
      }
    };
  }

  /** Keeps nothing but checkpoints. */
  static RunOutput keeping(Checkpoints checkpoints) {
    return new RunOutput(List.of(), false, null, checkpoints);
  }

  /** Changes a bit in the middle of a file. */
  static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  private static String hash(ModelFile<?> model) {
    var out = new ByteArrayOutputStream();
    model.write(out);
    return HexFormat.of().formatHex(Fingerprint.sha256().digest(out.toByteArray()));
  }
}
