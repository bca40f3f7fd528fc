package dev.unroll.interop.tensor;

import dev.unroll.base.InputException;
import dev.unroll.file.SafeFiles;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Files of one array as NumPy writes them ({@code .npy}, format versions 1 to 3): a magic number, a
 * header that is a Python dictionary, and the elements. Written are little-endian files in
 * row-major order; {@code bfloat16}, which NumPy does not have, as floats.
 */
public final class NpyFile {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** NumPy itself refuses longer headers. */
  private static final int LONGEST_HEADER = 10_000;

  /** Headers end where the elements are aligned. */
  private static final int ALIGNMENT = 64;

  private NpyFile() {}

  /**
   * Reads a file.
   *
   * @throws InputException if it is not whole, or its elements are of a type that tensors do not
   *     have
   */
  public static Tensor read(Path file) {
    var memory = MemoryLimit.ofHeap();
    return ForeignFiles.read(file, memory, bytes -> read(bytes, memory));
  }

  static Tensor read(byte[] all, MemoryLimit memory) {
    NpyHeader.refuse(
        all.length < 10 || !Arrays.equals(all, 0, MAGIC.length, MAGIC, 0, MAGIC.length),
        "is not a .npy file");
    int version = all[MAGIC.length];
    NpyHeader.refuse(
        version < 1 || version > 3, "has version " + version + " of the format, not 1 to 3");
    ByteBuffer bytes = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).position(8);
    NpyHeader.refuse(version > 1 && all.length < 12, "ends within its header");
    int length = version == 1 ? bytes.getShort() & 0xffff : bytes.getInt();
    NpyHeader.refuse(
        length < 0 || length > LONGEST_HEADER || length > bytes.remaining(),
        "has a header of " + Integer.toUnsignedString(length) + " bytes");
    var text = new String(all, bytes.position(), length, StandardCharsets.UTF_8);
    bytes.position(bytes.position() + length);
    return elements(NpyHeader.parse(text), bytes, memory);
  }

  private static Tensor elements(NpyHeader header, ByteBuffer bytes, MemoryLimit memory) {
    ElementType type = header.type();
    Shape shape = header.shape();
    long size = (long) shape.size() * header.width();
    NpyHeader.refuse(
        size != bytes.remaining(),
        String.format(
            Locale.ROOT,
            "has %,d bytes of elements, not the %,d of %s %s",
            bytes.remaining(),
            size,
            type.label(),
            shape));
    int copies = header.columnMajor() ? 2 : 1;
    memory.take("it", (long) shape.size() * ElementBytes.widthInMemory(type) * copies + size);
    bytes.order(header.order());
    Shape stored = header.columnMajor() ? new Shape(shape.axes().reversed()) : shape;
    Tensor tensor =
        type == ElementType.STRING
            ? Tensor.adopt(type, stored, texts(bytes, stored.size(), header.width()))
            : ElementBytes.read(bytes, type, stored);
    return header.columnMajor() ? transposed(tensor, shape) : tensor;
  }

  /** Texts of four bytes a character, with zeros at the end. */
  private static String[] texts(ByteBuffer bytes, int count, int width) {
    var texts = new String[count];
    for (int i = 0; i < count; i++) {
      var text = new StringBuilder();
      int end = 0;
      for (int at = 0; at < width / 4; at++) {
        int c = bytes.getInt();
        NpyHeader.refuse(!Character.isValidCodePoint(c), "has a text that is not Unicode");
        text.appendCodePoint(c);
        end = c == 0 ? end : text.length();
      }
      texts[i] = text.substring(0, end);
    }
    return texts;
  }

  /** Reverses all axes. */
  private static Tensor transposed(Tensor tensor, Shape shape) {
    Object moved = Array.newInstance(tensor.type().array().getComponentType(), tensor.size());
    int[] strides = tensor.shape().strides();
    var index = new int[shape.rank()];
    for (int i = 0; i < tensor.size(); i++) {
      int from = 0;
      for (int axis = 0; axis < index.length; axis++) {
        from += index[axis] * strides[index.length - 1 - axis];
      }
      System.arraycopy(tensor.elements(), from, moved, i, 1);
      for (int axis = index.length - 1; axis >= 0 && ++index[axis] == shape.axis(axis); axis--) {
        index[axis] = 0;
      }
    }
    return Tensor.adopt(tensor.type(), shape, moved);
  }

  /** Writes a tensor to a file. */
  public static void write(Path file, Tensor tensor) {
    SafeFiles.replace(file, bytes(tensor));
  }

  static byte[] bytes(Tensor tensor) {
    int longest = longest(tensor);
    ElementType type = tensor.type() == ElementType.BFLOAT16 ? ElementType.FLOAT : tensor.type();
    long size =
        (long) tensor.size()
            * (type == ElementType.STRING ? 4 * longest : ElementBytes.width(type));
    String header =
        String.format(
            Locale.ROOT,
            "{'descr': '%s', 'fortran_order': False, 'shape': %s, }",
            NpyHeader.description(type, longest),
            tuple(tensor.shape().axes()));
    int before = MAGIC.length + 4;
    int padded = (before + header.length() + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
    NpyHeader.refuse(size > Shape.MOST_ELEMENTS - padded, "would have more than 2 GB");
    var bytes = ByteBuffer.allocate(padded + (int) size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (padded - before));
    bytes.put(header.getBytes(StandardCharsets.US_ASCII));
    while (bytes.position() < padded - 1) {
      bytes.put((byte) ' ');
    }
    bytes.put((byte) '\n');
    if (tensor.elements() instanceof String[] texts) {
      for (String text : texts) {
        int end = bytes.position() + 4 * longest;
        text.codePoints().forEach(bytes::putInt);
        bytes.position(end);
      }
    } else {
      Tensor written = Tensor.adopt(type, tensor.shape(), tensor.elements());
      ElementBytes.write(written, bytes);
    }
    return bytes.array();
  }

  /** The characters of the longest text, one at least. */
  private static int longest(Tensor tensor) {
    int longest = 1;
    if (tensor.elements() instanceof String[] texts) {
      for (String text : texts) {
        longest = Math.max(longest, text.codePointCount(0, text.length()));
      }
    }
    return longest;
  }

  private static String tuple(List<Integer> axes) {
    String all = axes.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return "(" + all + (axes.size() == 1 ? ",)" : ")");
  }
}
