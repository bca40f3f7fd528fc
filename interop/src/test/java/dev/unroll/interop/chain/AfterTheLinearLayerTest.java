package dev.unroll.interop.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One activation ends a network; what comes after it would be lost. */
class AfterTheLinearLayerTest {

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("tagger.onnx");
  }

  private static void requireRefused(Path file, String why) {
    assertThatThrownBy(() -> ChainModel.open(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(why)
        .hasMessageContaining("Run the graph as it is.");
  }

  @Test
  void aSecondActivationIsRefused() throws IOException {
    Path twice =
        new TaggerGraph()
            .linear()
            .node("Softmax", "z", "p")
            .node("Softmax", "p", "o")
            .output("o")
            .write(file());
    requireRefused(twice, "the node Softmax Softmax_o is a second activation");
    Path both =
        new TaggerGraph()
            .linear()
            .node("Sigmoid", "z", "p")
            .node("LogSoftmax", "p", "o")
            .output("o")
            .write(file());
    requireRefused(both, "the node LogSoftmax LogSoftmax_o is a second activation");
  }

  @Test
  void whatIsAddedToProbabilitiesIsNoBias() throws IOException {
    Path file =
        new TaggerGraph()
            .node("MatMul", "yb wo", "m")
            .node("Softmax", "m", "p")
            .node("Add", "p bo", "o")
            .output("o")
            .write(file());
    requireRefused(file, "the node Add Add_o adds numbers to probabilities");
  }

  @Test
  void nodesThatOnlyMoveNumbersMayFollow() throws IOException {
    Path file =
        new TaggerGraph()
            .linear()
            .node("Softmax", "z", "p")
            .turn("p", "q")
            .node("Identity", "q", "o")
            .output("o")
            .write(file());
    assertThat(ChainModel.open(file).network().head()).isNotNull();
  }

  @Test
  void aBiasOfAnotherAxisIsRefused() throws IOException {
    Path file =
        new TaggerGraph()
            .constant("b", 2, 1)
            .node("MatMul", "yb wo", "m")
            .node("Add", "m b", "o")
            .output("o")
            .write(file());
    requireRefused(file, "the node Add Add_o has no place in it");
  }

  /** Before version 13 the default axis is 1, and all axes after it are taken together. */
  @Test
  void aSoftmaxOfStepsAndOutputsTogetherIsRefused() throws IOException {
    TaggerGraph graph = new TaggerGraph().linear().node("Softmax", "z", "o").output("o");
    requireRefused(
        graph.write(file(), 11),
        "the node Softmax Softmax_o is not along the outputs of the linear layer");
    assertThat(ChainModel.open(graph.write(file(), 13)).network().head()).isNotNull();
  }

  @Test
  void aSoftmaxOfTheLastAxisIsTakenInAllVersions() throws IOException {
    for (int opset : new int[] {11, 13}) {
      Path file =
          new TaggerGraph()
              .linear()
              .node("Softmax", "z", "o", "axis", 2)
              .output("o")
              .write(file(), opset);
      assertThat(ChainModel.open(file).network().head()).isNotNull();
    }
  }

  @Test
  void rowsOfAnotherWidthAreRefused() throws IOException {
    Path file =
        new TaggerGraph()
            .shape("pairs", -1, 8)
            .node("Reshape", "yb pairs", "r")
            .constant("w8", 8, 2)
            .node("MatMul", "r w8", "o")
            .output("o")
            .write(file());
    requireRefused(file, "the node Reshape Reshape_r has no place in it");
  }
}
