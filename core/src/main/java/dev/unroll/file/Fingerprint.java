package dev.unroll.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The SHA-256 of what is added to it, in that order. */
public final class Fingerprint {

  /** Numbers that are hashed at once: those of a model may be more than an array has bytes. */
  private static final int TOGETHER = 1 << 14;

  private final MessageDigest digest = sha256();

  /** Begins with nothing. */
  public Fingerprint() {}

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Returns the hash of one text. */
  public static String of(String text) {
    var fingerprint = new Fingerprint();
    fingerprint.add(text);
    return fingerprint.text();
  }

  /**
   * Returns the hash of a file's bytes.
   *
   * @throws IOException if it cannot be read, or is a device or a pipe, which has no end or can be
   *     read only once
   */
  public static String ofFile(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException("it is not a regular file");
    }
    try (var in = Files.newInputStream(file)) {
      return of(in);
    }
  }

  /**
   * Returns the hash of all that a stream still has, which stays open.
   *
   * @throws IOException if it cannot be read
   */
  public static String of(InputStream in) throws IOException {
    var fingerprint = new Fingerprint();
    byte[] part = new byte[1 << 16];
    for (int read = in.read(part); read >= 0; read = in.read(part)) {
      fingerprint.digest.update(part, 0, read);
    }
    return fingerprint.text();
  }

  /** Adds the letters of a text. */
  public void add(String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds texts with their number and lengths: no two divisions of the same letters are equal. */
  public void add(List<String> texts) {
    add(texts.size());
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      add(bytes.length);
      digest.update(bytes);
    }
  }

  /** Adds numbers. */
  public void add(float[] values) {
    var bytes = ByteBuffer.allocate(Math.min(values.length, TOGETHER) * Float.BYTES);
    int from = 0;
    while (from < values.length) {
      int count = Math.min(TOGETHER, values.length - from);
      bytes.asFloatBuffer().put(values, from, count);
      digest.update(bytes.array(), 0, count * Float.BYTES);
      from += count;
    }
  }

  /** Adds numbers. */
  public void add(double[] values) {
    var bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Double.BYTES));
    bytes.asDoubleBuffer().put(values); // one row of a series
    digest.update(bytes.array());
  }

  private void add(int number) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
  }

  /** Returns the hash; once. */
  public String text() {
    return "sha256:" + HexFormat.of().formatHex(digest.digest());
  }
}
