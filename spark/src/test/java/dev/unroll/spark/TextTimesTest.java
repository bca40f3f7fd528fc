package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows are put in the order of texts only where that is the order of the times. */
class TextTimesTest {

  private static Dataset<Row> days(String form) {
    DateTimeFormatter written = DateTimeFormatter.ofPattern(form, Locale.ROOT);
    var rows = new ArrayList<Row>();
    for (int i = 0; i < 90; i++) {
      String day = LocalDate.of(2024, 1, 1).plusDays(i).format(written);
      rows.add(RowFactory.create(day, Math.sin(i * 0.3)));
    }
    var schema =
        new StructType().add("time", DataTypes.StringType).add("target", DataTypes.DoubleType);
    return Local.session().createDataFrame(rows, schema);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dd-MM-yyyy", "d.M.yyyy", "MMM d yyyy", "yyyy-M-d"})
  void otherTextsNeedAColumnThatOrdersThem(String form) {
    for (boolean named : new boolean[] {true, false}) {
      var trainer = new UnrollForecastTrainer();
      if (named) {
        trainer.setParam("timeFormat", form);
      }
      Dataset<Row> rows = days(form);
      assertThatThrownBy(() -> trainer.ordered(rows))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("column time has texts such as")
          .hasMessageContaining("orderCol");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"yyyy-MM-dd", "yyyyMMdd", "yyyy/MM/dd"})
  void textsFromYearsOnAreInTheOrderOfTheirTimes(String form) {
    Dataset<Row> rows = days(form);
    List<String> expected = rows.collectAsList().stream().map(row -> row.getString(0)).toList();
    List<String> ordered =
        new UnrollForecastTrainer()
            .ordered(rows.repartition(3)).collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
    assertThat(ordered).isEqualTo(expected);
  }

  @Test
  void formsThatBeginWithDaysOrHaveNamesAreNotSorted() {
    assertThat(List.of("yyyy-MM-dd", "uuuu-MM-dd'T'HH:mm:ssXXX", "epoch-seconds"))
        .allMatch(UnrollForecastTrainer::isSorted);
    assertThat(List.of("dd-MM-yyyy", "yyyy-dd-MM", "yyyy MMM dd", "M/d/yyyy", "yy-MM-dd"))
        .noneMatch(UnrollForecastTrainer::isSorted);
  }
}
