package dev.unroll.interop.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.tensor.TestTensors;
import org.junit.jupiter.api.Test;

/** Tensors as messages, in each of the fields that ONNX has for elements. */
class TensorProtosTest {

  private static Tensor read(TensorProto.Builder proto) {
    return TensorProtos.read(proto.build().toByteArray(), "t.pb");
  }

  private static void refused(TensorProto.Builder proto, String part) {
    assertThatThrownBy(() -> read(proto))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("t.pb: ")
        .hasMessageContaining(part);
  }

  private static TensorProto.Builder proto(DataType type, long... axes) {
    var proto = TensorProto.newBuilder().setName("t").setDataType(type.getNumber());
    for (long axis : axes) {
      proto.addDims(axis);
    }
    return proto;
  }

  private static Tensor wholes(ElementType type, long... elements) {
    return Tensor.adopt(type, Shape.of(elements.length), elements);
  }

  @Test
  void everyTypeComesBack() {
    for (ElementType type : ElementType.OF_FILES) {
      for (Tensor tensor :
          new Tensor[] {TestTensors.random(type, 1, 2, 3), TestTensors.random(type, 1, 0, 3)}) {
        byte[] bytes = TensorProtos.write(tensor, "t").toByteArray();
        assertThat(TensorProtos.read(bytes, "t.pb")).isEqualTo(tensor);
      }
    }
  }

  @Test
  void typedFieldsAreRead() {
    assertThat(read(proto(DataType.FLOAT, 2).addFloatData(1).addFloatData(2)))
        .isEqualTo(Tensor.of(new float[] {1, 2}, 2));
    assertThat(read(proto(DataType.DOUBLE, 1).addDoubleData(3)))
        .isEqualTo(Tensor.of(new double[] {3}, 1));
    assertThat(read(proto(DataType.INT64).addInt64Data(-4))).isEqualTo(Tensor.of(new long[] {-4}));
    assertThat(read(proto(DataType.UINT64, 1).addUint64Data(-1)))
        .isEqualTo(wholes(ElementType.UINT64, -1));
    assertThat(read(proto(DataType.UINT32, 1).addUint64Data(4_000_000_000L)))
        .isEqualTo(wholes(ElementType.UINT32, 4_000_000_000L));
    assertThat(read(proto(DataType.INT8, 2).addInt32Data(-128).addInt32Data(127)))
        .isEqualTo(wholes(ElementType.INT8, -128, 127));
    assertThat(read(proto(DataType.FLOAT16, 1).addInt32Data(0x3e00)))
        .isEqualTo(Tensor.adopt(ElementType.FLOAT16, Shape.of(1), new float[] {1.5f}));
    assertThat(read(proto(DataType.BFLOAT16, 1).addInt32Data(0xbfc0)))
        .isEqualTo(Tensor.adopt(ElementType.BFLOAT16, Shape.of(1), new float[] {-1.5f}));
    assertThat(read(proto(DataType.BOOL, 2).addInt32Data(0).addInt32Data(1)))
        .isEqualTo(Tensor.adopt(ElementType.BOOL, Shape.of(2), new boolean[] {false, true}));
    assertThat(read(proto(DataType.STRING, 1).addStringData(ByteString.copyFromUtf8("é"))))
        .isEqualTo(Tensor.adopt(ElementType.STRING, Shape.of(1), new String[] {"é"}));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    refused(proto(DataType.FLOAT, 3).addFloatData(1), "(float 3) has 1 elements");
    refused(
        proto(DataType.FLOAT, 3).setRawData(ByteString.copyFrom(new byte[11])),
        "has 11 bytes of data, not 12");
    refused(proto(DataType.INT8, 1).addInt32Data(128), "128 as int8");
    refused(proto(DataType.FLOAT, -1), "an axis of -1");
    refused(proto(DataType.FLOAT, 1L << 40), "an axis of 1099511627776");
    refused(proto(DataType.FLOAT, 1 << 20, 1 << 20, 1 << 20, 1 << 20), "elements");
    refused(proto(DataType.FLOAT, new long[65]), "65 axes");
    refused(proto(DataType.FLOAT, 2_000_000_000), "(float 2000000000) has 0 elements");
    refused(proto(DataType.COMPLEX64, 1), "complex64");
    refused(proto(DataType.INT4, 1), "int4");
    refused(proto(DataType.STRING, 1).setRawData(ByteString.EMPTY), "text in raw data");
    refused(proto(DataType.STRING, 1).addStringData(ByteString.copyFrom(new byte[] {-1})), "UTF-8");
    refused(
        proto(DataType.FLOAT, 1).setSegment(TensorProto.Segment.newBuilder().setBegin(1)),
        "segments");
    refused(
        proto(DataType.FLOAT, 1).setDataLocation(TensorProto.DataLocation.EXTERNAL),
        "in another file");
  }
}
