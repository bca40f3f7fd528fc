package dev.unroll.server.session;

import dev.unroll.base.InputException;
import dev.unroll.file.SafeFiles;
import dev.unroll.layer.LayerState;
import dev.unroll.network.NetworkState;
import dev.unroll.server.http.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * States of sessions as texts that clients keep: signed (HMAC-SHA-256), so that nobody else can
 * make one, with the hash of the model, so that no other model reads one.
 */
public final class StateTokens {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int SIGNATURE = 32;
  private static final int SHORTEST_KEY = 32;
  private static final byte TOKENS = 1;
  private static final byte ROWS = 2;

  private final SecretKeySpec key;

  private StateTokens(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /**
   * Creates signatures by the key of a file, or by a new key that nobody knows.
   *
   * @throws InputException if the file cannot be read, or the key is short
   */
  public static StateTokens of(@Nullable Path file) {
    if (file == null) {
      byte[] key = new byte[SHORTEST_KEY];
      new SecureRandom().nextBytes(key);
      return new StateTokens(key);
    }
    try {
      byte[] key = Files.readAllBytes(file);
      if (key.length < SHORTEST_KEY) {
        throw InputException.in(
            file, "has fewer than 32 bytes", "Draw a key: head -c 32 /dev/urandom.");
      }
      return new StateTokens(key);
    } catch (IOException e) {
      throw InputException.in(
          file, "cannot be read: " + SafeFiles.reason(e), "Name a file with 32 bytes or more.");
    }
  }

  /** Returns a state as a text. */
  String write(String hash, Progress progress) {
    byte[] model = hash.getBytes(StandardCharsets.UTF_8);
    int size = (int) (2 * progress.bytes()) + model.length + 1000;
    if (progress instanceof Progress.OfTokens own) {
      size += 8 * own.state().layers().size();
    }
    var out = ByteBuffer.allocate(size);
    out.putShort((short) model.length).put(model);
    switch (progress) {
      case Progress.OfTokens own -> {
        out.put(TOKENS).putLong(own.steps()).putInt(own.state().layers().size());
        for (LayerState layer : own.state().layers()) {
          write(out, layer.a());
          write(out, layer.c());
        }
        write(out, own.state().output());
      }
      case Progress.OfRows own -> {
        out.put(ROWS).putInt(own.size()).putInt(own.window().length);
        out.putInt(own.window().length == 0 ? 0 : own.window()[0].length);
        for (double[] row : own.window()) {
          for (double each : row) {
            out.putDouble(each);
          }
        }
      }
    }
    byte[] payload = Arrays.copyOf(out.array(), out.position());
    byte[] signed = Arrays.copyOf(payload, payload.length + SIGNATURE);
    System.arraycopy(sign(payload), 0, signed, payload.length, SIGNATURE);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(signed);
  }

  private static void write(ByteBuffer out, float[] values) {
    out.putInt(values.length);
    for (float each : values) {
      out.putFloat(each);
    }
  }

  private byte[] sign(byte[] payload) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(payload);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /**
   * Returns the state that a text holds.
   *
   * @throws Problem if this server did not write it, or for another model
   */
  Progress read(String token, String hash) {
    byte[] signed;
    try {
      signed = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      throw Problem.unusable("state is not one that was saved here");
    }
    byte[] payload = Arrays.copyOf(signed, Math.max(0, signed.length - SIGNATURE));
    byte[] signature = Arrays.copyOfRange(signed, payload.length, signed.length);
    if (!MessageDigest.isEqual(sign(payload), signature)) {
      throw Problem.unusable("state is not one that was saved here");
    }
    var in = ByteBuffer.wrap(payload); // what follows was written by us
    byte[] model = new byte[in.getShort()];
    in.get(model);
    if (!new String(model, StandardCharsets.UTF_8).equals(hash)) {
      throw Problem.unusable("state is of another model, or of one that has been replaced");
    }
    return in.get() == TOKENS ? tokens(in) : rows(in);
  }

  private static Progress tokens(ByteBuffer in) {
    long steps = in.getLong();
    int count = in.getInt();
    List<LayerState> layers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      layers.add(new LayerState(floats(in), floats(in)));
    }
    return new Progress.OfTokens(steps, new NetworkState(layers, floats(in)));
  }

  private static float[] floats(ByteBuffer in) {
    float[] values = new float[in.getInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.getFloat();
    }
    return values;
  }

  private static Progress rows(ByteBuffer in) {
    int size = in.getInt();
    double[][] window = new double[in.getInt()][];
    int columns = in.getInt();
    for (int row = 0; row < window.length; row++) {
      window[row] = new double[columns];
      for (int column = 0; column < columns; column++) {
        window[row][column] = in.getDouble();
      }
    }
    return new Progress.OfRows(size, window);
  }
}
