package dev.unroll.train;

import dev.unroll.cell.Cells;
import dev.unroll.data.Reading;
import dev.unroll.kernel.Kernels;
import dev.unroll.kernel.Workers;
import dev.unroll.network.Dropouts;
import dev.unroll.network.Network;
import dev.unroll.task.lm.LanguageLearner;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.train.optimizer.Sgd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Two small training runs, with every kind of cell, whose parameters are hashed. As a program it
 * prints the kernels and the hash, to compare with other JVMs.
 */
final class TinyRun {

  /** What every machine must get; made by these very runs, on 512-bit vectors. */
  static final String SHA256 = "89779d7dc221682a346440f7045bc55cdcc35c2639c16eadd4b8b9c1524ca744";

  private TinyRun() {}

  static String hash(int threads) {
    try (var workers = new Workers(threads)) {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes(ofSentences(workers)));
      digest.update(bytes(ofStream(workers)));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every cell, tied, with dropout and Adam, on ragged sentences. */
  private static float[] ofSentences(Workers workers) {
    var options =
        Training.defaults()
            .withEpochs(2)
            .withBatch(5, 9)
            .withReading(Reading.SENTENCES)
            .withSeed(20);
    return run(
        new Network(
            layers(
                "lstm 21",
                "lstm-peephole 18",
                "lstm-peephole-before 15",
                "gru 17",
                "gru-reset-after 16",
                "gru-simplified 19",
                "rnn-relu 12",
                "rnn 40"),
            0,
            true,
            false,
            false,
            List.of(),
            Dropouts.of(0.1, 0.05, 0.2)),
        options,
        workers);
  }

  /**
   * Untied, SGD with momentum, both kinds of clipping; sums over more rows than a block is deep.
   */
  private static float[] ofStream(Workers workers) {
    var options =
        Training.defaults()
            .withOptimizer(new Sgd(0.5, 0.9))
            .withSchedule(new Schedule.Plateau(0.5, 1), 3)
            .withClipping(0.5, 0.01)
            .withEpochs(3)
            .withBatch(11, 30)
            .withValidation(2, 0);
    return run(
        new Network(
            layers("lstm 300", "gru 33"),
            37,
            false,
            false,
            false,
            List.of(),
            Dropouts.of(0, 0.1, 0)),
        options,
        workers);
  }

  private static List<Network.Layer> layers(String... labelsAndUnits) {
    return Arrays.stream(labelsAndUnits)
        .map(text -> text.split(" "))
        .map(part -> new Network.Layer(Cells.of(part[0]), Integer.parseInt(part[1])))
        .toList();
  }

  private static float[] run(Network description, Training options, Workers workers) {
    var text = TinyText.sample();
    var network = new LanguageNetwork(description, text.tokenizer().size());
    var threaded = options.withThreads(workers.threads());
    var learner = new LanguageLearner(network, text.part(0, 36), text.part(36, 40), threaded);
    var trainer = new Trainer(learner, threaded, workers, TrainingListener.NONE);
    return trainer.run().parameters();
  }

  private static byte[] bytes(float[] parameters) {
    var bytes = ByteBuffer.allocate(4 * parameters.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(parameters);
    return bytes.array();
  }

  public static void main(String[] args) {
    System.out.println(Kernels.description());
    System.out.println(hash(2));
  }
}
