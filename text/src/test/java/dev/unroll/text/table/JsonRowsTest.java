package dev.unroll.text.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Objects of JSON below the names of their members, each read once. */
class JsonRowsTest {

  private final List<List<String>> rows = new ArrayList<>();

  private JsonRows waitingFor(String... names) {
    return new JsonRows("a.jsonl", Set.of(names), row -> rows.add(row.fields()));
  }

  private static Map<String, String> object(String... namesAndValues) {
    var members = new LinkedHashMap<String, String>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return members;
  }

  @Test
  void anObjectWithAllWantedNamesIsShownAtOnce() {
    var objects = waitingFor("text", "label");
    objects.accept(object("id", "1", "label", "x", "text", "a"), 1);
    assertThat(rows).containsExactly(List.of("id", "label", "text"), List.of("1", "x", "a"));
    objects.accept(object("text", "b", "more", "2"), 2);
    objects.end();
    assertThat(rows).hasSize(3).endsWith(List.of("", "", "b"));
  }

  @Test
  void objectsWaitForANameThatALaterOneHas() {
    var objects = waitingFor("label");
    objects.accept(object("text", "a"), 1);
    assertThat(rows).isEmpty();
    objects.accept(object("label", "x", "text", "b"), 2);
    assertThat(rows).containsExactly(List.of("text", "label"), List.of("a", ""), List.of("b", "x"));
  }

  @Test
  void objectsWithoutAWantedNameAreShownAtTheEnd() {
    var objects = waitingFor("label");
    objects.accept(object("review", "a"), 1);
    objects.accept(object("stars", "5"), 2);
    assertThat(rows).isEmpty();
    objects.end();
    assertThat(rows)
        .containsExactly(List.of("review", "stars"), List.of("a", ""), List.of("", "5"));
  }

  @Test
  void aRefusedHeaderNamesTheArrayThatHasTheRows() {
    String array = JsonRows.ELEMENT + JsonRows.OBJECT;
    for (String[] each :
        new String[][] {
          {"data", "«data», write that array alone: jq .data a.json"},
          {"a b", "«a b», write that array alone."}
        }) {
      var objects =
          new JsonRows(
              "a.json",
              Set.of("text"),
              row -> {
                throw new InputException("no text", "Name it.");
              });
      objects.accept(object("version", "1", "none", JsonRows.ELEMENT, each[0], array + array), 1);
      assertThatThrownBy(objects::end)
          .isInstanceOf(InputException.class)
          .hasMessageContainingAll("no text", "Name it. ", each[1]);
    }
  }
}
