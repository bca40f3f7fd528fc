package dev.unroll.server.http;

import dev.unroll.base.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask: those who send {@code Authorization: Bearer TOKEN} with one of the tokens. Only
 * hashes are kept, and all are compared in full, so that the time says nothing about them.
 */
public final class Tokens {

  /** Everybody may ask. */
  public static final Tokens NONE = new Tokens(List.of());

  private static final String SCHEME = "Bearer ";
  private static final int SHORTEST = 16;

  private final List<byte[]> hashes;

  private Tokens(List<byte[]> hashes) {
    this.hashes = hashes;
  }

  /**
   * Reads a file that has a token in each line; blank lines and lines that begin with # are none.
   *
   * @throws InputException if it cannot be read, has none, or one is easily guessed
   */
  public static Tokens read(Path file) {
    try {
      var hashes = new ArrayList<byte[]>();
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      for (int i = 0; i < lines.size(); i++) {
        String token = lines.get(i).strip();
        if (token.isEmpty() || token.startsWith("#")) {
          continue;
        }
        if (token.length() < SHORTEST || !token.chars().allMatch(c -> c > 32 && c < 127)) {
          throw InputException.at(
              file.toString(),
              i + 1,
              "is no token of at least " + SHORTEST + " visible ASCII characters",
              "Draw one: openssl rand -hex 32.");
        }
        hashes.add(hash(token));
      }
      if (hashes.isEmpty()) {
        throw InputException.in(file, "has no token", "Write one into it: openssl rand -hex 32.");
      }
      return new Tokens(List.copyOf(hashes));
    } catch (IOException e) {
      throw InputException.in(
          file, "cannot be read: " + e.getMessage(), "Name a file with a token in each line.");
    }
  }

  /** Returns whether there are any. */
  public boolean isRequired() {
    return !hashes.isEmpty();
  }

  /**
   * Refuses a request without one of the tokens.
   *
   * @param header of the authorization
   */
  void check(@Nullable String header) {
    if (hashes.isEmpty()) {
      return;
    }
    String said = header == null ? "" : header;
    boolean has = said.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    byte[] given = hash(has ? said.substring(SCHEME.length()).strip() : "");
    boolean known = false;
    for (byte[] each : hashes) {
      known |= MessageDigest.isEqual(each, given);
    }
    if (!known) {
      throw Problem.of(
              401, has ? "the token is not known" : "send the header Authorization: Bearer TOKEN")
          .header("WWW-Authenticate", "Bearer");
    }
  }

  private static byte[] hash(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
