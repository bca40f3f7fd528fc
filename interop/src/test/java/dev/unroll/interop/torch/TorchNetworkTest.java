package dev.unroll.interop.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.weights.NetworkHint;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A network from names: no weight is left out, whatever the names are. */
class TorchNetworkTest {

  /** Basic cells of 2 units; all layers but the first read both ways. */
  private static TorchNetwork.Found found(String... suffixes) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String suffix : suffixes) {
      int inputs = suffix.contains("0") || suffix.isEmpty() ? 3 : 4;
      tensors.put("rnn.weight_ih" + suffix, Tensor.of(new float[2 * inputs], 2, inputs));
      tensors.put("rnn.weight_hh" + suffix, Tensor.of(new float[4], 2, 2));
    }
    int width = String.join("", suffixes).contains("reverse") ? 4 : 2;
    tensors.put("head.weight", Tensor.of(new float[width], 1, width));
    return TorchNetwork.of(new StateDict("a file", tensors), NetworkHint.NONE, 0);
  }

  @Test
  void everyLayerAndDirectionIsTaken() {
    var both = found("_l0", "_l0_reverse", "_l1", "_l1_reverse");
    assertThat(both.network().layers()).hasSize(2).allMatch(layer -> layer.readsBothWays());
    assertThat(found("_l0").network().layers()).hasSize(1);
    assertThat(found("").network().layers()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "_l0_reverse,rnn.*_l0: there is no weight_ih",
    "_l0 _l0_reverse _l1,rnn.*_l1_reverse: there is no weight_ih",
    "_l0 _l0_reverse _l1_reverse,rnn.*_l1: there is no weight_ih",
    "_l1,rnn.*_l0: there is no weight_ih",
    "_l0 _l9999,rnn.*_l1: there is no weight_ih",
    "_l0 _l00,two names mean rnn.weight_ih_l0",
  })
  void layersWithGapsAndNamesThatAreTheSameAreRefused(String suffixes, String message) {
    assertThatThrownBy(() -> found(suffixes.split(" ")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }
}
