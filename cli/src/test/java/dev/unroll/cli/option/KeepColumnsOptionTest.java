package dev.unroll.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeepColumnsOptionTest {

  @Test
  void anAnswerReplacesNoColumn() {
    var columns = new LinkedHashMap<String, String>();
    columns.put("label", "a");
    columns.put("predicted_label", "b");
    assertThat(new KeepColumnsOption().fields(columns, "text", Map.of("label", "c")))
        .containsExactly(
            Map.entry("label", "a"),
            Map.entry("predicted_label", "b"),
            Map.entry("predicted_label_2", "c"));
  }
}
