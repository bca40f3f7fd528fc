package dev.unroll.interop.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.unroll.interop.tensor.Difference;
import dev.unroll.interop.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.util.Map;

/** Models here and in ONNX Runtime. */
public final class Agreement {

  private static final Difference.Tolerance TOLERANCE = new Difference.Tolerance(1e-6, 1e-6);

  private Agreement() {}

  /** Opens a model from its bytes. */
  public static OnnxModel open(ModelProto.Builder model) {
    return OnnxModel.open(new ByteArrayInputStream(model.build().toByteArray()));
  }

  /** Both give the same outputs, in types, shapes and numbers; returns them. */
  public static Map<String, Tensor> agree(ModelProto.Builder model, Map<String, Tensor> inputs) {
    Map<String, Tensor> expected = OnnxRuntime.run(model.build(), inputs);
    Map<String, Tensor> found = open(model).run(inputs);
    assertThat(found.keySet()).containsExactlyElementsOf(expected.keySet());
    expected.forEach(
        (name, tensor) -> {
          assertThat(found.get(name)).as(name).hasToString(tensor.toString());
          assertThat(Difference.of(tensor, found.get(name), TOLERANCE).worst()).as(name).isNull();
        });
    return found;
  }
}
