package dev.unroll.interop.torch;

import dev.unroll.base.InputException;
import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import dev.unroll.file.SafeFiles;
import dev.unroll.interop.tensor.ElementBytes;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.MemoryLimit;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file of anybody: any number of axes, any type of numbers, no checksum. Ours, which
 * have one, are read in {@code core}.
 */
final class SafetensorsArchive {

  private static final String METADATA = "__metadata__";

  /** Some hundred thousand tensors. */
  private static final int MAX_HEADER = 1 << 24;

  /** What a header takes of the heap, at most, for each of its bytes. */
  private static final int BYTES_OF_HEADER = 32;

  private static final int LONGEST_NAME = 1 << 12;

  private SafetensorsArchive() {}

  /** A tensor that a header describes; its place is counted from the end of the header. */
  private record Entry(String name, ElementType type, Shape shape, long begin, long end) {

    static Entry of(String name, Json.Reader json) {
      if (name.length() > LONGEST_NAME) {
        throw new JsonException("a tensor has a name of " + name.length() + " characters");
      }
      ElementType type = type(name, json.text("dtype"));
      var axes = new ArrayList<Integer>();
      for (Json.Reader axis : json.list("shape")) {
        axes.add(axis.asInteger());
      }
      List<Json.Reader> place = json.list("data_offsets");
      if (place.size() != 2) {
        throw new JsonException("tensor " + name + " has no two offsets");
      }
      try {
        var shape = new Shape(axes);
        return new Entry(name, type, shape, place.get(0).asWhole(), place.get(1).asWhole());
      } catch (IllegalArgumentException e) {
        throw new JsonException("tensor " + name + ": " + e.getMessage());
      }
    }

    private static ElementType type(String name, String label) {
      return switch (label) {
        case "F64" -> ElementType.DOUBLE;
        case "F32" -> ElementType.FLOAT;
        case "F16" -> ElementType.FLOAT16;
        case "BF16" -> ElementType.BFLOAT16;
        case "I64" -> ElementType.INT64;
        case "I32" -> ElementType.INT32;
        case "I16" -> ElementType.INT16;
        case "I8" -> ElementType.INT8;
        case "U8" -> ElementType.UINT8;
        case "BOOL" -> ElementType.BOOL;
        default ->
            throw new JsonException(
                "tensor " + name + " is of the type " + label + ", which is not read");
      };
    }

    /** In the file. */
    long bytes() {
      return (long) shape.size() * ElementBytes.width(type);
    }

    /** In memory. */
    long memory() {
      return (long) shape.size() * ElementBytes.widthInMemory(type);
    }
  }

  /**
   * Reads all tensors.
   *
   * @throws InputException if the file is damaged
   */
  static Map<String, Tensor> read(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(channel);
    } catch (JsonException e) {
      throw InputException.in(
          file,
          "is not a valid safetensors file: " + e.getMessage(),
          "Name a .safetensors file, or a .pt file that torch.save has written.");
    } catch (InputException e) {
      throw InputException.in(file, e.problem(), e.fix());
    }
  }

  private static Map<String, Tensor> read(FileChannel channel) throws IOException {
    var limit = MemoryLimit.ofHeap();
    long size = channel.size();
    if (size < 8) {
      throw new JsonException("it has only " + size + " bytes");
    }
    long length = bytes(channel, 0, 8).getLong();
    if (length < 2 || length > MAX_HEADER || length > size - 8) {
      throw new JsonException("its first eight bytes are not the length of a header");
    }
    limit.take("its header", length * BYTES_OF_HEADER);
    var text = new String(bytes(channel, 8, (int) length).array(), StandardCharsets.UTF_8);
    Json.Reader header = Json.parse(text);
    var entries = new ArrayList<Entry>();
    for (Object name : header.members().keySet()) {
      if (!name.equals(METADATA)) {
        entries.add(Entry.of((String) name, header.member((String) name)));
      }
    }
    checkPlaces(entries, size - 8 - length);
    entries.forEach(entry -> limit.take("tensor " + entry.name, entry.memory() + entry.bytes()));
    var tensors = new LinkedHashMap<String, Tensor>();
    for (Entry entry : entries) {
      ByteBuffer bytes = bytes(channel, 8 + length + entry.begin, (int) entry.bytes());
      tensors.put(entry.name, ElementBytes.read(bytes, entry.type, entry.shape));
    }
    return tensors;
  }

  /** No tensor may end before it begins, reach into another, or lie outside of the file. */
  private static void checkPlaces(List<Entry> entries, long size) {
    var sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long end = 0;
    for (Entry entry : sorted) {
      boolean fits = entry.begin >= 0 && entry.end >= entry.begin && entry.end <= size;
      if (!fits
          || entry.end - entry.begin != entry.bytes()
          || entry.bytes() > Shape.MOST_ELEMENTS) {
        throw new JsonException("the place of tensor " + entry.name + " does not fit its shape");
      }
      if (entry.begin < end) {
        throw new JsonException("tensor " + entry.name + " overlaps another");
      }
      end = entry.end;
    }
  }

  private static ByteBuffer bytes(FileChannel channel, long from, int count) throws IOException {
    var bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, from + bytes.position()) < 0) {
        throw new EOFException("it ends too early");
      }
    }
    return bytes.flip();
  }

  /** Writes floats, doubles and 64-bit integers, in their order. */
  static void write(Path file, Map<String, Tensor> tensors) {
    var header = new LinkedHashMap<String, Object>();
    long at = 0;
    for (var entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      long end = at + (long) tensor.size() * ElementBytes.width(tensor.type());
      List<Object> shape = tensor.shape().axes().stream().<Object>map(Integer::longValue).toList();
      header.put(
          entry.getKey(),
          Json.object(
              "dtype", label(tensor.type()), "shape", shape, "data_offsets", List.of(at, end)));
      at = end;
    }
    String json = Json.write(header);
    int padding = (8 - json.getBytes(StandardCharsets.UTF_8).length % 8) % 8; // numbers are aligned
    byte[] text = (json + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
    SafeFiles.replace(
        file,
        channel -> {
          var length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length);
          SafeFiles.writeFully(channel, length.flip());
          SafeFiles.writeFully(channel, ByteBuffer.wrap(text));
          for (Tensor tensor : tensors.values()) {
            int size = Math.multiplyExact(tensor.size(), ElementBytes.width(tensor.type()));
            var bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
            ElementBytes.write(tensor, bytes);
            SafeFiles.writeFully(channel, bytes.flip());
          }
        });
  }

  private static String label(ElementType type) {
    return switch (type) {
      case FLOAT -> "F32";
      case DOUBLE -> "F64";
      case INT64 -> "I64";
      default -> throw new IllegalArgumentException(type + " is not written");
    };
  }
}
