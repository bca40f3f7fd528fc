package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.Unroll;
import dev.unroll.base.InputException;
import dev.unroll.cli.Main;
import dev.unroll.model.Classifier;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.util.MLWritable;
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

  private static final StructType TEXTS =
      new StructType()
          .add("number", DataTypes.IntegerType)
          .add("text", DataTypes.StringType)
          .add("label", DataTypes.StringType);

  @TempDir Path folder;

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

  private Path file(String name, String content) throws Exception {
    return Files.writeString(folder.resolve(name), content);
  }

  @Test
  void aClassifierIsThatOfTheLibrary() {
    var texts = texts();
    var local =
        Unroll.classifier()
            .data(texts, text -> text, TrainersTest::label)
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
      assertThat(parameters(model)).containsExactly(local.parameters());
      assertThat(model.shared().open(Classifier.class).labels()).isEqualTo(local.labels());
      assertThat(model.transform(rows).select("prediction").collectAsList()).hasSize(texts.size());
    }
  }

  @Test
  void aLanguageModelIsThatOfTheCommand() throws Exception {
    Path data = file("data.txt", String.join("\n", texts()) + "\n");
    var rows = labeled(4);
    var model = small(new UnrollScoreTrainer()).setParam("unit", "words").fit(rows);
    assertThat(parameters(model)).containsExactly(command(data, "lm", "--unit=words"));
    var trainer = small(new UnrollScoreTrainer()).setParam("unit", "words");
    assertThat(parameters(trainer.copy(ParamMap.empty()).setParam("localSteps", 2).fit(rows)))
        .containsExactly(command(data, "lm", "--unit=words", "--local-steps=2"));
    assertThat(parameters(trainer.setParam("gradientPrecision", "bfloat16").fit(rows)))
        .containsExactly(command(data, "lm", "--unit=words", "--gradient-precision=bfloat16"));
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
          .containsExactly(command(data, "lm", "--unit=" + unit));
    }
    Path wrapped = file("wrapped.txt", String.join("\n\n", texts()).replace(" ", "\n") + "\n\n");
    var trainer = small(new UnrollScoreTrainer()).setParam("unit", "words");
    assertThat(parameters(trainer.setParam("reading", "paragraphs").fit(rows)))
        .containsExactly(command(wrapped, "lm", "--unit=words", "--reading=paragraphs"));
  }

  @Test
  void aTransducerIsThatOfTheCommand() throws Exception {
    var pairs = new StringBuilder();
    texts().subList(5, 40).forEach(text -> pairs.append(text + "\t" + label(text) + "\n"));
    Path data = file("pairs.tsv", pairs.toString());
    var rows = labeled(4).filter("number >= 5");
    var trainer = small(new UnrollTransduceTrainer()).setParam("targetCol", "label");
    var model = trainer.fit(rows);
    assertThat(parameters(model)).containsExactly(command(data, "transduce"));
    assertThat(model.transform(rows).select("prediction").collectAsList()).hasSize(35);
  }

  @Test
  void aRecognizerIsThatOfTheCommand() throws Exception {
    var pairs = new StringBuilder();
    texts().subList(5, 40).forEach(text -> pairs.append(text + "\t" + label(text) + "\n"));
    Path data = file("pairs.tsv", pairs.toString());
    var rows = labeled(4).filter("number >= 5");
    var model = small(new UnrollRecognizeTrainer()).setParam("targetCol", "label").fit(rows);
    assertThat(parameters(model)).containsExactly(command(data, "recognize"));
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
    assertThat(parameters(model)).containsExactly(command(data, "tag"));
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
        .containsExactly(
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
      assertThat(parameters(trainer.fit(source))).containsExactly(expected);
    }
    var lines = session.createDataset(texts(), org.apache.spark.sql.Encoders.STRING());
    lines.coalesce(1).write().text(place + "text");
    var text = session.read().text(place + "text");
    var lm = small(new UnrollScoreTrainer()).setParam("inputCol", "value").setParam("orderCol", "");
    assertThat(parameters(lm.fit(text)))
        .containsExactly(parameters(small(new UnrollScoreTrainer()).fit(rows)));
  }

  /** An estimator that is copied or read again has the same values, and makes the same model. */
  @Test
  void estimatorsAreKeptAndCopied() throws Exception {
    List<ModelTrainer<?, ?>> all =
        List.of(
            small(new UnrollClassifyTrainer()),
            small(new UnrollScoreTrainer()),
            small(new UnrollTagTrainer()),
            small(new UnrollTransduceTrainer()),
            small(new UnrollRegressTrainer()),
            small(new UnrollRecognizeTrainer()),
            small(new UnrollForecastTrainer()));
    for (ModelTrainer<?, ?> trainer : all) {
      trainer.setParam("rate", 0.25).setParam("seed", 7).setParam("layerNorm", true);
      String place = folder.resolve(trainer.uid()).toUri().toString();
      ((MLWritable) trainer).save(place);
      var read =
          (ModelTrainer<?, ?>)
              trainer.getClass().getMethod("load", String.class).invoke(null, place);
      assertThat(read.uid()).isEqualTo(trainer.uid());
      var other = (ModelTrainer<?, ?>) trainer.copy(ParamMap.empty());
      for (Param<?> param : trainer.params()) {
        assertThat(read.get(read.param(param.name())).toString())
            .isEqualTo(trainer.get(param).toString())
            .isEqualTo(other.get(other.param(param.name())).toString());
      }
    }
    String place = folder.resolve("pipeline").toUri().toString();
    new Pipeline().setStages(all.subList(0, 1).toArray(PipelineStage[]::new)).save(place);
    var stage = (UnrollClassifyTrainer) Pipeline.load(place).getStages()[0];
    var trainer = small(new UnrollClassifyTrainer()).setParam("rate", 0.25).setParam("seed", 7);
    var rows = labeled(2);
    var model = stage.fit(rows);
    assertThat(parameters(model))
        .containsExactly(parameters(trainer.setParam("layerNorm", true).fit(rows)));
    String kept = folder.resolve("model").toUri().toString();
    model.write().save(kept);
  }

  /** The share of right answers. */
  private static final class Right extends Evaluator {

    private static final long serialVersionUID = 1L;

    @Override
    public String uid() {
      return "right";
    }

    @Override
    public double evaluate(Dataset<?> dataset) {
      return (double) dataset.filter("prediction = label").count() / dataset.count();
    }

    @Override
    public Evaluator copy(ParamMap extra) {
      return this;
    }
  }

  @Test
  @SuppressWarnings("unchecked")
  void aSearchVariesParameters() {
    var trainer = small(new UnrollClassifyTrainer()).setParam("validShare", 0.2);
    ParamMap[] grid =
        new ParamGridBuilder()
            .addGrid(
                (Param<Object>) trainer.param("epochs"),
                scala.collection.immutable.List.from(
                    scala.jdk.javaapi.CollectionConverters.asScala(List.<Object>of(1, 3))))
            .build();
    var rows = labeled(2);
    var crossed =
        new CrossValidator()
            .setEstimator(trainer)
            .setEvaluator(new Right())
            .setEstimatorParamMaps(grid)
            .setNumFolds(2)
            .fit(rows);
    assertThat(crossed.avgMetrics()).hasSize(2);
    var split =
        new TrainValidationSplit()
            .setEstimator(trainer)
            .setEvaluator(new Right())
            .setEstimatorParamMaps(grid)
            .setTrainRatio(0.7)
            .fit(rows);
    assertThat(split.bestModel()).isInstanceOf(UnrollClassify.class);
  }

  /** Rows that have such columns already keep them: those of the answer get other names. */
  @Test
  void columnsOfTheAnswerHaveTheNamesThatAreSet() {
    var rows = labeled(2).withColumn("tokens", functions.expr("split(text, ' ')"));
    var trainer = small(new UnrollScoreTrainer()).setParam("epochs", 1);
    assertRefused(trainer, rows, "there is a column tokens already", "tokensCol");
    var model = trainer.setParam("tokensCol", "").setParam("perplexityCol", "surprise").fit(rows);
    assertThat(model.transform(rows).columns())
        .containsExactly("number", "text", "label", "tokens", "logProbability", "surprise");
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
        .containsExactly(command(rows, "lm", "--from=" + parent, "--encoding=UTF-8"));
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
    assertThat(parameters(trainer.fit(rows)))
        .containsExactly(command(data, "lm", "--valid=" + valid));
  }

  @Test
  void whatDoesNotFitIsNamed() {
    var rows = labeled(1);
    var trainer = small(new UnrollClassifyTrainer());
    assertRefused(
        trainer.copy(ParamMap.empty()).setParam("labelCol", "kind"),
        rows,
        "no column kind among",
        "labelCol");
    assertRefused(
        trainer.copy(ParamMap.empty()).setParam("labelCol", "number"),
        rows,
        "column number is of type int",
        "must be string");
    assertRefused(
        trainer.copy(ParamMap.empty()).setParam("orderCol", "id"),
        rows,
        "no column id",
        "orderCol");
    assertRefused(
        trainer, rows.withColumn("label", functions.lit(null).cast("string")), "has no label");
    assertRefused(trainer.copy(ParamMap.empty()).setParam("shards", 1), rows, "one shard");
    assertThatThrownBy(() -> trainer.setParam("unit2", 3))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no parameter unit2")
        .hasMessageContaining("units");
    var number = trainer.copy(ParamMap.empty()).setParam("units", List.of(4, 5));
    assertThat(number.value("units")).isEqualTo("4,5");
    assertThat(number.setParam("units", new int[] {6, 7}).value("units")).isEqualTo("6,7");
    assertThat(number.setParam("rate", 1).value("rate")).isEqualTo(1.0);
    for (var wrong :
        Map.<String, Object>of("epochs", "10", "batch", 1.5, "rate", "0.1").entrySet()) {
      assertThatThrownBy(() -> trainer.setParam(wrong.getKey(), wrong.getValue()))
          .isInstanceOf(InputException.class)
          .hasMessageContainingAll(wrong.getKey() + " is ", "It must be a ", "number");
    }
    assertThatThrownBy(() -> trainer.setParam("layerNorm", 1))
        .hasMessageContaining("true or false");
    assertThatThrownBy(() -> trainer.setParam("encoding", "windows-1252"))
        .hasMessageContaining("no parameter encoding");
    assertRefused(
        trainer.copy(ParamMap.empty()).setParam("checkpointEvery", 5),
        rows,
        "checkpointEvery does nothing without checkpoints");
    assertThatThrownBy(() -> trainer.fit(rows.withColumn("text", functions.lit(""))))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("rows.csv");
    var tagged = rows.selectExpr("number", "array(text) AS words", "array('a', 'b') AS labels");
    assertRefused(small(new UnrollTagTrainer()), tagged, "1 in words, but 2 in labels");
    var wordless = rows.selectExpr("number", "filter(array(text), w -> false) AS words");
    assertRefused(
        small(new UnrollTagTrainer()),
        wordless.withColumn("labels", functions.col("words")),
        "row 1 has no words");
    assertRefused(small(new UnrollForecastTrainer()), rows, "no column time among", "timeCol");
  }

  static void assertRefused(ModelTrainer<?, ?> trainer, Dataset<Row> rows, String... says) {
    assertThatThrownBy(() -> trainer.fit(rows))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(says);
  }
}
