package dev.unroll.spark.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.file.Json;
import dev.unroll.spark.Local;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnrollVocabularyTest {

  /** Many words that occur equally often, some of them beyond the first plane of Unicode. */
  private static List<String> texts() {
    var random = new Random(12);
    var texts = new ArrayList<String>();
    for (int i = 0; i < 200; i++) {
      var text = new StringBuilder();
      int words = random.nextInt(12);
      for (int w = 0; w < words; w++) {
        int letters = 1 + random.nextInt(4);
        for (int l = 0; l < letters; l++) {
          text.appendCodePoint(
              random.nextInt(20) == 0 ? 0x1F600 + random.nextInt(3) : 'a' + random.nextInt(6));
        }
        text.append(random.nextInt(6) == 0 ? ", É" : " ");
      }
      texts.add(text.toString());
    }
    return texts;
  }

  @ParameterizedTest
  @EnumSource
  void isThatOfOneMachineInAnyPartitioning(Segmentation.Unit unit) {
    var texts = texts();
    var withNull = new ArrayList<>(texts);
    withNull.add(40, null);
    for (var options :
        List.of(
            TokenOptions.of(unit),
            TokenOptions.of(unit).withVocabulary(40).withLowerCase(true),
            TokenOptions.of(unit).withMinCount(5))) {
      String expected = Json.write(options.tokenizer(texts).describe());
      for (int partitions : new int[] {1, 5}) {
        var rows = Local.rows("text", DataTypes.StringType, withNull, partitions);
        var learned = UnrollVocabulary.learn(rows, "text", options);
        assertThat(Json.write(learned.describe())).isEqualTo(expected);
      }
    }
  }

  @Test
  void whatCannotBeReadIsNamed() {
    var rows = Local.rows("text", DataTypes.StringType, texts(), 1);
    var options = TokenOptions.of(Segmentation.Unit.WORDS);
    assertThatThrownBy(() -> UnrollVocabulary.learn(rows, "number", options))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no column number of type string");
    assertThatThrownBy(() -> UnrollVocabulary.learn(rows, "text", options.withMinCount(100_000)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no token");
  }
}
