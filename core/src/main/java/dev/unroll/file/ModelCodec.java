package dev.unroll.file;

import java.nio.file.Path;
import java.util.function.Function;

/**
 * How the model files of one task are read.
 *
 * @param task the task, as files name it
 * @param fields builds the network that a file describes, with what belongs to it
 * @param <F> what these files hold
 */
public record ModelCodec<F extends ModelFields>(String task, Function<ModelFile.Reader, F> fields) {

  /**
   * Reads a file and checks that its tensors are those of the network it describes.
   *
   * @throws InputException if it is missing, damaged or of another task
   */
  public ModelFile<F> read(Path file) {
    return ModelFile.read(file, this);
  }
}
