package dev.unroll.bench;

import dev.unroll.base.Workers;
import dev.unroll.data.Reading;
import dev.unroll.kernel.Softmax;
import dev.unroll.layer.Steps;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.Network;
import dev.unroll.network.NetworkState;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.train.Training;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code unroll-bench scoring}: {@code unroll lm eval} compared with the forward pass only. */
@Command(
    name = "scoring",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Times the evaluation of a corpus, as in unroll lm eval, next to the forward pass and the "
            + "log-sum-exp of as many tokens in batches of one shape, in turns, on all processors.")
final class ScoringCommand implements Callable<Integer> {

  private static final int SENTENCES = 4096;
  private static final int STREAM = 40_000;
  private static final int WARM_UP = 3;

  @Option(
      names = "--rounds",
      defaultValue = "7",
      description = "Rounds of one evaluation each. Default: ${DEFAULT-VALUE}.")
  int rounds = 7;

  @Override
  public Integer call() {
    try (var workers = new Workers(Runtime.getRuntime().availableProcessors())) {
      System.out.printf(
          "%-46s %14s %14s  %s%n", "corpus", "eval", "forward", "share of the bound (spread)");
      compare(
          "sentences of words, LSTM 2×200, V 10,000",
          Network.lstm(200, 200),
          RandomIds.ofSentences(10_000, SENTENCES),
          Steps.equal(25, 64),
          workers);
      compare(
          "one stream of characters, LSTM 512, V 66",
          Network.lstm(512).withEmbedding(128),
          RandomIds.ofSize(66, STREAM),
          Steps.equal(512, 1),
          workers);
    }
    return 0;
  }

  private void compare(
      String name, Network network, RandomIds corpus, Steps shape, Workers workers) {
    LanguageModel model = model(network, corpus);
    var bound = new Forward(model, shape, workers);
    long batches = Math.max(1, corpus.size() / shape.rows());
    double[] evaluation = new double[rounds];
    double[] forward = new double[rounds];
    double[] share = new double[rounds];
    for (int round = -WARM_UP; round < rounds; round++) {
      long start = System.nanoTime();
      model.evaluate(corpus, workers);
      long middle = System.nanoTime();
      for (long i = 0; i < batches; i++) {
        bound.run();
      }
      long end = System.nanoTime();
      if (round >= 0) {
        evaluation[round] = corpus.size() * 1e9 / (middle - start);
        forward[round] = batches * shape.rows() * 1e9 / (end - middle);
        share[round] = evaluation[round] / forward[round];
      }
    }
    Arrays.sort(evaluation);
    Arrays.sort(forward);
    Arrays.sort(share);
    System.out.printf(
        "%-46s %,9.0f t/s %,9.0f t/s  %.2f (%.2f to %.2f)%n",
        name,
        evaluation[rounds / 2],
        forward[rounds / 2],
        share[rounds / 2],
        share[0],
        share[rounds - 1]);
  }

  /** A model after one training step: its quality does not affect the time. */
  private static LanguageModel model(Network network, RandomIds corpus) {
    boolean stream = corpus.sentences() == 1;
    var training =
        Training.defaults()
            .withReading(stream ? Reading.STREAM : Reading.SENTENCES)
            .withEpochs(1)
            .withBatch(1, 10);
    var few =
        stream
            ? RandomIds.ofSize(corpus.vocabulary(), 20)
            : RandomIds.ofSentences(corpus.vocabulary(), 2);
    return LanguageModel.train(few, network, training);
  }

  /** The bound: all steps of one batch, repeated. */
  private static final class Forward {

    private final LanguageNetwork network;
    private final LanguageNetwork.Weights weights;
    private final LanguageNetwork.Buffers buffers;
    private final NetworkState start;
    private final Steps shape;
    private final Workers workers;
    private final int[] tokens;
    private final double[] sums;

    Forward(LanguageModel model, Steps shape, Workers workers) {
      network = model.network();
      weights = network.pack(model.parameters(), workers);
      buffers = network.newBuffers();
      start = network.startState(weights, shape.batch());
      this.shape = shape;
      this.workers = workers;
      tokens = new int[shape.rows()];
      sums = new double[tokens.length];
      var ids = RandomIds.ofSize(network.vocabulary(), tokens.length);
      Arrays.setAll(tokens, ids::id);
    }

    void run() {
      network.forward(weights, shape, tokens, start, buffers, workers);
      network.readLogits(
          weights,
          buffers,
          (logits, offset, row) ->
              sums[row] = Softmax.logSumExp(logits, offset, network.vocabulary()),
          workers);
    }
  }
}
