package dev.unroll.store;

import dev.unroll.base.InputException;
import dev.unroll.base.Precision;
import dev.unroll.data.Provenance;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import dev.unroll.file.SafeFiles;
import dev.unroll.kernel.Reductions;
import dev.unroll.kernel.Slice;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A model as one {@code .safetensors} file: the tensors under their usual names and, as JSON in the
 * metadata, the description of the network with its task, the tokenizer with its vocabulary, and
 * where the model came from. It never changes.
 *
 * @param fields what is the task's own: the network that is built, and what belongs to it
 * @param parameters all parameters, laid out as the fields say; they must not change
 * @param precision what the weight matrices among them were rounded to, and are stored as
 * @param provenance what the model was made from
 * @param <F> the fields of the task
 */
public record ModelFile<F extends ModelFields>(
    F fields, float[] parameters, Precision precision, Provenance provenance) {

  private static final long FORMAT = 1;
  private static final String MODEL = "unroll.model";

  /** What messages call a stream. */
  private static final String STREAM = "the stream";

  /** A model of full precision. */
  public ModelFile(F fields, float[] parameters, Provenance provenance) {
    this(fields, parameters, Precision.FLOAT32, provenance);
  }

  /**
   * Returns the same model with its weight matrices rounded. Rounding cannot be undone: {@link
   * Precision#FLOAT32} leaves the weights as they are.
   */
  public ModelFile<F> withPrecision(Precision other) {
    Objects.requireNonNull(other, "other");
    return new ModelFile<>(fields, fields.layout().round(parameters, other), other, provenance);
  }

  /** Returns the same model with other fields, of the same network. */
  public ModelFile<F> withFields(F other) {
    return new ModelFile<>(other, parameters, precision, provenance);
  }

  /** Returns the same model that says something else of where it came from. */
  public ModelFile<F> withProvenance(Provenance other) {
    return new ModelFile<>(fields, parameters, precision, other);
  }

  /** Returns the hash of the model: of its description, its tokens and its parameters. */
  public String fingerprint() {
    var fingerprint = new Fingerprint();
    fingerprint.add(
        List.of(
            Json.write(fields.toJson()), Json.write(fields.tokenizerJson()), precision.label()));
    fingerprint.add(parameters);
    return fingerprint.text();
  }

  /**
   * Writes the file: beside, synced, then renamed.
   *
   * @throws InputException if that fails, or a parameter is not finite
   */
  public void write(Path file) {
    Safetensors.write(file, content(file.toString()));
  }

  /**
   * Writes the bytes of the file to a stream, which is flushed and not closed.
   *
   * @throws InputException if that fails, or a parameter is not finite
   */
  public void write(OutputStream out) {
    try {
      Safetensors.write(out, content(STREAM));
    } catch (IOException e) {
      throw InputException.in(
          STREAM, "cannot be written: " + SafeFiles.reason(e), "Give one that takes all bytes.");
    }
  }

  private Safetensors.Content content(String name) {
    Map<String, Object> model = Json.object("format", FORMAT, "task", fields.task());
    model.putAll(fields.toJson());
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("format", "unroll");
    metadata.put(MODEL, Json.write(model));
    metadata.put("unroll.tokenizer", Json.write(fields.tokenizerJson()));
    metadata.put("unroll.provenance", Json.write(provenance.json()));
    try {
      checkFinite(fields, parameters);
    } catch (InputException e) {
      throw InputException.in(name, "is not written: " + e.problem(), e.fix());
    }
    return new Safetensors.Content(metadata, fields.layout().slices(), parameters, precision);
  }

  /** A model as it was read, before it is known of which task it is. */
  public static final class Stored {

    private final String name;
    private final Safetensors.Content content;
    private @Nullable ModelReader reader;

    private Stored(String name, Safetensors.Content content) {
      this.name = name;
      this.content = content;
    }

    /**
     * Reads a stream up to the end of the model; what follows it is left, and it is not closed.
     *
     * @throws InputException if it cannot be read, or is no whole {@code .safetensors} file
     */
    public static Stored read(InputStream in) {
      return new Stored(STREAM, Safetensors.read(Objects.requireNonNull(in, "in"), STREAM));
    }

    /**
     * Reads a file.
     *
     * @throws InputException if it cannot be read, or is no whole {@code .safetensors} file
     */
    public static Stored read(Path file) {
      return new Stored(file.toString(), Safetensors.read(file));
    }

    /** Returns its task; an empty text where it does not say. */
    public String task() {
      try {
        return reader().model().text("task");
      } catch (JsonException e) {
        return "";
      }
    }

    /** Returns its descriptions, which are parsed once: they may be long. */
    private ModelReader reader() {
      if (reader == null) {
        reader = new ModelReader(content.metadata(), MODEL);
      }
      return reader;
    }
  }

  /**
   * Reads a file and checks that its tensors are those of the network it describes.
   *
   * @throws InputException if it is missing, damaged or of another task
   */
  public static <F extends ModelFields> ModelFile<F> read(Path file, ModelCodec<F> codec) {
    return read(Stored.read(file), codec);
  }

  /**
   * Returns what was read, if its tensors are those of the network it describes.
   *
   * @throws InputException if it is damaged or of another task
   */
  public static <F extends ModelFields> ModelFile<F> read(Stored stored, ModelCodec<F> codec) {
    Safetensors.Content content = stored.content;
    ModelReader reader = reader(stored, codec.task());
    try {
      F fields = codec.fields().apply(reader);
      if (!fields.task().equals(codec.task())) {
        throw new JsonException("its network is not one of its task");
      }
      float[] parameters = content.arrange(fields.layout().slices());
      checkFinite(fields, parameters);
      return new ModelFile<>(fields, parameters, reader.provenance())
          .withPrecision(content.precision());
    } catch (JsonException e) {
      throw InputException.in(
          stored.name,
          "its description is not valid: " + e.getMessage(),
          "Copy the file again, or train it again.");
    } catch (InputException e) {
      throw InputException.in(stored.name, e.problem(), e.fix());
    }
  }

  /** A network with other numbers answers nonsense: training diverged, or a stranger wrote it. */
  private static void checkFinite(ModelFields fields, float[] parameters) {
    for (Slice slice : fields.layout().slices()) {
      if (!Reductions.areFinite(parameters, slice.offset(), slice.size())) {
        throw new InputException(
            "the tensor " + slice.name() + " has a value that is not a finite number",
            "Train it again, with a lower learning rate if it was yours.");
      }
    }
  }

  private static ModelReader reader(Stored stored, String task) {
    try {
      ModelReader reader = stored.reader();
      long format = reader.model().whole("format", 1, Long.MAX_VALUE);
      if (format != FORMAT) {
        throw InputException.in(
            stored.name,
            "is of format " + format + ", this program reads " + FORMAT,
            "Use a newer version of Unroll.");
      }
      String found = reader.model().text("task");
      if (!found.equals(task)) {
        throw InputException.in(
            stored.name,
            "is a model of the task " + found + ", not of " + task,
            "Use it for that task, or name another model.");
      }
      return reader;
    } catch (JsonException e) {
      throw InputException.in(
          stored.name,
          "is not a model of Unroll: " + e.getMessage(),
          "Name a file that train has written.");
    }
  }

  /**
   * Returns the task of a model file; an empty text where it does not say.
   *
   * @throws InputException if it is missing or no {@code .safetensors} file; whether it is whole is
   *     found when it is opened
   */
  public static String task(Path file) {
    String model = Safetensors.metadata(Objects.requireNonNull(file, "file")).get(MODEL);
    try {
      return model == null ? "" : Json.parse(model).text("task");
    } catch (JsonException e) {
      return "";
    }
  }
}
