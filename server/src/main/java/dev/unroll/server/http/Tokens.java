package dev.unroll.server.http;

import dev.unroll.base.InputException;
import dev.unroll.file.SafeFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that clients authenticate with, as {@code Authorization: Bearer TOKEN}. Only their
 * hashes are kept, and every comparison takes the same time.
 */
public final class Tokens {

  private static final System.Logger LOG = System.getLogger(Tokens.class.getName());

  private static final String SCHEME = "Bearer ";
  private static final int SHORTEST = 16;

  private final @Nullable Path file;

  /** What was read last, whatever came of it. */
  private byte[] seen = {};

  private volatile List<byte[]> hashes = List.of();

  private Tokens(@Nullable Path file) {
    this.file = file;
  }

  /** Returns tokens that let everybody in. */
  public static Tokens none() {
    return new Tokens(null);
  }

  /**
   * Reads a file that has a token in each line; blank lines and lines that begin with # are none.
   *
   * @throws InputException if it cannot be read, has none, or one is easily guessed
   */
  public static Tokens read(Path file) {
    var tokens = new Tokens(file);
    tokens.load(file);
    return tokens;
  }

  /** Loads the file again if it has changed; if it is unusable, the old tokens stay. */
  public void reloadReplaced() {
    if (file == null) {
      return;
    }
    try {
      if (load(file)) {
        LOG.log(System.Logger.Level.INFO, "the tokens were replaced");
      }
    } catch (InputException e) {
      LOG.log(System.Logger.Level.WARNING, "the old tokens stay: " + e.getMessage());
    }
  }

  /** Returns false where nothing has changed. */
  private synchronized boolean load(Path from) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(from);
    } catch (IOException e) {
      if (seen.length == 0) {
        throw InputException.in(
            from,
            "cannot be read: " + SafeFiles.reason(e),
            "Name a file with a token in each line.");
      }
      return false; // it is being replaced
    }
    if (Arrays.equals(bytes, seen)) {
      return false;
    }
    seen = bytes;
    hashes = parse(from, new String(bytes, StandardCharsets.ISO_8859_1).lines().toList());
    return true;
  }

  private static List<byte[]> parse(Path file, List<String> lines) {
    var hashes = new ArrayList<byte[]>();
    for (int i = 0; i < lines.size(); i++) {
      String token = lines.get(i).strip();
      if (token.isEmpty() || token.startsWith("#")) {
        continue;
      }
      if (token.length() < SHORTEST || !token.chars().allMatch(c -> c > 32 && c < 127)) {
        throw InputException.at(
            file.toString(),
            i + 1,
            "is not a token of at least " + SHORTEST + " visible ASCII characters",
            "Draw one: openssl rand -hex 32.");
      }
      hashes.add(hash(token));
    }
    if (hashes.isEmpty()) {
      throw InputException.in(file, "has no token", "Write one into it: openssl rand -hex 32.");
    }
    return List.copyOf(hashes);
  }

  /** Returns whether requests need a token. */
  public boolean isRequired() {
    return file != null;
  }

  /**
   * Refuses a request without one of the tokens.
   *
   * @param header of the authorization
   */
  void check(@Nullable String header) {
    if (file == null) {
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
