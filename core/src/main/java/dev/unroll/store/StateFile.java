package dev.unroll.store;

import dev.unroll.base.InputException;
import java.nio.file.Path;
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
    return Safetensors.read(
        file,
        (source, tensors, metadata, digest) ->
            new StateFile(metadata, StoredTensors.readArrays(source, tensors, digest)));
  }
}
