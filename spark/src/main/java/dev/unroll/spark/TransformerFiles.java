package dev.unroll.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import scala.Option;

/** A transformer in a folder: the parameters as all stages of Spark ML keep them, and the model. */
final class TransformerFiles {

  /** The model in the folder, as the command line and every program can open it. */
  private static final String MODEL = "model.safetensors";

  private TransformerFiles() {}

  /** Writes a transformer. */
  static final class Writer extends MLWriter {

    private final ModelStage<?> transformer;

    Writer(ModelStage<?> transformer) {
      this.transformer = transformer;
    }

    @Override
    public void saveImpl(String folder) {
      byte[] bytes = transformer.shared().bytes();
      DefaultParamsWriter$.MODULE$.saveMetadata(transformer, folder, sparkSession());
      var file = new Path(folder, MODEL);
      var files = sparkSession().sessionState().newHadoopConf();
      try (var out = file.getFileSystem(files).create(file, true)) {
        out.write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Reads transformers of one class. */
  static final class Reader<T extends ModelStage<T>> extends MLReader<T> {

    private final Class<T> kind;
    private final Function<String, T> create;

    Reader(Class<T> kind, Function<String, T> create) {
      this.kind = kind;
      this.create = create;
    }

    @Override
    public T load(String folder) {
      DefaultParamsReader.Metadata metadata =
          DefaultParamsReader$.MODULE$.loadMetadata(folder, sparkSession(), kind.getName());
      T transformer = create.apply(metadata.uid());
      metadata.getAndSetParams(transformer, Option.empty());
      String file = new Path(folder, MODEL).toString();
      return transformer.withModel(SharedModel.read(file, sparkSession()));
    }
  }
}
