package dev.unroll.spark;

import static dev.unroll.spark.SmallTrainings.assertRefused;
import static dev.unroll.spark.SmallTrainings.command;
import static dev.unroll.spark.SmallTrainings.label;
import static dev.unroll.spark.SmallTrainings.labeled;
import static dev.unroll.spark.SmallTrainings.parameters;
import static dev.unroll.spark.SmallTrainings.small;
import static dev.unroll.spark.SmallTrainings.texts;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The estimators of rows with weights and groups train what the commands train. */
class ExampleTrainersTest {

  @TempDir Path folder;

  /** Rows with numbers of all sizes, a weight and a group. */
  private static Dataset<Row> rated() {
    return labeled(3)
        .selectExpr(
            "number",
            "text",
            "label",
            "(number - 20D) * 1.7e-6 AS rating",
            "number % 3 AS counts",
            "concat('a', number % 7) AS author");
  }

  private Path ratedTable() throws Exception {
    var table = new StringBuilder("rating,counts,author,label,text\n");
    List<String> texts = texts();
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i).replace("\"", "\"\"");
      double rating = (i - 20.0) * 1.7e-6;
      table.append(rating + "," + i % 3 + ",a" + i % 7 + "," + label(text) + ",\"" + text + "\"\n");
    }
    return Files.writeString(folder.resolve("rated.csv"), table.toString());
  }

  @Test
  void aRegressorIsThatOfTheCommand() throws Exception {
    Path data = ratedTable();
    var trainer = small(new UnrollRegressTrainer()).setParam("labelCol", "rating");
    var model = trainer.fit(rated());
    assertThat(parameters(model))
        .isEqualTo(command(data, "regress", "--value=rating", "--text=text"));
    var predicted = model.transform(rated()).select("prediction").collectAsList();
    assertThat(predicted).hasSize(40).allMatch(row -> Double.isFinite(row.getDouble(0)));
    assertThat(
            parameters(
                trainer
                    .setParam("weightCol", "counts")
                    .setParam("groupCol", "author")
                    .fit(rated())))
        .isEqualTo(
            command(
                data,
                "regress",
                "--value=rating",
                "--text=text",
                "--weight-column=counts",
                "--group=author"))
        .isNotEqualTo(parameters(model));
    var cast = rated().withColumn("rating", functions.expr("CAST(rating AS STRING)"));
    assertRefused(trainer, cast, "column rating is of type string", "must be double");
  }

  @Test
  void rowsCountByTheirWeightsAndStayWithTheirGroups() throws Exception {
    String[] aside = {"--weight-column=counts", "--group=author"};
    var classify = small(new UnrollClassifyTrainer());
    float[] alike = parameters(classify.fit(rated()));
    classify.setParam("weightCol", "counts").setParam("groupCol", "author");
    assertThat(parameters(classify.fit(rated())))
        .isEqualTo(command(ratedTable(), "classify", aside))
        .isNotEqualTo(alike);
    var conll = new StringBuilder();
    List<String> texts = texts();
    for (int i = 0; i < texts.size(); i++) {
      conll.append("# counts = " + i % 3 + "\n# author = a" + i % 7 + "\n");
      for (String word : texts.get(i).split("\\s")) {
        conll.append("1\t" + word + "\tT" + word.length() + "\n");
      }
      conll.append("\n");
    }
    Path data = Files.writeString(folder.resolve("rated.conll"), conll.toString());
    var rows =
        rated()
            .selectExpr("*", "split(text, '\\\\s') AS words")
            .selectExpr(
                "number",
                "counts",
                "author",
                "words",
                "transform(words, w -> concat('T', length(w))) AS labels");
    var tag =
        small(new UnrollTagTrainer())
            .setParam("weightCol", "counts")
            .setParam("groupCol", "author");
    assertThat(parameters(tag.fit(rows)))
        .isEqualTo(command(data, "tag", "--words=2", "--tags=3", aside[0], aside[1]));
    assertRefused(
        tag,
        rows.withColumn("author", functions.expr("if(number = 4, NULL, author)")),
        "row 5 has no author");
  }
}
