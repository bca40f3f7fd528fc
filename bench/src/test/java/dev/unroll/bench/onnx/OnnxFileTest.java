package dev.unroll.bench.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxFileTest {

  private static final OnnxFile SHAPE = new OnnxFile("LSTM", false, 5, 3, 24, 40);

  @TempDir Path folder;

  private float[] outputs(byte[] model) throws Exception {
    Path file = folder.resolve("model.onnx");
    Files.write(file, model);
    try (var peer = new OnnxPeer(SHAPE, file, 1)) {
      peer.run();
      return peer.outputs();
    }
  }

  /** Rounded weights and activations leave about two digits of what is in ±1. */
  @Test
  void anLstmIn8BitsComputesNearlyTheSame() throws Exception {
    float[] exact = outputs(SHAPE.bytes());
    float[] rounded = outputs(SHAPE.bytesOf8Bits());
    double most = 0;
    for (int i = 0; i < exact.length; i++) {
      most = Math.max(most, Math.abs(exact[i] - rounded[i]));
    }
    assertThat(most).isBetween(1e-6, 0.02);
  }
}
