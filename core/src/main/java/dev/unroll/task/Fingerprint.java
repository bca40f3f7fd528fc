package dev.unroll.task;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A hash of texts, in their order; no two orders or divisions of the same letters are equal. */
final class Fingerprint {

  private final MessageDigest digest;

  Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Returns the hash of one text. */
  static String of(String text) {
    var fingerprint = new Fingerprint();
    fingerprint.digest.update(text.getBytes(StandardCharsets.UTF_8));
    return fingerprint.text();
  }

  /** Adds texts. */
  void add(List<String> texts) {
    add(texts.size());
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      add(bytes.length);
      digest.update(bytes);
    }
  }

  /** Adds numbers. */
  void add(float[] values) {
    var bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
    bytes.asFloatBuffer().put(values);
    digest.update(bytes.array());
  }

  private void add(int number) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
  }

  /** Returns the hash; once. */
  String text() {
    return "sha256:" + HexFormat.of().formatHex(digest.digest());
  }
}
