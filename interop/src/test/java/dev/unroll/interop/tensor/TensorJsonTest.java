package dev.unroll.interop.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tensors as JSON. */
class TensorJsonTest {

  private static Tensor read(String json, @Nullable ElementType expected) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return TensorJson.read(bytes, expected, MemoryLimit.ofHeap());
  }

  private static void refused(String json, @Nullable ElementType expected, String part) {
    assertThatThrownBy(() -> read(json, expected))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(part);
  }

  @Test
  void listsSayTheShapeAndLookLikeAType() {
    assertThat(read("[[1, 2.5], [3, 4]]", null))
        .isEqualTo(Tensor.of(new float[] {1, 2.5f, 3, 4}, 2, 2));
    assertThat(read("[[[1, 2]]]", null)).isEqualTo(Tensor.of(new long[] {1, 2}, 1, 1, 2));
    assertThat(read("[1, 2]", ElementType.DOUBLE)).isEqualTo(Tensor.of(new double[] {1, 2}, 2));
    assertThat(read("7", ElementType.FLOAT)).isEqualTo(Tensor.of(new float[] {7}));
    assertThat(read("[[], []]", null).shape()).isEqualTo(Shape.of(2, 0));
    assertThat(read("[true]", null).type()).isEqualTo(ElementType.BOOL);
    assertThat(read("[\"a\"]", null).type()).isEqualTo(ElementType.STRING);
  }

  @Test
  void floatsAreRoundedOnce() {
    String halfway = "1.00000005960464477539063"; // rounds up; as a double first, to even
    assertThat(read("[" + halfway + "]", ElementType.FLOAT).floats()[0])
        .isEqualTo(Float.parseFloat(halfway));
  }

  @Test
  void objectsSayTypeAndShape() {
    assertThat(read("{\"type\": \"int8\", \"shape\": [2, 1], \"data\": [1, -2]}", null))
        .isEqualTo(Tensor.adopt(ElementType.INT8, Shape.of(2, 1), new long[] {1, -2}));
    assertThat(read("{\"data\": [\"NaN\", \"-Infinity\"], \"type\": \"float\"}", null))
        .isEqualTo(Tensor.of(new float[] {Float.NaN, Float.NEGATIVE_INFINITY}, 2));
  }

  @Test
  void whatIsWrittenComesBack() {
    for (ElementType type : ElementType.OF_FILES) {
      Tensor tensor = TestTensors.random(type, 3, 2, 1, 3);
      assertThat(read(TensorJson.write(tensor), null)).isEqualTo(tensor);
    }
    assertThat(read(TensorJson.write(Tensor.of(new double[] {Double.NaN})), null))
        .isEqualTo(Tensor.of(new double[] {Double.NaN}));
    var two = new LinkedHashMap<String, Tensor>();
    two.put("y\"", Tensor.of(new long[] {1}));
    two.put("z", Tensor.of(new float[0], 0));
    assertThat(TensorJson.write(two))
        .isEqualTo(
            "{\"y\\\"\":{\"type\":\"int64\",\"shape\":[],\"data\":1},"
                + "\"z\":{\"type\":\"float\",\"shape\":[0],\"data\":[]}}");
  }

  @Test
  void whatDoesNotFitIsNamed() {
    for (String ragged :
        List.of("[[1, 2], [3]]", "[1, [2]]", "[[1], 2]", "[[], [1]]", "[[1], []]")) {
      refused(ragged, null, "different lengths or depths");
    }
    refused("[1, 300]", ElementType.INT8, "300 as element 1, which is not of int8");
    refused("[1.5]", ElementType.INT64, "1.5 as element 0");
    refused("[-1]", ElementType.UINT64, "-1 as element 0");
    refused("[\"a\"]", ElementType.FLOAT, "a as element 0");
    refused("[1]", ElementType.BOOL, "not of bool");
    refused("[null]", null, "null");
    refused("{\"type\": \"int8\"}", null, "no data");
    refused("{\"type\": \"int9\", \"data\": []}", null, "int9");
    refused("{\"type\": \"sequence\", \"data\": []}", null, "type sequence");
    refused("{\"shape\": [3], \"data\": [1]}", null, "1 elements, not the 3");
    refused("{\"shape\": [-3], \"data\": [1]}", null, "-3 in its shape");
    refused("[1] 2", null, "continues");
    refused("[1", null, "not JSON");
    refused("", null, "ends too early");
    refused("[".repeat(5000), null, "different lengths or depths");
  }

  @Test
  void elementsAreCountedBeforeTheyAreKept() {
    String many = "[" + "1,".repeat(1000) + "1]";
    assertThatThrownBy(
            () ->
                TensorJson.read(
                    many.getBytes(StandardCharsets.UTF_8), null, new MemoryLimit(10_000)))
        .hasMessageContaining("of the heap");
  }
}
