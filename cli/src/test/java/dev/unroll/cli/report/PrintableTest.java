package dev.unroll.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.cli.Session;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrintableTest {

  private static final String HOSTILE = "\u001b]0;x\u0007\u009b2J\u202eevil\u2066\r\u007f";
  private static final String SHOWN = "\\u001b]0;x\\u0007\\u009b2J\\u202eevil\\u2066\\u000d\\u007f";

  @TempDir Path folder;

  private static String printed(String text) {
    var out = new StringWriter();
    var printer = Printable.over(out);
    printer.print(text);
    printer.append(text.isEmpty() ? 'x' : text.charAt(0)).write(text.toCharArray());
    return out.toString();
  }

  @Test
  void whatATerminalWouldObeyIsShown() {
    assertThat(printed(HOSTILE)).isEqualTo(SHOWN + "\\u001b" + SHOWN);
    String plain = "größe 汉字 😀\tשלום\u200f a\u0301\r\n";
    assertThat(printed(plain)).isEqualTo(plain + "g" + plain);
    assertThat(Printable.line("a\n\tb" + HOSTILE)).isEqualTo("a\\u000a\\u0009b" + SHOWN);
  }

  @Test
  void messagesThatQuoteTheInputArePrintable() throws IOException {
    Path file = Files.writeString(folder.resolve("a.csv"), "label," + HOSTILE + "\nx,y\n");
    var result = Session.run("classify", "train", file.toString(), "-o", folder + "/m.safetensors");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("\\u001b]0;x").doesNotContain("\u001b", "\u202e", "\u009b");
    result = Session.run("info", folder + "/\u001b[2Jmissing");
    assertThat(result.err()).contains("\\u001b[2Jmissing").doesNotContain("\u001b");
    result = Session.run("info", "m", "--\u001b[2J");
    assertThat(result.err()).contains("\\u001b[2J").doesNotContain("\u001b");
  }

  @Test
  void reportsArePrintableAndDataIsAsItIs() throws IOException {
    var texts = new StringBuilder("label\ttext\n");
    for (int i = 0; i < 20; i++) {
      texts.append(i % 2 == 0 ? "a\tone two\n" : "b\u202e\tthree four\n");
    }
    Path file = Files.writeString(folder.resolve("t.tsv"), texts);
    String model = folder + "/m.safetensors";
    Session.ok("classify", "train", file.toString(), "--units", "4", "--epochs", "1", "-o", model);
    assertThat(Session.ok("classify", "eval", model, file.toString()).out())
        .contains("b\\u202e")
        .doesNotContain("\u202e");
    assertThat(Session.ok("info", model).out()).contains("b\\u202e").doesNotContain("\u202e");
    assertThat(Session.ok("info", model, "--json").out()).contains("b\u202e");
    assertThat(Session.ok("classify", "predict", model, "--probabilities", file.toString()).out())
        .contains("b\u202e=");
  }
}
