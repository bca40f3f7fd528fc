package dev.unroll.store;

import dev.unroll.base.InputException;
import dev.unroll.base.Precision;
import dev.unroll.file.ByteSource;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import dev.unroll.file.SafeFiles;
import dev.unroll.file.Uninterrupted;
import dev.unroll.kernel.Slice;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The safetensors format: eight bytes with the length of a JSON header, the header (of each tensor
 * its type, shape and place, and free metadata), then the bytes of all tensors.
 *
 * <p>Tensors are 32-bit floats; weight matrices may be 16-bit floats ({@code BF16}) or bytes
 * ({@code I8}), these with a vector of scales, one a row, under the name that ends in {@code
 * _scale}. Wider types come first, so that each tensor lies at a multiple of its elements' size.
 *
 * <p>Every length, offset and shape is checked before anything is allocated. Files written here
 * carry in their metadata the SHA-256 of everything else, so that a changed byte is noticed.
 */
public final class Safetensors {

  private static final String CHECKSUM = "unroll.sha256";
  private static final String METADATA = "__metadata__";
  private static final int MAX_HEADER = 100_000_000;

  /** A header is at most this part of the heap: its text, and what it says, must fit into it. */
  private static final int HEADERS = 16;

  /** In a smaller heap, too, the headers of small models are read. */
  private static final long LEAST_HEAP = 1 << 28;

  private static final long MOST_ELEMENTS = Integer.MAX_VALUE - 8;

  private Safetensors() {}

  /**
   * A file's content.
   *
   * @param metadata free text by name
   * @param tensors names, places and shapes within {@code values}
   * @param values all tensors, one after the other
   * @param precision what the weight matrices are stored as
   */
  public record Content(
      Map<String, String> metadata, List<Slice> tensors, float[] values, Precision precision) {

    /** Returns the values of {@code expected}, which must be all tensors, in their order. */
    public float[] arrange(List<Slice> expected) {
      if (isArranged(expected)) {
        return values;
      }
      var byName = tensors.stream().collect(Collectors.toMap(Slice::name, tensor -> tensor));
      var sources = new ArrayList<Slice>();
      for (Slice slice : expected) {
        Slice tensor = byName.remove(slice.name());
        if (tensor == null
            || tensor.rows() != slice.rows()
            || tensor.columns() != slice.columns()) {
          throw new JsonException("it has no tensor " + slice.name() + " of the network's shape");
        }
        sources.add(tensor);
      }
      if (!byName.isEmpty()) {
        throw new JsonException("its network has no tensor " + byName.keySet().iterator().next());
      }
      float[] arranged = new float[sources.stream().mapToInt(Slice::size).sum()]; // as in the file
      for (int i = 0; i < sources.size(); i++) {
        Slice target = expected.get(i);
        System.arraycopy(values, sources.get(i).offset(), arranged, target.offset(), target.size());
      }
      return arranged;
    }

    private boolean isArranged(List<Slice> expected) {
      boolean same = tensors.size() == expected.size();
      for (int i = 0; same && i < expected.size(); i++) {
        same = tensors.get(i).isPlacedAs(expected.get(i));
      }
      return same;
    }
  }

  /** Writes the tensors of a model. */
  public static void write(Path file, Content content) {
    var parameters =
        new StoredTensors.Parameters(content.tensors(), content.values(), content.precision());
    write(file, content.metadata(), StoredTensors.of(parameters));
  }

  /** Writes the tensors of a model to a stream: the bytes of the file. */
  static void write(OutputStream out, Content content) throws IOException {
    var parameters =
        new StoredTensors.Parameters(content.tensors(), content.values(), content.precision());
    write(out, content.metadata(), StoredTensors.of(parameters));
  }

  /** Writes tensors and metadata to a stream: the bytes of the file. */
  static void write(OutputStream out, Map<String, String> texts, StoredTensors stored)
      throws IOException {
    write(bytes -> out.write(bytes.array(), bytes.arrayOffset(), bytes.limit()), texts, stored);
    out.flush();
  }

  /** Writes tensors and metadata to a file next to it, which is synced, then renamed. */
  static void write(Path file, Map<String, String> texts, StoredTensors stored) {
    SafeFiles.replace(
        file, channel -> write(bytes -> SafeFiles.writeFully(channel, bytes), texts, stored));
  }

  private static void write(
      StoredTensors.ByteSink sink, Map<String, String> texts, StoredTensors stored)
      throws IOException {
    var metadata = new LinkedHashMap<String, Object>(texts);
    metadata.put(CHECKSUM, checksum(texts, stored));
    var header = new LinkedHashMap<String, Object>();
    header.put(METADATA, metadata);
    stored.describe(header);
    byte[] json = Json.write(header).getBytes(StandardCharsets.UTF_8);
    byte[] padded = new byte[(json.length + 7) / 8 * 8]; // data begins at a multiple of eight
    Arrays.fill(padded, (byte) ' ');
    System.arraycopy(json, 0, padded, 0, json.length);
    sink.take(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(padded.length).flip());
    sink.take(ByteBuffer.wrap(padded));
    stored.forEachChunk(sink);
  }

  /** Reads a file with the tensors of a model. */
  public static Content read(Path file) {
    return read(file, parameters(file.toString()));
  }

  /**
   * Reads a stream with the tensors of a model, up to the end of the model; it is not closed.
   *
   * @param name what messages call it
   */
  public static Content read(InputStream in, String name) {
    return read(in, name, parameters(name));
  }

  /** Reads a stream as {@link #read(Path, TensorReader)} reads a file; it is not closed. */
  static <T> T read(InputStream in, String name, TensorReader<T> reader) {
    try {
      return read(new Source(name, ByteSource.of(in), Source.UNKNOWN), reader);
    } catch (IOException e) {
      throw InputException.in(
          name, "cannot be read: " + SafeFiles.reason(e), "Give a stream that has all of it.");
    } catch (JsonException e) {
      throw damaged(name, "its header is not valid: " + e.getMessage());
    }
  }

  private static TensorReader<Content> parameters(String name) {
    return (source, tensors, metadata, digest) -> {
      if (elements(tensors) > MOST_ELEMENTS) {
        throw damaged(name, "it has more than 2³¹ parameters");
      }
      StoredTensors.Parameters read = StoredTensors.read(source, tensors, digest);
      return new Content(metadata, read.slices(), read.values(), read.precision());
    };
  }

  /**
   * Bytes that are read.
   *
   * @param name what messages call them
   * @param size how many there are
   */
  private record Source(String name, ByteSource bytes, long size) {

    /** Of a stream, which promises nothing. */
    static final long UNKNOWN = Long.MAX_VALUE;

    static Source of(Path file, FileChannel channel) throws IOException {
      return new Source(file.toString(), channel::read, channel.size());
    }

    boolean isStream() {
      return size == UNKNOWN;
    }
  }

  /**
   * A header that was read.
   *
   * @param length its bytes, those of the length before it included
   */
  private record Header(Json.Reader json, long length) {}

  /** Reads the tensors of a file, when their places were checked. */
  @FunctionalInterface
  interface TensorReader<T> {
    T read(
        ByteSource source,
        List<StoredTensors.Tensor> tensors,
        Map<String, String> metadata,
        MessageDigest digest)
        throws IOException;
  }

  /** Reads a file, with {@code reader} for its tensors, and checks that it is whole. */
  public static <T> T read(Path file, TensorReader<T> reader) {
    return open(file, channel -> read(Source.of(file, channel), reader));
  }

  /** Returns only the metadata of a file; whether the rest is whole is not checked. */
  public static Map<String, String> metadata(Path file) {
    return open(
        file,
        channel -> {
          Json.Reader header = header(Source.of(file, channel)).json();
          return header.has(METADATA) ? texts(header.member(METADATA)) : Map.of();
        });
  }

  /** What is done with an open file. */
  @FunctionalInterface
  private interface ChannelReader<T> {
    T read(FileChannel channel) throws IOException;
  }

  private static <T> T open(Path file, ChannelReader<T> reader) {
    try {
      if (Files.isDirectory(file)) {
        throw InputException.in(file, "is a folder", "Name the model file itself.");
      }
      if (Files.exists(file) && !Files.isRegularFile(file)) { // a pipe would be waited for
        throw InputException.in(
            file, "is not a regular file", "Write the model to a file, and name that.");
      }
      return Uninterrupted.call(
          () -> {
            try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
              return reader.read(channel);
            }
          });
    } catch (IOException e) {
      throw InputException.in(
          file, "cannot be read: " + SafeFiles.reason(e), "Check the name and the rights.");
    } catch (JsonException e) {
      throw damaged(file.toString(), "its header is not valid: " + e.getMessage());
    }
  }

  private static <T> T read(Source source, TensorReader<T> reader) throws IOException {
    String name = source.name();
    Header header = header(source);
    Json.Reader json = header.json();
    var metadata = new LinkedHashMap<String, String>();
    var tensors = new ArrayList<StoredTensors.Tensor>();
    for (var entry : json.members().entrySet()) {
      String key = (String) entry.getKey();
      if (key.equals(METADATA)) {
        metadata.putAll(texts(json.member(key)));
      } else {
        tensors.add(StoredTensors.Tensor.of(key, json.member(key)));
      }
    }
    String expected = metadata.remove(CHECKSUM);
    if (expected == null) {
      throw damaged(name, "it has no checksum " + CHECKSUM + ", as files of Unroll do");
    }
    tensors.sort(Comparator.comparingLong(StoredTensors.Tensor::begin));
    long bytes = tensors.stream().mapToLong(StoredTensors.Tensor::bytes).sum();
    checkPlaces(name, tensors, source.isStream() ? bytes : source.size() - header.length());
    long held = source.isStream() ? bytes : 0;
    checkMemory(name, "its tensors take", Float.BYTES * elements(tensors) + held, 1);
    ByteSource data = source.isStream() ? ByteSource.held(source.bytes(), bytes) : source.bytes();
    MessageDigest digest = begin(metadata, tensors);
    T content = reader.read(data, tensors, metadata, digest);
    if (!expected.equals(HexFormat.of().formatHex(digest.digest()))) {
      throw damaged(name, "its checksum does not match its content");
    }
    return content;
  }

  private static Header header(Source source) throws IOException {
    var start = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    if (source.size() < 8) {
      throw damaged(source.name(), "it has only " + source.size() + " bytes");
    }
    source.bytes().readFully(start);
    long length = start.flip().getLong();
    if (length < 2 || length > MAX_HEADER || length > source.size() - 8) {
      throw damaged(source.name(), "its first eight bytes are not the length of a header");
    }
    checkMemory(source.name(), "its header takes", length, HEADERS);
    var header = ByteBuffer.allocate((int) length);
    source.bytes().readFully(header);
    var text = new String(header.array(), StandardCharsets.UTF_8);
    return new Header(Json.parse(text), 8 + length);
  }

  private static long elements(List<StoredTensors.Tensor> tensors) {
    return tensors.stream().mapToLong(StoredTensors.Tensor::elements).sum();
  }

  /** Refuses, before it is read, what would take more than a part of the memory. */
  private static void checkMemory(String name, String what, long bytes, int part) {
    long heap = Math.max(Runtime.getRuntime().maxMemory(), LEAST_HEAP);
    if (bytes > heap / part) {
      throw InputException.in(
          name,
          String.format(
              Locale.ROOT,
              "%s %,d MiB, too much for a heap of %,d MiB",
              what,
              bytes >> 20,
              heap >> 20),
          String.format(
              Locale.ROOT,
              "Give the JVM a larger heap, such as -Xmx%dg, if you trust the file.",
              ((part * bytes) >> 30) + 2));
    }
  }

  private static Map<String, String> texts(Json.Reader metadata) {
    var texts = new LinkedHashMap<String, String>();
    metadata.members().forEach((key, value) -> texts.put((String) key, textOf(value)));
    return texts;
  }

  private static String textOf(Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new JsonException("metadata holds what is not a text");
  }

  /** Tensors must lie side by side and fill the file. */
  private static void checkPlaces(String name, List<StoredTensors.Tensor> tensors, long bytes) {
    long end = 0;
    for (StoredTensors.Tensor tensor : tensors) {
      if (tensor.begin() != end) {
        throw damaged(name, "the place of tensor " + tensor.name() + " is wrong");
      }
      end += tensor.bytes();
    }
    if (end != bytes) {
      throw damaged(
          name, String.format(Locale.ROOT, "it has %,d bytes of tensors, not %,d", bytes, end));
    }
  }

  private static InputException damaged(String name, String what) {
    return InputException.in(name, "is not whole: " + what, "Copy it again, or train it again.");
  }

  private static String checksum(Map<String, String> metadata, StoredTensors stored) {
    MessageDigest digest = begin(metadata, stored.tensors());
    try {
      stored.forEachChunk(digest::update);
    } catch (IOException e) {
      throw new IllegalStateException("nothing is read or written here", e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Begins the SHA-256 over the metadata in the order of their names, the tensors' names, shapes
   * and types (those that are not F32), and the bytes of all tensors, which the caller adds.
   */
  private static MessageDigest begin(
      Map<String, String> metadata, List<StoredTensors.Tensor> tensors) {
    MessageDigest digest = Fingerprint.sha256();
    new TreeMap<>(metadata).forEach((name, text) -> update(digest, name + "\0" + text + "\0"));
    for (StoredTensors.Tensor tensor : tensors) {
      update(digest, tensor.name() + "\0" + tensor.rows() + "\0" + tensor.columns() + "\0");
      if (tensor.type() != StoredTensors.Type.F32) {
        update(digest, tensor.type() + "\0");
      }
    }
    return digest;
  }

  private static void update(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
  }
}
