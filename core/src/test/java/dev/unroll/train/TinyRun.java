package dev.unroll.train;

import dev.unroll.kernel.Kernels;
import dev.unroll.kernel.Workers;
import dev.unroll.model.CellType;
import dev.unroll.model.LanguageNetwork;
import dev.unroll.model.Network;
import dev.unroll.model.Reading;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A small training run with every kind of cell, whose parameters are hashed. As a program it prints
 * the kernels and the hash, so that other JVMs can be asked.
 */
final class TinyRun {

  /** What every machine must get; made by this very run, on 512-bit vectors. */
  static final String SHA256 = "29c05b610fae24c28c337302c221b6677e3ae3efaafc2c9b93d21aaf976caf7c";

  private TinyRun() {}

  static String hash(int threads) {
    var text = TinyText.sample();
    var layers =
        List.of(
            new Network.Layer(CellType.of("lstm"), 21),
            new Network.Layer(CellType.of("lstm-peephole"), 18),
            new Network.Layer(CellType.of("gru"), 17),
            new Network.Layer(CellType.of("gru-reset-after"), 16),
            new Network.Layer(CellType.of("gru-simplified"), 19),
            new Network.Layer(CellType.of("rnn"), 40));
    var network =
        new LanguageNetwork(new Network(layers, 0, true, 0.1, 0.05, 0.2), text.tokenizer().size());
    var options =
        Training.defaults()
            .withEpochs(2)
            .withBatch(5, 9)
            .withReading(Reading.SENTENCES)
            .withSeed(20)
            .withThreads(threads);
    try (var workers = new Workers(threads)) {
      var trainer = new Trainer(network, options, workers, TrainingListener.NONE);
      float[] parameters = trainer.run(text.part(0, 36), text.part(36, 40)).parameters();
      var bytes = ByteBuffer.allocate(4 * parameters.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(parameters);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  public static void main(String[] args) {
    System.out.println(Kernels.description());
    System.out.println(hash(2));
  }
}
