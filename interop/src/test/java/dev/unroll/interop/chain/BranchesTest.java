package dev.unroll.interop.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import dev.unroll.interop.onnx.OnnxModel;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.weights.PlainForward;
import dev.unroll.interop.weights.PortableHead;
import dev.unroll.interop.weights.PortableNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers beside the way to the output are no part of the network. */
class BranchesTest {

  private static final long[] IDS = {2, 3, 4};

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("tagger.onnx");
  }

  /** The graph's own answers are those of the imported layers. */
  private static void requireSame(Path file, String output) {
    PortableNetwork network = ChainModel.open(file).network();
    Tensor embedding = Objects.requireNonNull(network.embedding());
    int width = embedding.shape().axis(1);
    var x = new double[IDS.length][];
    for (int t = 0; t < x.length; t++) {
      int at = (int) IDS[t] * width;
      x[t] = Arrays.copyOfRange(embedding.doubles(), at, at + width);
    }
    double[][] y = PlainForward.run(network.layers(), x);
    PortableHead head = Objects.requireNonNull(network.head());
    Tensor ids = Tensor.of(IDS, 1, IDS.length);
    Tensor expected = OnnxModel.open(file).run(Map.of("tokens", ids)).get(output);
    double[] logits = Objects.requireNonNull(expected).doubles();
    assertThat(logits).hasSize(IDS.length * head.outputs());
    for (int t = 0; t < x.length; t++) {
      double[] found = PlainForward.affine(head.weight(), head.bias(), y[t]);
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).isEqualTo(logits[t * found.length + i], within(1e-5));
      }
    }
  }

  @Test
  void anLstmForAnotherOutputIsLeftOut() throws IOException {
    Path file = new TaggerGraph().linear().lstm("y", "y2").output("z").output("y2").write(file());
    assertThat(ChainModel.open(file).network().layers()).hasSize(1);
    assertThat(ChainModel.open(file).findings())
        .containsExactly(
            "embedding embedding, 6×3",
            "LSTM of 4 units",
            "linear layer wo, 2×4",
            "the output z of 2: the others are left out");
    requireSame(file, "z");
  }

  @Test
  void anLstmBeforeTheLinearLayerIsLeftOut() throws IOException {
    Path file = new TaggerGraph().lstm("y", "y2").linear().output("z").output("y2").write(file());
    requireSame(file, "z");
  }

  @Test
  void eachOutputHasItsOwnLinearLayer() throws IOException {
    Path file =
        new TaggerGraph()
            .constant("w2", 4, 3)
            .node("MatMul", "yb w2", "z2")
            .linear()
            .output("z")
            .output("z2")
            .write(file());
    requireSame(file, "z");
  }

  @Test
  void twoLstmsOfTheSameInputAreTwoBranches() throws IOException {
    Path file =
        new TaggerGraph()
            .lstm("y", "left")
            .lstm("y", "right")
            .turn("right", "rightb")
            .node("MatMul", "rightb wo", "z")
            .output("z")
            .write(file());
    assertThat(ChainModel.open(file).network().layers()).hasSize(2);
    requireSame(file, "z");
  }

  @Test
  void oneDirectionOfTwoIsNotTheLayer() throws IOException {
    Path file =
        new TaggerGraph()
            .constant("both.w", 2, 16, 4)
            .constant("both.r", 2, 16, 4)
            .node("LSTM", "y both.w both.r", "both", "hidden_size", 4, "direction", "bidirectional")
            .node("Gather", "both one", "way", "axis", 1)
            .node("Squeeze", "way one", "half")
            .output("half")
            .write(file());
    assertThatThrownBy(() -> ChainModel.open(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("its output half is not all of what its last layer gives");
  }
}
