package dev.unroll.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.cli.Main;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManualTest {

  private static final Map<String, String> PAGES = pages();

  private static Map<String, String> pages() {
    var nowhere = new PrintWriter(Writer.nullWriter());
    return Manual.pages(Main.commandLine(nowhere, nowhere), "1.2.3");
  }

  @Test
  void everyCommandHasAPage() {
    assertThat(PAGES).containsKeys("unroll.1", "unroll-demo.1", "unroll-lm.1", "unroll-lm-train.1");
    assertThat(PAGES.get("unroll.1")).contains("unroll\\-forecast\\fR(1)", "Exit status");
    assertThat(PAGES.get("unroll-lm-train.1"))
        .startsWith(".TH \"UNROLL-LM-TRAIN\" 1 \"\" \"Unroll 1.2.3\"\n")
        .contains(
            ".SH SYNOPSIS", "unroll lm train", "\\fB\\-\\-epochs\\fR=\\fIN\\fR", "unroll-lm(1)");
  }

  /** A line of a description that begins with a dot would vanish. */
  @Test
  void onlyMacrosBeginWithADot() {
    assertThat(PAGES)
        .allSatisfy(
            (name, page) ->
                assertThat(page.lines().filter(line -> line.matches("[.'].*")))
                    .allMatch(line -> line.matches("\\.(TH|SH|TP|PP|br|nf|fi)\\b.*")));
  }

  @Test
  void noVariableOfPicocliIsLeft() {
    assertThat(PAGES).allSatisfy((name, page) -> assertThat(page).doesNotContain("${", "%n", "@|"));
  }
}
