package dev.unroll.spark;

import dev.unroll.base.InputException;
import dev.unroll.file.Fingerprint;
import dev.unroll.result.Model;
import dev.unroll.tasks.Tasks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * A model as the bytes of its file. They travel to each executor once, as a broadcast; there one
 * immutable model is opened of them, by their hash, which all tasks share as long as there is
 * memory for it.
 */
final class SharedModel implements Serializable {

  private static final long serialVersionUID = 1L;

  /** The models of this JVM, by the hashes of their files. */
  private static final Map<String, SoftReference<Model>> OPEN = new HashMap<>();

  private final String name;
  private final String hash;

  /** The bytes where the model was set; elsewhere they are in the broadcast. */
  private final transient byte[] bytes;

  private transient @Nullable SparkContext context;
  private @Nullable Broadcast<byte[]> sent;

  /**
   * Holds the bytes of a model's file.
   *
   * @param name what messages call it
   */
  SharedModel(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
    hash = HexFormat.of().formatHex(Fingerprint.sha256().digest(bytes));
  }

  /** Reads the file of a model, on any file system that Hadoop supports. */
  static SharedModel read(String file, SparkSession session) {
    return read(file, () -> new Path(file), session);
  }

  /** Reads the file of a model on this machine, whatever characters its name has. */
  static SharedModel read(java.nio.file.Path file, SparkSession session) {
    return read(file.toString(), () -> new Path(file.toUri()), session);
  }

  private static SharedModel read(String file, Supplier<Path> found, SparkSession session) {
    try {
      Path path = found.get();
      try (InputStream in = path.getFileSystem(session.sessionState().newHadoopConf()).open(path)) {
        return new SharedModel(file, in.readAllBytes());
      }
    } catch (IOException | IllegalArgumentException e) { // the latter of unknown hosts, too
      throw InputException.in(
          file,
          "the model cannot be read: " + e.getMessage(),
          "Name a model file that the driver reaches.");
    }
  }

  /** Holds a model that is open already. */
  static SharedModel of(Model model) {
    var out = new ByteArrayOutputStream();
    model.save(out);
    return new SharedModel("the model", out.toByteArray());
  }

  /** Returns the bytes of the file. */
  byte[] bytes() {
    return bytes;
  }

  /** Returns this model with its bytes sent to the executors of a session: once for all jobs. */
  synchronized SharedModel sentBy(SparkSession by) {
    if (sent == null || !by.sparkContext().equals(context)) {
      sent = JavaSparkContext.fromSparkContext(by.sparkContext()).broadcast(bytes);
      context = by.sparkContext();
    }
    return this;
  }

  /**
   * Returns the model, which all threads of the JVM share.
   *
   * @throws InputException if it is damaged, or of another task
   */
  <M extends Model> M open(Class<M> kind) {
    Model model = shared();
    if (!kind.isInstance(model)) {
      throw InputException.in(
          name,
          String.format(
              Locale.ROOT,
              "it is a model of the task %s, and a %s is needed",
              model.task().name(),
              kind.getSimpleName()),
          "Use the transformer or the function of its task.");
    }
    return kind.cast(model);
  }

  private Model shared() {
    synchronized (OPEN) { // whoever comes while it is opened waits for the same one
      SoftReference<Model> held = OPEN.get(hash);
      Model model = held == null ? null : held.get();
      if (model == null) {
        Broadcast<byte[]> broadcast = sent;
        byte[] own = bytes != null || broadcast == null ? bytes : broadcast.value();
        model = Tasks.open(new ByteArrayInputStream(Objects.requireNonNull(own, "not sent")));
        OPEN.put(hash, new SoftReference<>(model));
      }
      return model;
    }
  }
}
