package dev.unroll.model;

import dev.unroll.model.Json.JsonException;
import dev.unroll.nn.Slice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The safetensors format: eight bytes with the length of a JSON header, the header (of each tensor
 * its type, shape and place, and free metadata), then the bytes of all tensors. Only 32-bit floats
 * are used here.
 *
 * <p>Every length, offset and shape is checked before anything is allocated. Files written here
 * carry in their metadata the SHA-256 of everything else, so that a changed byte is noticed.
 */
final class Safetensors {

  private static final String CHECKSUM = "unroll.sha256";
  private static final String METADATA = "__metadata__";
  private static final int MAX_HEADER = 100_000_000;
  private static final int CHUNK = 1 << 20;

  private Safetensors() {}

  /**
   * A file's content.
   *
   * @param metadata free text by name
   * @param tensors names, places and shapes within {@code values}
   * @param values all tensors, one after the other
   */
  record Content(Map<String, String> metadata, List<Slice> tensors, float[] values) {}

  static void write(Path file, Content content) {
    var metadata = new LinkedHashMap<String, Object>(content.metadata());
    metadata.put(CHECKSUM, checksum(content));
    var header = new LinkedHashMap<String, Object>();
    header.put(METADATA, metadata);
    for (Slice tensor : content.tensors()) {
      List<Object> shape =
          tensor.rows() == 1
              ? List.of((long) tensor.columns())
              : List.of((long) tensor.rows(), (long) tensor.columns());
      List<Object> place = List.of(4L * tensor.offset(), 4L * (tensor.offset() + tensor.size()));
      header.put(tensor.name(), Json.object("dtype", "F32", "shape", shape, "data_offsets", place));
    }
    byte[] json = Json.write(header).getBytes(StandardCharsets.UTF_8);
    byte[] padded = new byte[(json.length + 7) / 8 * 8]; // data begins at a multiple of eight
    java.util.Arrays.fill(padded, (byte) ' ');
    System.arraycopy(json, 0, padded, 0, json.length);
    SafeFiles.replace(
        file,
        channel -> {
          var length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(padded.length);
          writeFully(channel, length.flip());
          writeFully(channel, ByteBuffer.wrap(padded));
          forEachChunk(content.values(), bytes -> writeFully(channel, bytes));
        });
  }

  static Content read(Path file) {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (Files.isDirectory(file)) {
        throw InputException.in(file, "is a folder", "Name the model file itself.");
      }
      return read(file, channel);
    } catch (IOException e) {
      throw InputException.in(
          file, "cannot be read: " + SafeFiles.reason(e), "Check the name and the rights.");
    } catch (JsonException e) {
      throw damaged(file, "its header is not valid: " + e.getMessage());
    }
  }

  private static Content read(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    var start = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    if (size < 8) {
      throw damaged(file, "it has only " + size + " bytes");
    }
    readFully(channel, start);
    long headerLength = start.flip().getLong();
    if (headerLength < 2 || headerLength > MAX_HEADER || headerLength > size - 8) {
      throw damaged(file, "its first eight bytes are not the length of a header");
    }
    var header = ByteBuffer.allocate((int) headerLength);
    readFully(channel, header);
    Json.Reader json = Json.parse(new String(header.array(), StandardCharsets.UTF_8));
    var metadata = new LinkedHashMap<String, String>();
    var tensors = new ArrayList<Slice>();
    for (var entry : json.members().entrySet()) {
      String name = (String) entry.getKey();
      if (name.equals(METADATA)) {
        json.member(name)
            .members()
            .forEach((key, value) -> metadata.put((String) key, textOf(value)));
      } else {
        tensors.add(tensor(name, json.member(name)));
      }
    }
    tensors.sort(java.util.Comparator.comparingInt(Slice::offset));
    long bytes = checkPlaces(file, tensors, size - 8 - headerLength);
    float[] values = readFloats(channel, (int) (bytes / 4));
    return verified(file, new Content(metadata, tensors, values));
  }

  private static String textOf(Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new JsonException("metadata holds " + value + ", not a text");
  }

  private static Slice tensor(String name, Json.Reader json) {
    if (!json.text("dtype").equals("F32")) {
      throw new JsonException("tensor " + name + " is of type " + json.text("dtype") + ", not F32");
    }
    List<Json.Reader> shape = json.list("shape");
    List<Json.Reader> place = json.list("data_offsets");
    if (shape.isEmpty() || shape.size() > 2 || place.size() != 2) {
      throw new JsonException("tensor " + name + " is neither a vector nor a matrix");
    }
    int rows = shape.size() == 1 ? 1 : shape.get(0).asInteger();
    int columns = shape.get(shape.size() - 1).asInteger();
    long begin = place.get(0).asWhole();
    long end = place.get(1).asWhole();
    boolean fits = rows >= 0 && columns >= 0 && end - begin == 4L * rows * columns;
    if (!fits || begin < 0 || begin % 4 != 0 || end / 4 > Integer.MAX_VALUE) {
      throw new JsonException("the place of tensor " + name + " does not fit its shape");
    }
    return new Slice(name, (int) (begin / 4), rows, columns);
  }

  /** Tensors must lie side by side and fill the file. */
  private static long checkPlaces(Path file, List<Slice> tensors, long bytes) {
    long end = 0;
    for (Slice tensor : tensors) {
      if (tensor.offset() != end) {
        throw damaged(file, "the place of tensor " + tensor.name() + " is wrong");
      }
      end += tensor.size();
    }
    if (4 * end != bytes) {
      throw damaged(file, "it has %,d bytes of tensors, not %,d".formatted(bytes, 4 * end));
    }
    return bytes;
  }

  private static Content verified(Path file, Content content) {
    String expected = content.metadata().remove(CHECKSUM);
    if (expected == null) {
      throw damaged(file, "it has no checksum " + CHECKSUM + ", as files of Unroll do");
    }
    if (!expected.equals(checksum(content))) {
      throw damaged(file, "its checksum does not match its content");
    }
    return content;
  }

  private static InputException damaged(Path file, String what) {
    return InputException.in(
        file, "is not a whole model file: " + what, "Copy it again, or train it again.");
  }

  /**
   * SHA-256 over the metadata in the order of their names, the tensors' names and shapes, and
   * values.
   */
  private static String checksum(Content content) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      new TreeMap<>(content.metadata())
          .forEach((name, text) -> update(digest, name + "\0" + text + "\0"));
      for (Slice tensor : content.tensors()) {
        update(digest, tensor.name() + "\0" + tensor.rows() + "\0" + tensor.columns() + "\0");
      }
      forEachChunk(content.values(), digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException | IOException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void update(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
  }

  private interface ByteSink {
    void take(ByteBuffer bytes) throws IOException;
  }

  private static void forEachChunk(float[] values, ByteSink sink) throws IOException {
    var buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK / 4) {
      int count = Math.min(CHUNK / 4, values.length - from);
      buffer.clear();
      buffer.asFloatBuffer().put(values, from, count);
      sink.take(buffer.limit(4 * count));
    }
  }

  private static float[] readFloats(FileChannel channel, int count) throws IOException {
    float[] values = new float[count];
    var buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < count; from += CHUNK / 4) {
      int part = Math.min(CHUNK / 4, count - from);
      buffer.clear().limit(4 * part);
      readFully(channel, buffer);
      buffer.flip().asFloatBuffer().get(values, from, part);
    }
    return values;
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static void readFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new IOException("the file ends too early");
      }
    }
  }
}
