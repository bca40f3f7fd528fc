package dev.unroll.result;

import dev.unroll.base.Precision;
import dev.unroll.data.Provenance;
import dev.unroll.file.Plural;
import dev.unroll.kernel.Slice;
import dev.unroll.store.ModelFile;
import dev.unroll.store.Task;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A trained network of any task: its weights, their provenance, and its file. It is immutable. */
public abstract class Model {

  private final ModelFile<?> file;

  /** Creates a model of what its file holds. */
  protected Model(ModelFile<?> file) {
    this.file = file;
  }

  /** Returns the task of the model. */
  public abstract Task<?, ?> task();

  /** Returns a summary of the model besides its provenance, by name: its network and vocabulary. */
  public abstract Map<String, Object> summary();

  /** Returns where the model comes from: data, options, seed, version, results. */
  public final Provenance provenance() {
    return file.provenance();
  }

  /** Returns the description of the network and what belongs to it, as the model's file has it. */
  public final Map<String, Object> descriptionJson() {
    return file.fields().toJson();
  }

  /** Returns how text becomes tokens, as the model's file has it; empty for none. */
  public final Map<String, Object> tokenizerJson() {
    return file.fields().tokenizerJson();
  }

  /** Returns a copy of all parameters, laid out as {@link #slices} says. */
  public final float[] parameters() {
    return file.parameters().clone();
  }

  /** Returns the number of parameters. */
  public final int size() {
    return file.fields().layout().size();
  }

  /**
   * Returns the number of parameters that training changes; the others are counts, taken at its
   * end.
   */
  public final int trainedSize() {
    return file.fields().trained().stream().mapToInt(Slice::size).sum();
  }

  /** Returns the precision of the weight matrices. */
  public final Precision precision() {
    return file.precision();
  }

  /** Returns the names and places of all parameters. */
  public final List<Slice> slices() {
    return file.fields().layout().slices();
  }

  /** Returns the hash by which runs, answers and other models refer to this one. */
  public final String fingerprint() {
    return file.fingerprint();
  }

  /** Returns the content of its file. */
  public final ModelFile<?> file() {
    return file;
  }

  /** Returns other parameters of the same network, rounded as those of this model are. */
  public final float[] rounded(float[] others) {
    return file.fields().layout().round(others, precision());
  }

  /**
   * Returns the same model with its weight matrices rounded to {@code precision}: it is saved as a
   * smaller file, and reads single tokens faster (streams, samples). Rounding cannot be undone:
   * {@link Precision#FLOAT32} leaves the weights as they are.
   */
  public abstract Model withPrecision(Precision other);

  /**
   * Writes the model to one {@code .safetensors} file, through a temporary file that is synced and
   * renamed.
   */
  public final void save(Path place) {
    file.write(place);
  }

  /**
   * Writes the bytes of such a file to a stream, which is flushed and not closed. It holds one
   * network: n-gram models are files of their own kind (ARPA), and a mixture names the files of its
   * members, so that those are written by their names only.
   *
   * @throws dev.unroll.base.InputException if the stream does not take them
   */
  public final void save(OutputStream out) {
    file.write(out);
  }

  /** Returns its task and its size, such as {@code classify model of 12,345 parameters}. */
  @Override
  public String toString() {
    return task().name() + " model of " + Plural.of(size(), "parameter");
  }
}
