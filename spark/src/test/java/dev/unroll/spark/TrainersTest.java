package dev.unroll.spark;

import static dev.unroll.spark.SmallTrainings.TEXTS;
import static dev.unroll.spark.SmallTrainings.command;
import static dev.unroll.spark.SmallTrainings.label;
import static dev.unroll.spark.SmallTrainings.labeled;
import static dev.unroll.spark.SmallTrainings.parameters;
import static dev.unroll.spark.SmallTrainings.small;
import static dev.unroll.spark.SmallTrainings.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.Unroll;
import dev.unroll.base.InputException;
import dev.unroll.model.Classifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The estimators train what the commands train, of rows of any source. */
class TrainersTest {

  @TempDir Path folder;

  private Path file(String name, String content) throws Exception {
    return Files.writeString(folder.resolve(name), content);
  }

  @Test
  void aClassifierIsThatOfTheLibrary() {
    var texts = texts();
    var local =
        Unroll.classifier()
            .data(texts, text -> text, SmallTrainings::label)
            .lstm(4)
            .epochs(2)
            .batch(12)
            .shards(3)
            .train();
    var trainer = small(new UnrollClassifyTrainer());
    for (int partitions : new int[] {1, 5}) {
      var rows = labeled(partitions);
      var stages = new PipelineStage[] {trainer};
      var model = (UnrollClassify) new Pipeline().setStages(stages).fit(rows).stages()[0];
      assertThat(parameters(model)).isEqualTo(local.parameters());
      assertThat(model.shared().open(Classifier.class).labels()).isEqualTo(local.labels());
      assertThat(model.transform(rows).select("prediction").collectAsList()).hasSize(texts.size());
    }
  }

  @Test
  void aLanguageModelIsThatOfTheCommand() throws Exception {
    Path data = file("data.txt", String.join("\n", texts()) + "\n");
    var rows = labeled(4);
    var model = small(new UnrollScoreTrainer()).setParam("unit", "words").fit(rows);
    assertThat(parameters(model)).isEqualTo(command(data, "lm", "--unit=words"));
    var trainer = small(new UnrollScoreTrainer()).setParam("unit", "words");
    assertThat(parameters(trainer.copy(ParamMap.empty()).setParam("localSteps", 2).fit(rows)))
        .isEqualTo(command(data, "lm", "--unit=words", "--local-steps=2"));
    assertThat(parameters(trainer.setParam("gradientPrecision", "bfloat16").fit(rows)))
        .isEqualTo(command(data, "lm", "--unit=words", "--gradient-precision=bfloat16"));
    assertThat(model.transform(rows).select("perplexity").collectAsList()).hasSize(40);
  }

  /** A line break in a row ends no text, unless lines are joined into paragraphs. */
  @Test
  void aRowWithLineBreaksIsOneText() throws Exception {
    var rows =
        labeled(3)
            .withColumn(
                "text",
                functions.expr(
                    "concat(replace(text, ' ', if(number % 2 = 0, '\\n', '\\r\\n')), '\\n')"));
    Path data = file("data.txt", String.join("\n", texts()) + "\n");
    for (String unit : List.of("words", "characters")) {
      assertThat(parameters(small(new UnrollScoreTrainer()).setParam("unit", unit).fit(rows)))
          .isEqualTo(command(data, "lm", "--unit=" + unit));
    }
    Path wrapped = file("wrapped.txt", String.join("\n\n", texts()).replace(" ", "\n") + "\n\n");
    var trainer = small(new UnrollScoreTrainer()).setParam("unit", "words");
    assertThat(parameters(trainer.setParam("reading", "paragraphs").fit(rows)))
        .isEqualTo(command(wrapped, "lm", "--unit=words", "--reading=paragraphs"));
  }

  @Test
  void aTransducerIsThatOfTheCommand() throws Exception {
    var pairs = new StringBuilder();
    texts().subList(5, 40).forEach(text -> pairs.append(text + "\t" + label(text) + "\n"));
    Path data = file("pairs.tsv", pairs.toString());
    var rows = labeled(4).filter("number >= 5");
    var trainer = small(new UnrollTransduceTrainer()).setParam("targetCol", "label");
    var model = trainer.fit(rows);
    assertThat(parameters(model)).isEqualTo(command(data, "transduce"));
    assertThat(model.transform(rows).select("prediction").collectAsList()).hasSize(35);
  }

  @Test
  void aRecognizerIsThatOfTheCommand() throws Exception {
    var pairs = new StringBuilder();
    texts().subList(5, 40).forEach(text -> pairs.append(text + "\t" + label(text) + "\n"));
    Path data = file("pairs.tsv", pairs.toString());
    var rows = labeled(4).filter("number >= 5");
    var model = small(new UnrollRecognizeTrainer()).setParam("targetCol", "label").fit(rows);
    assertThat(parameters(model)).isEqualTo(command(data, "recognize"));
    assertThat(model.transform(rows).select("prediction").collectAsList()).hasSize(35);
  }

  @Test
  void aTaggerIsThatOfTheCommand() throws Exception {
    var conll = new StringBuilder();
    for (String text : texts()) {
      for (String word : text.split("\\s")) {
        conll.append(word + "\tT" + word.length() + "\n");
      }
      conll.append("\n");
    }
    Path data = file("tags.conll", conll.toString());
    var rows =
        labeled(3)
            .selectExpr("number", "split(text, '\\\\s') AS words")
            .selectExpr(
                "number", "words", "transform(words, w -> concat('T', length(w))) AS labels");
    var model = small(new UnrollTagTrainer()).fit(rows);
    assertThat(parameters(model)).isEqualTo(command(data, "tag"));
    assertThat(model.transform(rows).select("tags").collectAsList()).hasSize(40);
  }

  /** A long table, whose rows come in any order. */
  private static Dataset<Row> sales() {
    var schema =
        new StructType()
            .add("shop.name", DataTypes.StringType)
            .add("day", DataTypes.DateType)
            .add("sales", DataTypes.DoubleType)
            .add("price", DataTypes.FloatType);
    var random = new Random(3);
    var rows = new ArrayList<Row>();
    for (String shop : List.of("north", "south")) {
      for (int day = 0; day < 80; day++) {
        var date = java.time.LocalDate.of(2026, 1, 1).plusDays(day);
        rows.add(
            RowFactory.create(
                shop,
                java.sql.Date.valueOf(date),
                Math.sin(day * 0.9) + random.nextDouble(),
                1 + random.nextInt(5) / 4f));
      }
    }
    Collections.shuffle(rows, random);
    return Local.session().createDataFrame(rows, schema);
  }

  @Test
  void aForecasterIsThatOfTheCommand() throws Exception {
    var table = new StringBuilder("shop.name,day,sales\n");
    var rows = sales();
    for (Row row : rows.orderBy("`shop.name`", "day").collectAsList()) {
      table.append(
          String.format(Locale.ROOT, "%s,%s,%s%n", row.get(0), row.get(1), row.getDouble(2)));
    }
    Path data = file("sales.csv", table.toString());
    var trainer =
        small(new UnrollForecastTrainer())
            .setParam("orderCol", "")
            .setParam("seriesCol", "shop.name")
            .setParam("timeCol", "day")
            .setParam("targetCol", "sales")
            .setParam("context", 8)
            .setParam("horizon", 3);
    var model = trainer.fit(rows.repartition(4));
    assertThat(parameters(model))
        .isEqualTo(
            command(
                data,
                "forecast",
                "--series=shop.name",
                "--time=day",
                "--target=sales",
                "--calendar=none",
                "--context=8",
                "--horizon=3"));
    var past = rows.groupBy("`shop.name`").agg(functions.expr("collect_list(sales) AS values"));
    assertThat(model.transform(past).select("forecast").first().getList(0)).hasSize(3);
    var priced = trainer.setParam("knownCols", "price").fit(rows);
    assertThat(parameters(priced)).isNotEqualTo(parameters(model));
    assertThatThrownBy(() -> priced.transform(past))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the model reads the columns [sales, price]");
  }

  @Test
  void everySourceGivesTheSameModel() throws Exception {
    var trainer = small(new UnrollClassifyTrainer());
    var rows = labeled(3);
    float[] expected = parameters(trainer.fit(rows));
    var session = Local.session();
    String place = folder.resolve("source").toUri().toString();
    rows.write().option("header", true).option("escape", "\"").csv(place + "csv");
    rows.write().json(place + "json");
    rows.write().parquet(place + "parquet");
    var read =
        List.of(
            session
                .read()
                .schema(TEXTS)
                .option("header", true)
                .option("escape", "\"")
                .csv(place + "csv"),
            session.read().schema(TEXTS).json(place + "json"),
            session.read().parquet(place + "parquet"));
    for (Dataset<Row> source : read) {
      assertThat(parameters(trainer.fit(source))).isEqualTo(expected);
    }
    var lines = session.createDataset(texts(), org.apache.spark.sql.Encoders.STRING());
    lines.coalesce(1).write().text(place + "text");
    var text = session.read().text(place + "text");
    var lm = small(new UnrollScoreTrainer()).setParam("inputCol", "value").setParam("orderCol", "");
    assertThat(parameters(lm.fit(text)))
        .isEqualTo(parameters(small(new UnrollScoreTrainer()).fit(rows)));
  }

  /** Rows are in no encoding, whatever a model was trained on before. */
  @Test
  void aModelOfAnotherEncodingIsTrainedFurther() throws Exception {
    Path data = folder.resolve("latin.txt");
    Files.write(data, String.join("\n", texts()).getBytes(StandardCharsets.ISO_8859_1));
    command(data, "lm", "--unit=words", "--encoding=ISO-8859-1");
    Path parent = Files.move(folder.resolve("local.safetensors"), folder.resolve("parent"));
    var further = small(new UnrollScoreTrainer()).setParam("fromModel", parent.toString());
    Path rows = file("data.txt", String.join("\n", texts()) + "\n");
    assertThat(parameters(further.fit(labeled(2))))
        .isEqualTo(command(rows, "lm", "--from=" + parent, "--encoding=UTF-8"));
  }

  /** A column may say which rows choose the best model. */
  @Test
  void rowsMayChooseTheBestModel() throws Exception {
    var rows = labeled(3).withColumn("chooses", functions.expr("number % 4 = 0"));
    var trainer = small(new UnrollScoreTrainer()).setParam("validationIndicatorCol", "chooses");
    var learned = new ArrayList<String>();
    var chooses = new ArrayList<String>();
    var texts = texts();
    for (int i = 0; i < texts.size(); i++) {
      (i % 4 == 0 ? chooses : learned).add(texts.get(i));
    }
    Path data = file("data.txt", String.join("\n", learned) + "\n");
    Path valid = file("valid.txt", String.join("\n", chooses) + "\n");
    assertThat(parameters(trainer.fit(rows))).isEqualTo(command(data, "lm", "--valid=" + valid));
  }
}
