package dev.unroll.bench;

import dev.unroll.base.PoolingKind;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Kernels;
import dev.unroll.learn.Trainer;
import dev.unroll.network.Network;
import dev.unroll.task.label.LabelExamples;
import dev.unroll.task.label.LabelLearner;
import dev.unroll.task.label.LabelNetwork;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.WeightDecay;
import dev.unroll.train.optimizer.Adam;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;

/** {@code unroll-bench embedding}: what the vectors of words cost that a batch does not have. */
@Command(
    name = "embedding",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Times steps of a classifier with Adam against the number of words that it knows, and late in a"
            + " training whose words come once each.",
    footer = {
      "",
      "An LSTM of 64 units, 32 sentences of 20 words in each step. Vectors that no word of a batch has wait",
      "for one that does; with weight decay all are changed in each step.",
    })
final class EmbeddingCommand implements Callable<Integer> {

  private static final int UNITS = 64;
  private static final int WORDS = 20;
  private static final int BATCH = 32;
  private static final int LABELS = 4;

  /** So weak that it changes next to nothing, but for which all rows are changed in each step. */
  private static final WeightDecay DECAY = new WeightDecay(1e-9, true);

  private static final CounterRandom RANDOM =
      CounterRandom.of(3, CounterRandom.Purpose.SAMPLING, 0);

  @Override
  public Integer call() {
    int threads = Runtime.getRuntime().availableProcessors();
    System.out.printf(
        "%s, Java %s, %s, %d threads%n",
        Processor.name(), Runtime.version(), Kernels.description(), threads);
    try (var workers = new Workers(threads)) {
      trained(new Words(1000, 0, true), 2000, WeightDecay.NONE, workers); // warms up
      againstVocabulary(workers);
      late(workers);
    }
    return 0;
  }

  private static void againstVocabulary(Workers workers) {
    System.out.println();
    System.out.println(
        "| words | a step, words as in texts | all words equally often | where all vectors change |");
    System.out.println("| --- | --- | --- | --- |");
    for (int vocabulary : new int[] {1000, 10_000, 50_000, 200_000}) {
      var texts = new Words(vocabulary, 0, true);
      var uniform = new Words(vocabulary, 0, false);
      System.out.printf(
          "| %,d | %s | %s | %s |%n",
          vocabulary,
          Report.time(trained(texts, 600, WeightDecay.NONE, workers).median(200, 600)),
          Report.time(trained(uniform, 600, WeightDecay.NONE, workers).median(200, 600)),
          Report.time(trained(texts, 600, DECAY, workers).median(200, 600)));
    }
  }

  /** The moments of a word that has come once fade to nothing within a thousand steps. */
  private static void late(Workers workers) {
    System.out.println();
    System.out.println(
        "| 50,000 words, 49,000 of them once | steps 200 to 600 | 2,000 to 2,400 | 3,600 to 4,000 |");
    System.out.println("| --- | --- | --- | --- |");
    for (WeightDecay decay : List.of(WeightDecay.NONE, DECAY)) {
      Times times = trained(new Words(50_000, 49_000, true), 4000, decay, workers);
      System.out.printf(
          "| %s | %s | %s | %s |%n",
          decay.value() == 0 ? "vectors wait" : "all vectors change in each step",
          Report.time(times.median(200, 600)),
          Report.time(times.median(2000, 2400)),
          Report.time(times.median(3600, 4000)));
    }
  }

  /** When each step of a training ended, in nanoseconds. */
  private record Times(long[] ends) {

    /** Returns the median time of a step in some of them. */
    double median(int from, int to) {
      return IntStream.range(from, to)
          .mapToDouble(step -> ends[step] - ends[step - 1])
          .sorted()
          .skip((to - from) / 2)
          .findFirst()
          .orElse(Double.NaN);
    }
  }

  private static Times trained(Words words, int steps, WeightDecay decay, Workers workers) {
    var output = new LabelSpec.PerSequence(LABELS, PoolingKind.MAX, false);
    var spec = new LabelSpec(Network.lstm(UNITS), null, output);
    var options =
        Training.defaults()
            .withOptimizer(new Adam(0.001))
            .withWeightDecay(decay)
            .withEpochs(1)
            .withBatch(BATCH, 1)
            .withThreads(workers.threads());
    LabelExamples examples = words.examples(steps * BATCH);
    var few = new LabelExamples(examples.sequences().subList(0, BATCH), List.of());
    var learner =
        new LabelLearner(
            new LabelNetwork(spec, words.vocabulary, 0),
            List.of(examples, few),
            options,
            found -> null,
            LabelLearner.Given.NOTHING);
    long[] ends = new long[steps];
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            ends[(int) report.step() - 1] = System.nanoTime();
          }
        };
    new Trainer(learner, options, workers, listener).run();
    return new Times(ends);
  }

  /**
   * What sentences are made of.
   *
   * @param vocabulary number of words
   * @param once how many of them, the last, come once each
   * @param falls whether words are the rarer the higher their number is, as in texts (Zipf 1935):
   *     the share of word i is proportional to 1 / i
   */
  private record Words(int vocabulary, int once, boolean falls) {

    /** Returns random sentences. */
    LabelExamples examples(int count) {
      var sentences =
          IntStream.range(0, count)
              .mapToObj(
                  sentence -> {
                    int[] words = new int[WORDS];
                    for (int i = 0; i < WORDS; i++) {
                      words[i] = word(sentence * WORDS + i, count * WORDS);
                    }
                    int[] label = {(int) RANDOM.below(-1L - sentence, LABELS)};
                    return new LabelExamples.Sequence(words, new int[0], label);
                  })
              .toList();
      return new LabelExamples(sentences, List.of());
    }

    /** Returns the word at one of {@code places}. */
    private int word(int place, int places) {
      int often = vocabulary - once;
      int apart = once == 0 ? 0 : places / once;
      if (apart > 0 && place % apart == 0 && place / apart < once) {
        return often + place / apart;
      }
      double share = RANDOM.below(place, 1L << 32) * 0x1p-32;
      return falls ? (int) StrictMath.pow(often, share) - 1 : (int) (share * often);
    }
  }
}
