package dev.unroll.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Answers as a table. */
class CsvRowsTest {

  private final StringWriter text = new StringWriter();
  private final PrintWriter out = new PrintWriter(text);
  private final CsvRows rows = new CsvRows();

  private static Map<String, Object> row(Object... namesAndValues) {
    var row = new LinkedHashMap<String, Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      row.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return row;
  }

  @Test
  void theFirstRowNamesTheColumns() {
    rows.print(out, row("text", "a, b", "label", "x", "p", Map.of("x", 0.5)));
    rows.print(out, row("label", "y", "text", "c"));
    rows.print(out, row("text", "d", "label", List.of("x", "y")));
    assertThat(text).hasToString("text,label,p.x\n\"a, b\",x,0.5\nc,y,\nd,x y,\n");
  }

  @Test
  void aColumnThatTheHeaderLacksIsNotLostInSilence() {
    rows.print(out, row("text", "a"));
    assertThatThrownBy(() -> rows.print(out, row("text", "b", "more", "c")))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("column «more»", "--output json");
    assertThat(text).hasToString("text\na\n");
  }
}
