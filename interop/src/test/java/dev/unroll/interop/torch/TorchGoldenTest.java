package dev.unroll.interop.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.weights.Agreement;
import dev.unroll.interop.weights.EngineForward;
import dev.unroll.interop.weights.NetworkHint;
import dev.unroll.interop.weights.PlainForward;
import dev.unroll.interop.weights.PortableLayer;
import dev.unroll.interop.weights.PortableNetwork;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights of PyTorch give its numbers: files of {@code torch_golden.py}, in double. */
class TorchGoldenTest {

  private static final Agreement TABLE = new Agreement("PyTorch");

  @AfterAll
  static void write() throws IOException {
    TABLE.write();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "one-layer",
        "two-layers",
        "no-bias",
        "both-ways",
        "both-ways-two-layers",
        "projection",
        "projection-both-ways"
      })
  void layers(String feature) {
    boolean projects = feature.startsWith("projection");
    for (String cell :
        projects ? List.of("lstm") : List.of("rnn-tanh", "rnn-relu", "gru", "lstm")) {
      String name = cell + "." + feature;
      NetworkHint hint = cell.equals("rnn-relu") ? relu(feature) : NetworkHint.NONE;
      List<PortableLayer> layers =
          TorchNetwork.of(StateDict.read(Golden.path(name + ".pt")), hint, 0).network().layers();
      String values = name + ".safetensors";
      Tensor lengths = Golden.tensor(values, "lengths");
      double[][][] x = Golden.sequences(Golden.tensor(values, "x"), lengths);
      double[][][] y = Golden.sequences(Golden.tensor(values, "y"), lengths);
      var plain = new double[x.length][][];
      for (int s = 0; s < x.length; s++) {
        plain[s] = PlainForward.run(layers, x[s]);
      }
      TABLE.add(
          cell,
          feature.replace("both-ways", "bidirectional").replace('-', ' '),
          Agreement.difference(EngineForward.run(layers, x), y),
          Agreement.difference(plain, y));
    }
  }

  private static NetworkHint relu(String feature) {
    String direction = feature.startsWith("both") ? "both" : "forward";
    var layer =
        new NetworkHint.Layer(
            dev.unroll.network.Cells.RNN_RELU, 5, dev.unroll.network.Network.direction(direction));
    return new NetworkHint(List.of(layer, layer), List.of(), null, null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "checkpoint.pt",
        "one-storage.pt",
        "transposed.pt",
        "parameters.pt",
        "half.pt",
        "bfloat16.pt"
      })
  void formsOfFiles(String name) {
    Map<String, Tensor> expected = StateDict.read(Golden.path("forms.safetensors")).tensors();
    Map<String, Tensor> actual = StateDict.read(Golden.path(name)).tensors();
    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    actual.forEach(
        (tensor, values) -> {
          double[] exact = expected.get(tensor).doubles();
          double bound =
              switch (values.type()) {
                case FLOAT16 -> 0x1p-11;
                case BFLOAT16 -> 0x1p-8;
                default -> 0;
              };
          assertThat(values.shape()).isEqualTo(expected.get(tensor).shape());
          double[] found = values.doubles();
          for (int i = 0; i < found.length; i++) {
            assertThat(Math.abs(found[i] - exact[i])).isLessThanOrEqualTo(bound);
          }
        });
  }

  @Test
  void tiedWeightsStayOne() {
    Map<String, Tensor> tensors = StateDict.read(Golden.path("words-tied.pt")).tensors();
    assertThat(tensors.get("decoder.weight")).isSameAs(tensors.get("encoder.weight"));
  }

  @Test
  void partsAreFoundFromNamesAndShapes() {
    StateDict dict = StateDict.read(Golden.path("words.pt"));
    TorchNetwork.Found found = TorchNetwork.of(dict, NetworkHint.NONE, 11);
    PortableNetwork network = found.network();
    assertThat(network.embedding()).isSameAs(dict.tensors().get("encoder.weight"));
    assertThat(network.head().weight()).isSameAs(dict.tensors().get("decoder.weight"));
    assertThat(network.layers()).hasSize(2);
    assertThat(found.findings())
        .containsExactly(
            "LSTM of 5 units",
            "LSTM of 5 units",
            "embedding encoder.weight, 11×5",
            "linear layer decoder.weight, 11×5");
    assertThat(network.embedding().type()).isEqualTo(ElementType.DOUBLE);
  }

  @Test
  void aWholeModuleAndAnOldFileAreRefusedWithTheCure() {
    assertThatThrownBy(() -> StateDict.read(Golden.path("whole-module.pt")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("it names __main__.WordModel, which is not a part of weights")
        .hasMessageContaining("torch.save(model.state_dict(), \"weights.pt\")");
    assertThatThrownBy(() -> StateDict.read(Golden.path("legacy.pt")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("before version 1.6");
  }
}
