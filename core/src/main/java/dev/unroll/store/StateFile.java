package dev.unroll.store;

import dev.unroll.base.InputException;
import dev.unroll.file.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;

/**
 * The state of a training run as one {@code .safetensors} file, with the SHA-256 of all of it.
 *
 * @param texts numbers and descriptions by name
 * @param arrays parameters, moments and states by name
 */
public record StateFile(Map<String, String> texts, Map<String, float[]> arrays) {

  /** Writes a file next to it, which is synced, then renamed. */
  public void write(Path file) {
    Safetensors.write(file, texts, StoredTensors.of(arrays));
  }

  /**
   * Reads a file.
   *
   * @throws InputException if it is missing, cut short, or a byte of it was changed
   */
  public static StateFile read(Path file) {
    return Safetensors.read(file, StateFile::of);
  }

  /** Writes the bytes of the file to a stream, which stays open. */
  public void write(OutputStream out) throws IOException {
    Safetensors.write(out, texts, StoredTensors.of(arrays));
  }

  /**
   * Reads the bytes of a file from a stream.
   *
   * @param name what messages call it
   * @throws InputException if it is cut short, or a byte of it was changed
   */
  public static StateFile read(InputStream in, String name) {
    return Safetensors.read(in, name, StateFile::of);
  }

  private static StateFile of(
      ByteSource source,
      List<StoredTensors.Tensor> tensors,
      Map<String, String> metadata,
      MessageDigest digest)
      throws IOException {
    return new StateFile(metadata, StoredTensors.readArrays(source, tensors, digest));
  }
}
