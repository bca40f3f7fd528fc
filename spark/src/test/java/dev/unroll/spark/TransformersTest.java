package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.Unroll;
import dev.unroll.base.InputException;
import dev.unroll.data.Pair;
import dev.unroll.model.Classifier;
import dev.unroll.model.Forecaster;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Recognizer;
import dev.unroll.model.Regressor;
import dev.unroll.model.Tagger;
import dev.unroll.model.Transducer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each transformer beside its model on one machine. */
class TransformersTest {

  private static final List<String> TEXTS = texts();
  private static LanguageModel scorer;
  private static Classifier classifier;

  @TempDir Path folder;

  /** Of one to several hundred words, in any order of lengths; one empty, one missing. */
  private static List<String> texts() {
    var random = new Random(3);
    var texts = new ArrayList<String>();
    for (int i = 0; i < 60; i++) {
      int words = i % 20 == 7 ? 300 : 1 + random.nextInt(12);
      texts.add(
          String.join(
              " ", IntStream.range(0, words).mapToObj(w -> "w" + random.nextInt(9)).toList()));
    }
    texts.set(11, "");
    texts.set(23, null);
    return texts;
  }

  private static List<String> present() {
    return TEXTS.stream().filter(text -> text != null).toList();
  }

  @BeforeAll
  static void train() {
    scorer =
        Unroll.languageModel()
            .words()
            .sentences()
            .lines(present().subList(0, 20))
            .lstm(6)
            .epochs(1)
            .train();
    classifier =
        Unroll.classifier()
            .data(
                present().subList(0, 30).stream().filter(text -> !text.isBlank()),
                text -> text,
                text -> "c" + Math.floorMod(text.hashCode(), 3))
            .gru(5)
            .epochs(1)
            .train();
  }

  /** In any partitioning and with any look-ahead, answers are the same, and rows in their order. */
  private static void assertAnswers(
      ModelTransformer<?> transformer,
      DataType type,
      List<?> values,
      Function<Row, Object> answer,
      List<?> expected) {
    for (int[] how : new int[][] {{1, 1024}, {2, 16}, {7, 1}}) {
      transformer.setLookAhead(how[1]);
      String column = transformer.getOrDefault(transformer.inputCol());
      Dataset<Row> rows = Local.rows(column, type, values, how[0]);
      var numbers = rows.collectAsList().stream().map(row -> row.getInt(0)).toList();
      var found = transformer.transform(rows).collectAsList();
      assertThat(found).extracting(row -> row.getInt(0)).isEqualTo(numbers);
      Object[] answers = new Object[values.size()];
      for (Row row : found) {
        answers[row.getInt(0)] = row.isNullAt(2) ? null : answer.apply(row);
      }
      assertThat(Arrays.asList(answers)).isEqualTo(expected);
    }
  }

  private static List<Object> ofPresent(Function<String, Object> answer) {
    var all = new ArrayList<Object>();
    TEXTS.forEach(text -> all.add(text == null ? null : answer.apply(text)));
    return all;
  }

  @Test
  void scoresHaveTheSameBits() {
    assertAnswers(
        new UnrollScore().setModel(scorer),
        DataTypes.StringType,
        TEXTS,
        row -> List.of(row.getDouble(2), row.getInt(3), row.getDouble(4)),
        ofPresent(
            text -> {
              var score = scorer.score(text);
              return List.of(score.total(), score.ids().size(), score.perplexity());
            }));
  }

  @Test
  void classesHaveTheSameBits() {
    var transformer = new UnrollClassify().setModel(classifier);
    assertThat(transformer.labels()).isEqualTo(classifier.labels());
    assertAnswers(
        transformer,
        DataTypes.StringType,
        TEXTS,
        row ->
            List.of(
                row.getString(2), row.getList(3), Arrays.toString(((Vector) row.get(4)).toArray())),
        ofPresent(
            text -> {
              var found = classifier.classify(text);
              double[] all = classifier.labels().stream().mapToDouble(found::probability).toArray();
              return List.of(found.label(), found.labels(), Arrays.toString(all));
            }));
  }

  @Test
  void numbersTargetsAndLabelsHaveTheSameBits() {
    var some =
        present().subList(0, 20).stream()
            .filter(text -> !text.isEmpty() && text.length() < 100)
            .toList();
    Regressor regressor =
        Unroll.regressor().data(some, text -> text, text -> text.length()).gru(4).epochs(1).train();
    assertAnswers(
        new UnrollRegress().setModel(regressor),
        DataTypes.StringType,
        some,
        row -> row.getDouble(2),
        some.stream().map(regressor::predict).toList());
    List<String> blanks = Arrays.asList("", null, some.getFirst(), " ");
    assertAnswers(
        new UnrollRegress().setModel(regressor),
        DataTypes.StringType,
        blanks,
        row -> row.getDouble(2),
        Arrays.asList(null, null, regressor.predict(some.getFirst()), null));
    var pairs = some.stream().map(text -> new Pair(text, text.substring(0, 2))).toList();
    Transducer transducer =
        Unroll.transducer().pairs(pairs, Pair::source, Pair::target).lstm(5).epochs(1).train();
    assertAnswers(
        new UnrollTransduce().setModel(transducer),
        DataTypes.StringType,
        some,
        row -> List.of(row.getString(2), row.getDouble(3)),
        some.stream()
            .map(text -> transducer.transduce(text).outputs().getFirst())
            .map(best -> List.of(best.text(), best.logProbability()))
            .toList());
    assertAnswers(
        new UnrollTransduce().setModel(transducer),
        DataTypes.StringType,
        blanks,
        row -> row.getString(2),
        blanks.stream()
            .map(text -> text == null ? null : transducer.transduce(text).text())
            .toList());
    Recognizer recognizer =
        Unroll.recognizer().pairs(pairs, Pair::source, Pair::target).lstm(5).epochs(1).train();
    assertAnswers(
        new UnrollRecognize().setModel(recognizer),
        DataTypes.StringType,
        some,
        row -> List.of(row.getString(2), row.getDouble(3)),
        some.stream()
            .map(text -> recognizer.recognize(text).outputs().getFirst())
            .map(best -> List.of(best.text(), best.score()))
            .toList());
    assertAnswers(
        new UnrollRecognize().setModel(recognizer),
        DataTypes.StringType,
        blanks,
        row -> row.getString(2),
        blanks.stream()
            .map(text -> text == null ? null : recognizer.recognize(text).text())
            .toList());
  }

  @Test
  void tagsAndForecastsHaveTheSameBits() {
    DataType words = DataTypes.createArrayType(DataTypes.StringType);
    var sentences =
        present().stream()
            .filter(text -> !text.isEmpty())
            .limit(20)
            .map(text -> List.of(text.split(" ")))
            .toList();
    Tagger tagger =
        Unroll.tagger()
            .data(
                sentences,
                each -> each,
                each -> each.stream().map(word -> "t" + word.hashCode() % 2).toList())
            .lstm(4)
            .epochs(1)
            .train();
    assertAnswers(
        new UnrollTag().setModel(tagger),
        words,
        sentences,
        row -> row.getList(2),
        sentences.stream().map(each -> tagger.tag(each).tags()).toList());
    assertAnswers(
        new UnrollTag().setModel(tagger),
        words,
        Arrays.asList(List.of(), null, sentences.getFirst()),
        row -> row.getList(2),
        Arrays.asList(List.of(), null, tagger.tag(sentences.getFirst()).tags()));
    double[] numbers = IntStream.range(0, 60).mapToDouble(t -> t % 7 + 0.1 * t).toArray();
    Forecaster forecaster =
        Unroll.forecaster()
            .values(numbers)
            .context(6)
            .horizon(3)
            .interval(0.8)
            .lstm(4)
            .epochs(1)
            .train();
    var series =
        IntStream.range(0, 12)
            .mapToObj(i -> Arrays.stream(numbers, i, i + 8 + i).boxed().toList())
            .toList();
    var transformer = new UnrollForecast().setModel(forecaster);
    assertThat(transformer.levels()).isEqualTo(forecaster.usualLevels()).isNotEmpty();
    assertAnswers(
        transformer,
        DataTypes.createArrayType(DataTypes.DoubleType),
        series,
        row ->
            row.getList(2) + " " + row.getList(3).stream().map(each -> Values.list(each)).toList(),
        series.stream()
            .map(forecaster::forecast)
            .map(
                found ->
                    found.points()
                        + " "
                        + found.rows().stream()
                            .map(
                                row ->
                                    List.copyOf(
                                        row.values()
                                            .values()
                                            .iterator()
                                            .next()
                                            .quantiles()
                                            .values()))
                            .toList())
            .toList());
  }

  @Test
  void pipelinesKeepTheirModels() throws Exception {
    var pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new UnrollClassify()
                      .setModel(classifier)
                      .setLabelsCol("")
                      .setPredictionCol("kind"),
                  new UnrollScore().setModel(scorer).setTokensCol("").setPerplexityCol("")
                });
    Dataset<Row> rows = Local.rows("text", DataTypes.StringType, TEXTS, 2);
    PipelineModel made = pipeline.fit(rows);
    String place = folder.resolve("pipeline").toString();
    made.write().save(place);
    Dataset<Row> answers = PipelineModel.load(place).transform(rows);
    assertThat(answers.columns())
        .containsExactly("number", "text", "kind", "probability", "logProbability");
    assertThat(answers.collectAsList()).isEqualTo(made.transform(rows).collectAsList());
    String alone = folder.resolve("alone").toString();
    new UnrollScore().setModel(scorer).save(alone);
    assertThat(UnrollScore.load(alone).transform(rows).collectAsList())
        .isEqualTo(new UnrollScore().setModel(scorer).transform(rows).collectAsList());
    assertThat(
            Classifier.open(
                    Path.of(place, "stages")
                        .toFile()
                        .listFiles((dir, name) -> name.startsWith("0_"))[0]
                        .toPath()
                        .resolve("model.safetensors"))
                .labels())
        .isEqualTo(classifier.labels());
  }

  @Test
  void columnsThatDoNotFitAreRefused() {
    var transformer = new UnrollScore().setModel(scorer);
    var rows = Local.rows("text", DataTypes.StringType, TEXTS, 1);
    assertThatThrownBy(
            () ->
                transformer.copy(transformer.extractParamMap()).setInputCol("body").transform(rows))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no column body among [number, text]");
    assertThatThrownBy(
            () -> new UnrollScore().setModel(scorer).setInputCol("number").transform(rows))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("column number is of type int");
    assertThatThrownBy(
            () -> new UnrollScore().setModel(scorer).setTokensCol("text").transform(rows))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("there is a column text already");
    assertThatThrownBy(
            () ->
                new UnrollScore()
                    .setModel(scorer)
                    .transform(rows.withColumn("TOKENS", functions.lit(1))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("there is a column tokens already");
    var nested = rows.selectExpr("struct(text) AS ticket");
    assertThatThrownBy(
            () -> new UnrollScore().setModel(scorer).setInputCol("ticket.text").transform(nested))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("no column ticket.text", "(\"text\", col(\"ticket.text\"))");
    var dotted = rows.withColumnRenamed("text", "ticket.text");
    assertThat(
            new UnrollScore()
                .setModel(scorer)
                .setInputCol("ticket.text")
                .transform(dotted)
                .filter("tokens IS NOT NULL")
                .count())
        .isEqualTo(present().size());
    assertThatThrownBy(() -> transformer.set(transformer.lookAhead(), 0))
        .hasMessageContainingAll("lookAhead", "invalid value 0");
    assertThatThrownBy(() -> new UnrollScore().transform(rows))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has no model");
    assertThatThrownBy(() -> new UnrollScore().setModel(classifier))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("model of the task classify");
    assertThatThrownBy(() -> new UnrollScore().setModelFile(folder.resolve("none").toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot be read");
  }

  /** Names of files on this machine are no addresses, whose characters are escaped. */
  @Test
  void aModelIsReadWhateverItsFileIsCalled() {
    for (String name : List.of("a model.safetensors", "100%.safetensors", "%41.safetensors")) {
      scorer.save(folder.resolve(name));
      var read = SharedModel.read(folder.resolve(name), Local.session());
      assertThat(read.open(LanguageModel.class).fingerprint()).isEqualTo(scorer.fingerprint());
      new UnrollScore().setModelFile(folder.resolve(name).toString());
    }
    assertThatThrownBy(() -> new UnrollScore().setModelFile(""))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void aModelIsOpenedOncePerJvm() {
    var bytes = SharedModel.of(scorer).bytes();
    var one = new SharedModel("one", bytes.clone()).open(LanguageModel.class);
    assertThat(new SharedModel("other", bytes.clone()).open(LanguageModel.class)).isSameAs(one);
  }

  @Test
  void functionsOfSqlAnswerAsTheTransformersDo() {
    scorer.save(folder.resolve("lm.safetensors"));
    classifier.save(folder.resolve("queues.safetensors"));
    var session = Local.session();
    UnrollFunctions.register(
        session,
        Map.of(
            "english", folder.resolve("lm.safetensors").toString(),
            "queues", folder.resolve("queues.safetensors").toString()));
    Local.rows("text", DataTypes.StringType, TEXTS, 3).createOrReplaceTempView("texts");
    var rows =
        session
            .sql(
                "SELECT unroll_score('english', text), unroll_classify('queues', text) FROM texts ORDER BY number")
            .collectAsList();
    for (int i = 0; i < TEXTS.size(); i++) {
      String text = TEXTS.get(i);
      assertThat(rows.get(i).get(0)).isEqualTo(text == null ? null : scorer.score(text).total());
      assertThat(rows.get(i).get(1))
          .isEqualTo(text == null ? null : classifier.classify(text).label());
    }
    assertThatThrownBy(
            () -> session.sql("SELECT unroll_score('none', text) FROM texts").collectAsList())
        .hasStackTraceContaining("no model is called none among [english, queues]");
    assertThatThrownBy(
            () -> session.sql("SELECT unroll_score('queues', text) FROM texts").collectAsList())
        .hasStackTraceContaining("it is a model of the task classify");
  }

  private static void assertFails(String call, String... says) {
    assertThatThrownBy(() -> Local.session().sql("SELECT " + call).collectAsList())
        .satisfies(
            thrown -> {
              for (String text : says) {
                assertThat(thrown).hasStackTraceContaining(text);
              }
            });
  }

  /** Numbers in a query are decimals and integers; what does not fit is named. */
  @Test
  void functionsOfSqlTakeWhatQueriesHave() {
    double[] numbers = IntStream.range(0, 60).mapToDouble(t -> t % 7 + 0.1 * t).toArray();
    Forecaster forecaster =
        Unroll.forecaster().values(numbers).context(4).horizon(2).lstm(4).epochs(1).train();
    forecaster.save(folder.resolve("sales.safetensors"));
    scorer.save(folder.resolve("lm.safetensors"));
    UnrollFunctions.register(
        Local.session(),
        Map.of(
            "english", folder.resolve("lm.safetensors").toString(),
            "sales", folder.resolve("sales.safetensors").toString()));
    Row row =
        Local.session()
            .sql(
                "SELECT unroll_forecast('sales', array(1, 2.5, 3, 4.0)), unroll_score('english', NULL)")
            .first();
    assertThat(row.getList(0)).isEqualTo(forecaster.forecast(List.of(1.0, 2.5, 3.0, 4.0)).points());
    assertThat(row.isNullAt(1)).isTrue();
    assertFails("unroll_score('english', 5)", "second argument is Integer", "must be string");
    assertFails(
        "unroll_score('english', array('w0'))", "second argument is array", "must be string");
    assertFails("unroll_forecast('sales', array('a'))", "second argument is an array of String");
    assertFails("unroll_forecast('sales', 1.5)", "must be array<double>");
    assertFails("unroll_forecast('sales', array(1, NULL))", "element 2 of an array is null");
    assertFails("unroll_score(NULL, 'w0')", "no model is called null among [english, sales]");
    assertFails("unroll_score('w0')", "WRONG_NUM_ARGS");
  }
}
