package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.Unroll;
import dev.unroll.base.InputException;
import dev.unroll.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Few rows, small estimators for them, and the commands that train the same models. */
final class SmallTrainings {

  static final StructType TEXTS =
      new StructType()
          .add("number", DataTypes.IntegerType)
          .add("text", DataTypes.StringType)
          .add("label", DataTypes.StringType);

  private SmallTrainings() {}

  /** Ragged texts, with all that has a meaning in files. */
  static List<String> texts() {
    var random = new Random(5);
    var texts = new ArrayList<String>();
    for (int i = 0; i < 40; i++) {
      int words = 1 + random.nextInt(9);
      texts.add(
          String.join(
              " ", IntStream.range(0, words).mapToObj(w -> "w" + random.nextInt(7)).toList()));
    }
    texts.set(3, texts.get(3) + ", \"quoted\"");
    texts.set(4, "wé; x\ty # 'z'");
    return texts;
  }

  static String label(String text) {
    return "c" + text.charAt(1) % 3;
  }

  static Dataset<Row> labeled(int partitions) {
    var rows = new ArrayList<Row>();
    for (String text : texts()) {
      rows.add(RowFactory.create(rows.size(), text, label(text)));
    }
    return Local.session()
        .createDataFrame(rows, TEXTS)
        .repartition(partitions)
        .orderBy(functions.hash(functions.col("text")));
  }

  static <E extends ModelTrainer<E, ?>> E small(E trainer) {
    return trainer
        .setParam("units", 4)
        .setParam("epochs", 2)
        .setParam("batch", 12)
        .setParam("shards", 3)
        .setParam("orderCol", "number");
  }

  static float[] parameters(ModelTransformer<?> model) {
    return model.shared().open(model.answering().kind()).parameters();
  }

  /** What the command makes of a file, with the same options. */
  static float[] command(Path data, String task, String... options) {
    Path model = data.resolveSibling("local.safetensors");
    var said = new StringWriter();
    var out = new PrintWriter(said);
    String[] line =
        Stream.of(
                Stream.of(task, "train", data.toString(), "--out=" + model, "--shards=3"),
                Stream.of("--epochs=2", "--batch=12", "--units=4", "--force"),
                Stream.of(options))
            .flatMap(part -> part)
            .toArray(String[]::new);
    assertThat(Main.commandLine(out, out, line).execute(line)).as(said.toString()).isZero();
    return Unroll.open(model).parameters();
  }

  static void assertRefused(ModelTrainer<?, ?> trainer, Dataset<Row> rows, String... says) {
    assertThatThrownBy(() -> trainer.fit(rows))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(says);
  }
}
