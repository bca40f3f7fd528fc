package dev.unroll.server.session;

import dev.unroll.base.InputException;
import dev.unroll.file.SafeFiles;
import dev.unroll.model.ForecastStream;
import dev.unroll.model.StateBytes;
import dev.unroll.model.StreamState;
import dev.unroll.server.http.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * States of sessions as texts that clients keep: signed (HMAC-SHA-256), so that nobody else can
 * make one, with the hash of the model, so that no other model reads one, and with what the model
 * writes for.
 *
 * <pre>{@code
 * 'U' 'G'  length of what is written for (4 bytes), the same in UTF-8; only if there is any
 * the state, as StateBytes writes it, which begins with other letters
 * the signature of all before (32)
 * }</pre>
 */
public final class StateTokens {

  /** Characters of three million numbers in base64; the limit of a body is usually lower. */
  static final int LONGEST = 1 << 24;

  private static final String ALGORITHM = "HmacSHA256";
  private static final int SIGNATURE = 32;
  private static final int SHORTEST_KEY = 32;
  private static final short GIVEN = (short) ('U' << 8 | 'G');

  private final SecretKeySpec key;

  /**
   * What a text holds.
   *
   * @param given what the model wrote for; null for nothing, or if a version before 0.3.0 saved it
   */
  record Saved(Progress progress, @Nullable String given) {}

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
  String write(String hash, Saved saved) {
    byte[] state = StateBytes.write(state(saved.progress), hash);
    byte[] payload = saved.given == null ? state : withGiven(saved.given, state);
    byte[] signed = Arrays.copyOf(payload, payload.length + SIGNATURE);
    System.arraycopy(sign(payload), 0, signed, payload.length, SIGNATURE);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(signed);
  }

  private static byte[] withGiven(String given, byte[] state) {
    byte[] text = given.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(2 + 4 + text.length + state.length)
        .putShort(GIVEN)
        .putInt(text.length)
        .put(text)
        .put(state)
        .array();
  }

  private static StreamState state(Progress progress) {
    return switch (progress) {
      case Progress.OfTokens own -> new StreamState.OfTokens(own.steps(), own.state());
      case Progress.OfRows own ->
          new StreamState.OfRows(new ForecastStream.State(own.size(), own.window()));
    };
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
  Saved read(String token, String hash) {
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
    return saved(ByteBuffer.wrap(payload), hash); // what was signed was written by us
  }

  private static Saved saved(ByteBuffer payload, String hash) {
    String given = null;
    if (payload.getShort(0) == GIVEN) {
      byte[] text = new byte[payload.getInt(2)];
      payload.position(2 + 4).get(text);
      given = new String(text, StandardCharsets.UTF_8);
    }
    byte[] state = new byte[payload.remaining()];
    payload.get(state);
    if (!StateBytes.model(state).equals(hash)) {
      throw Problem.unusable("state is of another model, or of one that has been replaced");
    }
    Progress progress =
        switch (StateBytes.read(state, hash)) {
          case StreamState.OfTokens own -> new Progress.OfTokens(own.steps(), own.state());
          case StreamState.OfRows own ->
              new Progress.OfRows(own.rows().size(), own.rows().window());
        };
    return new Saved(progress, given);
  }
}
