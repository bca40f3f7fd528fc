package dev.unroll.store;

import dev.unroll.base.Precision;
import dev.unroll.file.ByteSource;
import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import dev.unroll.kernel.Slice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a safetensors file, as they lie in it.
 *
 * @param tensors in the order of their places
 * @param sources what each is made from; for scales, the weight matrix whose rows they scale
 * @param values of each, the array of its source: values before they are rounded to their types
 */
record StoredTensors(List<Tensor> tensors, List<Slice> sources, List<float[]> values) {

  private static final int CHUNK = 1 << 20;
  private static final String SCALE = "_scale";

  /** More do not fit an array. */
  private static final long MOST_ELEMENTS = Integer.MAX_VALUE - 8;

  /** Types of elements. */
  enum Type {
    /** 32-bit floats. */
    F32(4),
    /** The upper halves of such. */
    BF16(2),
    /** Signed bytes. */
    I8(1);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }
  }

  /**
   * One tensor.
   *
   * @param name its name
   * @param type the type of its elements
   * @param rows number of rows; 1 for a vector
   * @param columns number of columns, or the length of a vector
   * @param begin where it begins, in bytes
   */
  record Tensor(String name, Type type, int rows, int columns, long begin) {

    static Tensor of(String name, Json.Reader json) {
      Type type =
          switch (json.text("dtype")) {
            case "F32" -> Type.F32;
            case "BF16" -> Type.BF16;
            case "I8" -> Type.I8;
            default ->
                throw new JsonException(
                    String.format(
                        Locale.ROOT,
                        "tensor %s is of type %s, not F32, BF16 or I8",
                        name,
                        json.text("dtype")));
          };
      List<Json.Reader> shape = json.list("shape");
      List<Json.Reader> place = json.list("data_offsets");
      if (shape.isEmpty() || shape.size() > 2 || place.size() != 2) {
        throw new JsonException("tensor " + name + " is neither a vector nor a matrix");
      }
      int rows = shape.size() == 1 ? 1 : shape.get(0).asInteger();
      int columns = shape.get(shape.size() - 1).asInteger();
      long begin = place.get(0).asWhole();
      long end = place.get(1).asWhole();
      var tensor = new Tensor(name, type, rows, columns, begin);
      boolean sized = rows >= 0 && columns >= 0 && tensor.elements() <= MOST_ELEMENTS;
      boolean fits = sized && begin >= 0 && end - begin == tensor.bytes();
      if (!fits || begin % type.bytes != 0) {
        throw new JsonException("the place of tensor " + name + " does not fit its shape");
      }
      return tensor;
    }

    long elements() {
      return (long) rows * columns;
    }

    long bytes() {
      return elements() * type.bytes;
    }
  }

  /**
   * The tensors of a model.
   *
   * @param slices names, places and shapes within {@code values}
   * @param values all tensors, one after the other
   * @param precision what the weight matrices are stored as
   */
  record Parameters(List<Slice> slices, float[] values, Precision precision) {}

  /** Lays out the tensors of a model: the wider types first, otherwise in their order. */
  static StoredTensors of(Parameters parameters) {
    Precision precision = parameters.precision();
    var wide = new ArrayList<Slice>();
    var scales = new ArrayList<Slice>();
    var narrow = new ArrayList<Slice>();
    for (Slice slice : parameters.slices()) {
      boolean compact = precision != Precision.FLOAT32 && slice.isWeightMatrix();
      (compact ? narrow : wide).add(slice);
      if (compact && precision == Precision.INT8) {
        scales.add(slice);
      }
    }
    float[] values = parameters.values();
    var layout = new StoredTensors(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    wide.forEach(slice -> layout.add(slice, Type.F32, values));
    for (Slice slice : scales) {
      layout.add(slice, layout.next(slice.name() + SCALE, Type.F32, 1, slice.rows()), values);
    }
    Type type = precision == Precision.INT8 ? Type.I8 : Type.BF16;
    narrow.forEach(slice -> layout.add(slice, type, values));
    return layout;
  }

  /** Lays out whole arrays, each a vector of 32-bit floats. */
  static StoredTensors of(Map<String, float[]> arrays) {
    var layout = new StoredTensors(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    arrays.forEach(
        (name, values) -> layout.add(new Slice(name, 0, 1, values.length), Type.F32, values));
    return layout;
  }

  private void add(Slice source, Type type, float[] array) {
    add(source, next(source.name(), type, source.rows(), source.columns()), array);
  }

  private void add(Slice source, Tensor tensor, float[] array) {
    tensors.add(tensor);
    sources.add(source);
    values.add(array);
  }

  /** Returns a tensor that follows the last one. */
  private Tensor next(String name, Type type, int rows, int columns) {
    long end = tensors.isEmpty() ? 0 : tensors.getLast().begin + tensors.getLast().bytes();
    return new Tensor(name, type, rows, columns, end);
  }

  /** Adds each tensor's type, shape and place to a file's header. */
  void describe(Map<String, Object> header) {
    for (Tensor tensor : tensors) {
      List<Object> shape =
          tensor.rows == 1
              ? List.of((long) tensor.columns)
              : List.of((long) tensor.rows, (long) tensor.columns);
      List<Object> place = List.of(tensor.begin, tensor.begin + tensor.bytes());
      header.put(
          tensor.name,
          Json.object("dtype", tensor.type.name(), "shape", shape, "data_offsets", place));
    }
  }

  /** Takes the bytes of the tensors, part by part. */
  interface ByteSink {
    void take(ByteBuffer bytes) throws IOException;
  }

  void forEachChunk(ByteSink sink) throws IOException {
    var buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < tensors.size(); i++) {
      Tensor tensor = tensors.get(i);
      Slice source = sources.get(i);
      float[] array = values.get(i);
      boolean scales = !tensor.name.equals(source.name());
      for (int row = 0; row < source.rows(); row++) {
        int from = source.offset() + row * source.columns();
        boolean scaled = scales || tensor.type == Type.I8;
        float scale = scaled ? Precision.scale(array, from, source.columns()) : 0f;
        int count = scales ? 1 : source.columns();
        for (int j = 0; j < count; j++) {
          if (buffer.remaining() < tensor.type.bytes) {
            sink.take(buffer.flip());
            buffer.clear();
          }
          put(buffer, tensor.type, scales ? scale : array[from + j], scale);
        }
      }
    }
    sink.take(buffer.flip());
  }

  private static void put(ByteBuffer buffer, Type type, float value, float scale) {
    switch (type) {
      case F32 -> buffer.putFloat(value);
      case BF16 -> buffer.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
      case I8 -> buffer.put((byte) Precision.level(value, scale));
    }
  }

  /** Reads tensors, whose places were checked, and shows their bytes to {@code digest}. */
  static Map<String, float[]> readArrays(
      ByteSource source, List<Tensor> tensors, MessageDigest digest) throws IOException {
    var arrays = new LinkedHashMap<String, float[]>();
    for (Tensor tensor : tensors) {
      float[] values = new float[(int) tensor.elements()];
      read(source, tensor, values, 0, digest);
      arrays.put(tensor.name, values);
    }
    return arrays;
  }

  /** Reads tensors into one array, as {@link #readArrays} does into many. */
  static Parameters read(ByteSource source, List<Tensor> tensors, MessageDigest digest)
      throws IOException {
    float[] values = new float[(int) tensors.stream().mapToLong(Tensor::elements).sum()];
    var slices = new ArrayList<Slice>();
    int offset = 0;
    for (Tensor tensor : tensors) {
      read(source, tensor, values, offset, digest);
      slices.add(new Slice(tensor.name, offset, tensor.rows, tensor.columns));
      offset += (int) tensor.elements();
    }
    var byName = slices.stream().collect(Collectors.toMap(Slice::name, slice -> slice));
    var scaling = new HashSet<String>();
    Type narrowest = Type.F32;
    for (int i = 0; i < tensors.size(); i++) {
      Type type = tensors.get(i).type;
      narrowest = type.bytes < narrowest.bytes ? type : narrowest;
      if (type == Type.I8) {
        Slice scales = byName.get(slices.get(i).name() + SCALE);
        multiply(slices.get(i), scales, values);
        scaling.add(slices.get(i).name() + SCALE);
      }
    }
    Precision precision =
        switch (narrowest) {
          case F32 -> Precision.FLOAT32;
          case BF16 -> Precision.BFLOAT16;
          case I8 -> Precision.INT8;
        };
    var kept = slices.stream().filter(each -> !scaling.contains(each.name())).toList();
    return new Parameters(kept, values, precision);
  }

  private static void read(
      ByteSource source, Tensor tensor, float[] values, int offset, MessageDigest digest)
      throws IOException {
    var buffer = ByteBuffer.allocate((int) Math.min(CHUNK, tensor.bytes()));
    buffer.order(ByteOrder.LITTLE_ENDIAN);
    int end = offset + (int) tensor.elements();
    for (int from = offset; from < end; ) {
      int part = Math.min(CHUNK / tensor.type.bytes, end - from);
      buffer.clear().limit(part * tensor.type.bytes);
      source.readFully(buffer);
      digest.update(buffer.flip());
      buffer.rewind();
      switch (tensor.type) {
        case F32 -> buffer.asFloatBuffer().get(values, from, part);
        case BF16 -> {
          for (int i = 0; i < part; i++) {
            values[from + i] = Float.intBitsToFloat(buffer.getShort(2 * i) << 16);
          }
        }
        case I8 -> {
          for (int i = 0; i < part; i++) {
            values[from + i] = buffer.get(i);
          }
        }
      }
      from += part;
    }
  }

  private static void multiply(Slice slice, @Nullable Slice scales, float[] values) {
    if (scales == null || scales.size() != slice.rows()) {
      throw new JsonException("tensor " + slice.name() + " has no scale for each row");
    }
    for (int row = 0; row < slice.rows(); row++) {
      float scale = values[scales.offset() + row];
      if (!(scale >= 0 && scale <= Float.MAX_VALUE)) {
        throw new JsonException("tensor " + scales.name() + " has the scale " + scale);
      }
      for (int j = 0; j < slice.columns(); j++) {
        values[slice.offset() + row * slice.columns() + j] *= scale;
      }
    }
  }
}
