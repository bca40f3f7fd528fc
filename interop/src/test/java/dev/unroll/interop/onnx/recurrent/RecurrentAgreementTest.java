package dev.unroll.interop.onnx.recurrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Workers;
import dev.unroll.interop.onnx.op.Operator;
import dev.unroll.interop.onnx.recurrent.RecurrentCases.Sizes;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.weights.Agreement;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Recurrent operators of ONNX, feature by feature: what runs here (the engine where it does, else
 * plain arithmetic) beside ONNX Runtime in float, plain arithmetic beside the formulas in double.
 */
class RecurrentAgreementTest {

  private static final Sizes SIZES = new Sizes(9, 6, 20, 37);

  private static Map<String, NodeCase> features(RecurrentKind kind) {
    var features = new LinkedHashMap<String, NodeCase>();
    for (String direction : List.of("forward", "reverse", "bidirectional")) {
      NodeCase full = RecurrentCases.full(kind, direction, SIZES, 11);
      NodeCase usual = kind == RecurrentKind.LSTM ? full.withInput(7, null) : full;
      features.put(direction + ", lengths, start states, biases", usual);
      features.put(
          direction + ", no lengths, no states", usual.withInput(4, null).withInput(5, null));
      features.put(direction + ", no biases", usual.withInput(3, null));
      if (kind == RecurrentKind.LSTM) {
        features.put(direction + ", peepholes", full);
      }
      if (kind == RecurrentKind.GRU) {
        features.put(direction + ", linear_before_reset", usual.with("linear_before_reset", 1L));
      }
    }
    return features;
  }

  private static double inFloat(NodeCase node) {
    var operator = new RecurrentOperator(RecurrentKind.valueOf(node.operator()));
    Operator prepared = operator.prepared(RecurrentCases.constants(node));
    assertThat(prepared.isOnEngine()).isTrue();
    List<Tensor> found = prepared.run(node.call());
    List<Tensor> expected = node.runtime(List.of());
    double most = 0;
    for (int i = 0; i < expected.size(); i++) {
      most = Math.max(most, RecurrentCases.difference(found.get(i), expected.get(i)));
    }
    return most;
  }

  private static double inDouble(NodeCase node) {
    NodeCase wide = RecurrentCases.inDouble(node);
    var form = RecurrentForm.of(RecurrentKind.valueOf(node.operator()), wide.call().attributes());
    var parameters = RecurrentParameters.of(form, wide.inputs());
    var input = RecurrentInput.of(parameters.sizes(), wide.inputs());
    List<Tensor> found = new PlainRecurrent(parameters).run(input, Workers.single());
    List<double[]> expected = new RecurrentReference(wide).run();
    double most = 0;
    for (int i = 0; i < expected.size(); i++) {
      double[] own = found.get(i).doubles();
      for (int j = 0; j < own.length; j++) {
        double wanted = expected.get(i)[j];
        most = Math.max(most, Math.abs(own[j] - wanted) / Math.max(1, Math.abs(wanted)));
      }
    }
    return most;
  }

  @Test
  void everyFeatureOfEveryOperator() throws IOException {
    var table = new Agreement("ONNX");
    for (RecurrentKind kind : RecurrentKind.values()) {
      features(kind)
          .forEach(
              (feature, node) -> table.add(kind.name(), feature, inFloat(node), inDouble(node)));
    }
    table.write();
  }
}
