package dev.unroll.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class JsonTest {

  @Provide
  Arbitrary<Object> values() {
    Arbitrary<Object> leaf =
        Arbitraries.oneOf(
            Arbitraries.strings().all().ofMaxLength(8).asGeneric(),
            Arbitraries.longs().asGeneric(),
            Arbitraries.doubles().asGeneric(),
            Arbitraries.of(true, false).asGeneric());
    Arbitrary<Object> list = leaf.list().ofMaxSize(4).asGeneric();
    Arbitrary<Object> map =
        Arbitraries.maps(Arbitraries.strings().ofMaxLength(4), Arbitraries.oneOf(leaf, list))
            .ofMaxSize(4)
            .asGeneric();
    return Arbitraries.oneOf(leaf, list, map);
  }

  @Property
  void whatIsWrittenIsRead(@ForAll("values") Object value) {
    var read = Json.parse(Json.write(Map.of("value", value))).member("value").value();
    assertThat(read).isEqualTo(value);
  }

  @Example
  void signsThatNoTextShowsAreWrittenByTheirNumber() {
    assertThat(Json.write("a\u001fb\"\\\ud83d\ude00é"))
        .isEqualTo("\"a\\u001fb\\\"\\\\\\ud83d\\ude00é\"");
  }

  @Example
  void elementsOfAnotherTypeAreNamedWithTheirPlace() {
    var lists = Json.parse("{\"a\":[\"b\",1],\"c\":[1,\"d\"],\"e\":[\"f\",\"g\",\"f\"]}");
    assertThatThrownBy(() -> lists.texts("a")).hasMessage("a[1] is 1, not a text");
    assertThatThrownBy(() -> lists.numbers("c")).hasMessage("c[1] is «d», not a number");
    assertThatThrownBy(() -> lists.distinctTexts("e")).hasMessage("e[2] is there twice: «f»");
  }

  @Property(tries = 2000)
  void anyTextIsReadOrRefused(@ForAll("almost") String text) {
    try {
      Json.parse(text);
    } catch (JsonException e) {
      assertThat(e).hasMessageMatching("(?s)(expected|the name) .*");
    }
  }

  @Provide
  Arbitrary<String> almost() {
    return Arbitraries.strings()
        .withChars("{}[]\":,0123456789.eE+-truefalsn\\u \n")
        .ofMaxLength(20);
  }

  @Example
  void faultsAreNamedWithTheirPlace() {
    for (String bad :
        List.of("", "{", "{\"a\"}", "{\"a\":}", "[1,]", "{\"a\":1}x", "nul", "\"\\u12\"", "1..2")) {
      assertThatThrownBy(() -> Json.parse(bad)).as(bad).isInstanceOf(JsonException.class);
    }
    assertThatThrownBy(() -> Json.parse("{\"a\":1." + "0".repeat(80) + "e5}"))
        .as("it would be read as 1 if it were cut")
        .hasMessageContaining("a shorter number");
    assertThatThrownBy(() -> Json.parse("{\"a\":1,\"a\":2}")).hasMessageContaining("twice");
    assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).hasMessageContaining("nesting");
  }
}
