package dev.unroll.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A safetensors file in pieces, which can be put together again to one that lies: with the checksum
 * that its content has. Written from the description of the format, not from the code under test.
 */
final class TensorFile {

  private static final String CHECKSUM = "unroll.sha256";
  private static final String METADATA = "__metadata__";

  /** Metadata by name, without the checksum. */
  final Map<String, String> texts = new LinkedHashMap<>();

  final List<Tensor> tensors = new ArrayList<>();

  /** A tensor; {@code begin} and {@code end} are where it says it lies. */
  static final class Tensor {
    String name;
    String type;
    List<Long> shape;
    long begin;
    long end;
    byte[] data;

    Tensor(String name, String type, List<Long> shape, byte[] data) {
      this.name = name;
      this.type = type;
      this.shape = shape;
      this.data = data;
    }

    Tensor copy() {
      var copy = new Tensor(name, type, new ArrayList<>(shape), data.clone());
      copy.begin = begin;
      copy.end = end;
      return copy;
    }

    private String json() {
      return "{\"dtype\":%s,\"shape\":%s,\"data_offsets\":[%d,%d]}"
          .formatted(JsonMutations.text(type), shape, begin, end);
    }
  }

  /** Takes a whole file to pieces. */
  static TensorFile of(byte[] bytes) {
    var file = new TensorFile();
    int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    JsonNode header;
    try {
      header = new ObjectMapper().readTree(bytes, 8, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    header
        .properties()
        .forEach(
            member -> {
              JsonNode value = member.getValue();
              if (member.getKey().equals(METADATA)) {
                value.properties().forEach(t -> file.texts.put(t.getKey(), t.getValue().asText()));
              } else {
                var shape = new ArrayList<Long>();
                value.get("shape").forEach(size -> shape.add(size.asLong()));
                int begin = 8 + length + value.get("data_offsets").get(0).asInt();
                int end = 8 + length + value.get("data_offsets").get(1).asInt();
                byte[] data = Arrays.copyOfRange(bytes, begin, end);
                String type = value.get("dtype").asText();
                file.tensors.add(new Tensor(member.getKey(), type, shape, data));
              }
            });
    file.texts.remove(CHECKSUM);
    file.place();
    return file;
  }

  /** Puts the tensors side by side. */
  void place() {
    long at = 0;
    for (Tensor tensor : tensors) {
      tensor.begin = at;
      at += tensor.data.length;
      tensor.end = at;
    }
  }

  /** Returns the JSON of the header, with the checksum that the content has. */
  String header() {
    var metadata = new LinkedHashMap<String, String>();
    texts.forEach((name, text) -> metadata.put(name, JsonMutations.text(text)));
    metadata.put(CHECKSUM, JsonMutations.text(checksum()));
    // Doubled names of tensors must stay doubled, so that no map is made of them.
    String rest =
        tensors.stream()
            .map(tensor -> "," + JsonMutations.text(tensor.name) + ":" + tensor.json())
            .collect(Collectors.joining());
    return "{\"" + METADATA + "\":" + JsonMutations.object(metadata) + rest + "}";
  }

  /** Returns the file, with the checksum that its content has. */
  byte[] bytes() {
    return bytes(header());
  }

  /** Returns the file with another header. */
  byte[] bytes(String header) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    var out = new ByteArrayOutputStream();
    var length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(padded.length);
    out.writeBytes(length.array());
    out.writeBytes(padded);
    tensors.forEach(tensor -> out.writeBytes(tensor.data));
    return out.toByteArray();
  }

  private String checksum() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      new TreeMap<>(texts).forEach((name, text) -> update(digest, name + "\0" + text + "\0"));
      for (Tensor tensor : tensors) {
        long columns = tensor.shape.isEmpty() ? 0 : tensor.shape.getLast();
        long rows = tensor.shape.size() < 2 ? 1 : tensor.shape.getFirst();
        update(digest, tensor.name + "\0" + rows + "\0" + columns + "\0");
        if (!tensor.type.equals("F32")) {
          update(digest, tensor.type + "\0");
        }
      }
      tensors.forEach(tensor -> digest.update(tensor.data));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void update(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
  }
}
