package dev.unroll.interop.onnx.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.ElementBytes;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.ForeignFiles;
import dev.unroll.interop.tensor.MemoryLimit;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tensors as ONNX writes them, in models and in files of their own ({@code .pb}). */
public final class TensorProtos {

  private static final int MOST_AXES = 64;

  private TensorProtos() {}

  /**
   * Returns the tensor of a file's bytes.
   *
   * @param name what messages call the file
   * @throws InputException if the bytes are no tensor, or it lies in another file
   */
  public static Tensor read(byte[] bytes, String name) {
    return ForeignFiles.named(name, () -> read(bytes, MemoryLimit.ofHeap()));
  }

  /**
   * Reads a file of one tensor ({@code .pb}).
   *
   * @throws InputException if it cannot be read, or is no tensor
   */
  public static Tensor read(Path file) {
    var memory = MemoryLimit.ofHeap();
    return ForeignFiles.read(file, memory, bytes -> read(bytes, memory));
  }

  private static Tensor read(byte[] bytes, MemoryLimit memory) {
    TensorProto proto = Messages.parse(bytes, TensorProto.getDefaultInstance(), memory);
    return read(proto, ExternalData.NONE, memory);
  }

  /** Returns a tensor as a message, its numbers as raw data. */
  public static TensorProto write(Tensor tensor, String name) {
    ElementType type = tensor.type();
    var proto = TensorProto.newBuilder().setName(name);
    proto.setDataType(DataType.valueOf(type.name()).getNumber());
    tensor.shape().axes().forEach(proto::addDims);
    if (tensor.elements() instanceof String[] texts) {
      for (String each : texts) {
        proto.addStringData(ByteString.copyFromUtf8(each));
      }
      return proto.build();
    }
    var bytes = ByteBuffer.allocate(Math.multiplyExact(tensor.size(), ElementBytes.width(type)));
    ElementBytes.write(tensor, bytes.order(ByteOrder.LITTLE_ENDIAN));
    return proto.setRawData(ByteString.copyFrom(bytes.flip())).build();
  }

  static Tensor read(TensorProto proto, ExternalData external, MemoryLimit memory) {
    String what = "the tensor " + proto.getName();
    ElementType type = type(proto.getDataType(), what);
    Shape shape = shape(proto.getDimsList(), what);
    boolean elsewhere = proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
    boolean raw = elsewhere || proto.hasRawData();
    Messages.refuse(proto.hasSegment(), what + " is stored in segments");
    Messages.refuse(raw && type == ElementType.STRING, what + " is text in raw data");
    long taken = (long) shape.size() * ElementBytes.widthInMemory(type);
    if (!raw) {
      checkCount(proto, type, shape, what);
      memory.take(what, taken);
      return Tensor.adopt(type, shape, typed(proto, type, what));
    }
    long size = (long) shape.size() * ElementBytes.width(type);
    ByteBuffer bytes =
        elsewhere
            ? external.read(proto.getExternalDataList(), what, size, memory)
            : proto.getRawData().asReadOnlyByteBuffer();
    Messages.refuse(
        bytes.remaining() != size,
        String.format(
            Locale.ROOT,
            "%s (%s %s) has %,d bytes of data, not %,d",
            what,
            type.label(),
            shape,
            bytes.remaining(),
            size));
    memory.take(what, taken);
    Tensor tensor = ElementBytes.read(bytes.order(ByteOrder.LITTLE_ENDIAN), type, shape);
    memory.give(elsewhere ? size : 0);
    return tensor;
  }

  /** Returns the type that ONNX gives a number, if tensors here have it. */
  public static Optional<ElementType> type(long number) {
    DataType named = number == (int) number ? DataType.forNumber((int) number) : null;
    return ElementType.OF_FILES.stream()
        .filter(each -> named != null && each.name().equals(named.name()))
        .findFirst();
  }

  /** Returns the type that ONNX gives a number. */
  static ElementType type(int number, String what) {
    Optional<ElementType> known = type(number);
    if (known.isPresent()) {
      return known.get();
    }
    DataType named = DataType.forNumber(number);
    String label = named == null ? "type " + number : named.name().toLowerCase(Locale.ROOT);
    throw new InputException(
        what + " has elements of " + label + ", which are not supported",
        "Export the model with float, double, float16, bfloat16, integers of 8 to 64 bits, bool"
            + " or string.");
  }

  private static Shape shape(List<Long> dims, String what) {
    Messages.refuse(dims.size() > MOST_AXES, what + " has " + dims.size() + " axes");
    var axes = new ArrayList<Integer>();
    for (long axis : dims) {
      Messages.refuse(axis < 0 || axis > Shape.MOST_ELEMENTS, what + " has an axis of " + axis);
      axes.add((int) axis);
    }
    try {
      return new Shape(axes);
    } catch (IllegalArgumentException e) { // too many elements
      throw Messages.refused(what + ": " + e.getMessage());
    }
  }

  private static void checkCount(TensorProto proto, ElementType type, Shape shape, String what) {
    int count = count(proto, type);
    Messages.refuse(
        count != shape.size(),
        String.format(
            Locale.ROOT, "%s (%s %s) has %,d elements", what, type.label(), shape, count));
  }

  /** Returns how many elements are in the field that ONNX has for the type. */
  private static int count(TensorProto proto, ElementType type) {
    return switch (type) {
      case FLOAT -> proto.getFloatDataCount();
      case DOUBLE -> proto.getDoubleDataCount();
      case INT64 -> proto.getInt64DataCount();
      case UINT32, UINT64 -> proto.getUint64DataCount();
      case STRING -> proto.getStringDataCount();
      default -> proto.getInt32DataCount();
    };
  }

  private static Object typed(TensorProto proto, ElementType type, String what) {
    int count = count(proto, type);
    return switch (type) {
      case FLOAT, FLOAT16, BFLOAT16 -> floats(proto, type, count);
      case DOUBLE -> proto.getDoubleDataList().stream().mapToDouble(each -> each).toArray();
      case STRING -> texts(proto, what);
      case BOOL -> booleans(proto);
      default -> wholes(proto, type, count, what);
    };
  }

  private static float[] floats(TensorProto proto, ElementType type, int count) {
    var floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] =
          type == ElementType.FLOAT
              ? proto.getFloatData(i)
              : ElementBytes.widened((short) proto.getInt32Data(i), type);
    }
    return floats;
  }

  private static boolean[] booleans(TensorProto proto) {
    var booleans = new boolean[proto.getInt32DataCount()];
    for (int i = 0; i < booleans.length; i++) {
      booleans[i] = proto.getInt32Data(i) != 0;
    }
    return booleans;
  }

  private static long[] wholes(TensorProto proto, ElementType type, int count, String what) {
    var longs = new long[count];
    for (int i = 0; i < count; i++) {
      longs[i] =
          switch (type) {
            case INT64 -> proto.getInt64Data(i);
            case UINT32, UINT64 -> proto.getUint64Data(i);
            default -> proto.getInt32Data(i);
          };
      Messages.refuse(!type.holds(longs[i]), what + " has " + longs[i] + " as " + type.label());
    }
    return longs;
  }

  private static String[] texts(TensorProto proto, String what) {
    var texts = new String[proto.getStringDataCount()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = Messages.text(proto.getStringData(i), what);
    }
    return texts;
  }
}
