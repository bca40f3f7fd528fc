package dev.unroll.text.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.data.Condition;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Vectors of numbers for which texts were written, as people write them. */
class ConditionedTextsTest {

  private static List<List<Float>> vectors(String... fields) {
    var rows =
        Arrays.stream(fields)
            .map(field -> new TextTable.Row("a.tsv", 2, "text", List.of(field)))
            .toList();
    var condition = new ConditionedTexts(rows).condition(true, Condition.Place.STEPS);
    return Arrays.stream(fields).map(field -> list(field, condition)).toList();
  }

  private static List<Float> list(String field, Condition condition) {
    float[] vector = ConditionedTexts.vector(field, condition);
    return Arrays.stream(new float[][] {vector}).flatMap(v -> boxed(v).stream()).toList();
  }

  private static List<Float> boxed(float[] vector) {
    var all = new java.util.ArrayList<Float>();
    for (float each : vector) {
      all.add(each);
    }
    return all;
  }

  @Test
  void commasStandBetweenNumbersOrBeforeDecimals() {
    assertThat(vectors("0.5,1.25", "1,2")).containsExactly(List.of(0.5f, 1.25f), List.of(1f, 2f));
    assertThat(vectors("0.5, 1", "1 2")).containsExactly(List.of(0.5f, 1f), List.of(1f, 2f));
    assertThat(vectors("1,2", "3,4")).containsExactly(List.of(1f, 2f), List.of(3f, 4f));
    assertThat(vectors("1, 2", "3, 4")).containsExactly(List.of(1f, 2f), List.of(3f, 4f));
    assertThat(vectors("0,5 1,25", "1 2")).containsExactly(List.of(0.5f, 1.25f), List.of(1f, 2f));
    assertThat(vectors("1 2", "0,5;1,25")).containsExactly(List.of(1f, 2f), List.of(0.5f, 1.25f));
  }

  @Test
  void vectorsOfAnotherLengthAreRefused() {
    assertThatThrownBy(() -> vectors("0,5 1,25", "1 2 3"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("«1 2 3» has 3 numbers, not 2");
  }
}
