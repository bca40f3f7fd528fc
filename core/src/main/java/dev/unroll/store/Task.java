package dev.unroll.store;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * One thing that networks are trained for. There is one constant for each, listed in {@link
 * dev.unroll.tasks.Tasks}.
 *
 * @param name the name of its commands, such as {@code classify}
 * @param targets what its losses are counted by, such as {@code tokens}
 * @param codec how its model files are read
 * @param model creates a model of what a file holds
 * @param <F> what its model files hold
 * @param <M> its models
 */
public record Task<F extends ModelFields, M>(
    String name, String targets, ModelCodec<F> codec, Function<ModelFile<F>, M> model) {

  /**
   * Opens a model file.
   *
   * @throws dev.unroll.base.InputException if it is missing, damaged or of another task
   */
  public M open(Path file) {
    return model.apply(ModelFile.read(file, codec));
  }

  /**
   * Opens a model that was read from a stream.
   *
   * @throws dev.unroll.base.InputException if it is damaged or of another task
   */
  public M open(ModelFile.Stored stored) {
    return model.apply(ModelFile.read(stored, codec));
  }

  /**
   * Opens a model from a stream, which is read up to the end of the model and not closed.
   *
   * @throws dev.unroll.base.InputException if it cannot be read, is damaged or of another task
   */
  public M open(InputStream in) {
    return open(ModelFile.Stored.read(in));
  }

  /** Returns the name of its commands. */
  @Override
  public String toString() {
    return name;
  }
}
