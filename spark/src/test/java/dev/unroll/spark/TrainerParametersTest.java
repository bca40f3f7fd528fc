package dev.unroll.spark;

import static dev.unroll.spark.SmallTrainings.assertRefused;
import static dev.unroll.spark.SmallTrainings.labeled;
import static dev.unroll.spark.SmallTrainings.parameters;
import static dev.unroll.spark.SmallTrainings.small;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parameters of estimators: kept, copied, searched, and refused where they do not fit. */
class TrainerParametersTest {

  @TempDir Path folder;

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
        .isEqualTo(parameters(trainer.setParam("layerNorm", true).fit(rows)));
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
}
