package dev.unroll.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.cli.report.ColorWriter.Tone;
import dev.unroll.cli.report.ColorWriter.When;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ColorWriterTest {

  private static String printed(When when, List<String> lines) {
    var out = new StringWriter();
    var writer = new ColorWriter(out);
    writer.setColored(when);
    lines.forEach(writer::println);
    return out.toString();
  }

  @Test
  void labelsStandOut() {
    assertThat(printed(When.ALWAYS, List.of("warning: a", "note: b", "unroll: c", "data: d", "e")))
        .isEqualTo(
            "\u001b[33mwarning:\u001b[0m a\n\u001b[33mnote:\u001b[0m b\n\u001b[1;31munroll:\u001b[0m c\n"
                + "data: d\ne\n");
  }

  /** Without a terminal, as in this test, there is none. */
  @ParameterizedTest
  @EnumSource(names = {"AUTO", "NEVER"})
  void elsewhereTextIsAsItIs(When when) {
    assertThat(printed(when, List.of("warning: a"))).isEqualTo("warning: a\n");
  }

  @Test
  void whatComesFromAFileStaysPrintable() {
    var out = new StringWriter();
    var writer = new ColorWriter(out);
    writer.setColored(When.ALWAYS);
    ColorWriter.println(writer, "a", Tone.GOOD, "\u001b[2Jb");
    ColorWriter.println(writer, "c", Tone.GOOD, "");
    writer.println("note: \u001b[2J");
    assertThat(out)
        .hasToString("a\u001b[32m\\u001b[2Jb\u001b[0m\nc\n\u001b[33mnote:\u001b[0m \\u001b[2J\n");
  }

  @ParameterizedTest
  @CsvSource({
    "AUTO, true, xterm, , true",
    "AUTO, false, xterm, , false",
    "AUTO, true, dumb, , false",
    "AUTO, true, , , false",
    "AUTO, true, xterm, 1, false",
    "AUTO, true, xterm, '', true",
    "ALWAYS, false, dumb, 1, true",
    "NEVER, true, xterm, , false",
  })
  void theEnvironmentDecides(When when, boolean terminal, String term, String no, boolean colors) {
    var environment = new java.util.HashMap<>(Map.of("A", "b"));
    if (term != null) {
      environment.put("TERM", term);
    }
    if (no != null) {
      environment.put("NO_COLOR", no);
    }
    assertThat(when.colors(terminal, environment)).isEqualTo(colors);
  }
}
