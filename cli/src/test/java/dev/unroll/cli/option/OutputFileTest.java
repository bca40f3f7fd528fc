package dev.unroll.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.cli.Session;
import dev.unroll.file.SafeFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputFileTest {

  @TempDir Path folder;

  private void assertMeet(Path one, Path other) {
    assertThatThrownBy(() -> OutputFile.checkDistinct(List.of(one, other), null))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is named for two outputs");
  }

  @Test
  void twoOutputsThatAreOneFileAreRefused() throws IOException {
    Path m = folder.resolve("m");
    Path inner = Files.createDirectory(folder.resolve("inner"));
    assertMeet(m, m);
    assertMeet(m, folder.resolve("./m"));
    assertMeet(m, inner.resolve("../m"));
    assertMeet(m, Path.of("").toAbsolutePath().relativize(m.toAbsolutePath()));
    Path dangling = Files.createSymbolicLink(folder.resolve("link"), Path.of("m"));
    assertMeet(m, dangling);
    assertMeet(m, Files.createSymbolicLink(folder.resolve("second"), dangling));
    Path linked = Files.createSymbolicLink(folder.resolve("linked"), inner);
    assertMeet(inner.resolve("x"), linked.resolve("x"));
    Files.writeString(m, "");
    assertMeet(m, dangling);
    assertMeet(m, Files.createLink(folder.resolve("hard"), m));
    assertThatCode(
            () ->
                OutputFile.checkDistinct(List.of(m, inner.resolve("m"), inner.resolve("n")), null))
        .doesNotThrowAnyException();
  }

  @Test
  void anOutputInTheFolderOfTheCheckpointsIsRefused() throws IOException {
    Path run = folder.resolve("m.run");
    assertThatThrownBy(() -> OutputFile.checkDistinct(List.of(run), run))
        .hasMessageContaining("in the way of the checkpoints");
    Files.createDirectory(run);
    assertThatThrownBy(() -> OutputFile.checkDistinct(List.of(run.resolve("x")), run))
        .hasMessageContaining("in the way of the checkpoints");
  }

  @Test
  void anInputIsNotOverwrittenByAnyOfItsNames() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path text = Files.writeString(inner.resolve("text"), "text");
    Path link = Files.createSymbolicLink(folder.resolve("link"), text);
    for (Path output : List.of(text, link, inner.resolve("../inner/text"))) {
      for (Path input : List.of(text, link, inner)) {
        assertThatThrownBy(() -> OutputFile.checkPlace(output, List.of(input)))
            .hasMessageContaining("is also an input");
      }
    }
    OutputFile.checkPlace(inner.resolve("new"), List.of(inner));
  }

  @Test
  void aPlaceThatIsNoneSaysWhy() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("folder"), folder);
    assertThatThrownBy(() -> OutputFile.checkPlace(link, List.of()))
        .hasMessageContaining("is a folder");
    Path nowhere = Files.createSymbolicLink(folder.resolve("nowhere"), folder.resolve("a/b"));
    assertThatThrownBy(() -> OutputFile.checkPlace(nowhere, List.of()))
        .hasMessageContaining("a does not exist");
    Path round = Files.createSymbolicLink(folder.resolve("round"), Path.of("round"));
    assertThatThrownBy(() -> OutputFile.checkPlace(round, List.of()))
        .hasMessageContaining("leads back to itself");
  }

  @Test
  void aLinkStaysAndItsFileIsWritten() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path target = inner.resolve("target");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("inner/target"));
    for (String content : List.of("first", "second")) {
      OutputFile.checkPlace(link, List.of());
      SafeFiles.replace(link, content.getBytes(StandardCharsets.UTF_8));
      assertThat(Files.isSymbolicLink(link)).isTrue();
      assertThat(Files.readString(target)).isEqualTo(content);
    }
    try (var files = Files.list(inner)) {
      assertThat(files).containsExactly(target);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-o m --metrics m",
        "-o m --metrics ./m",
        "-o m --plot m",
        "-o m --ids m",
        "-o m --metrics z --plot z",
        "-o m --ids z --metrics z",
        "-o m --metrics m.run",
        "-o m --checkpoints m",
        "-o m --checkpoints z --plot z",
      })
  void trainRefusesThemBeforeItBegins(String options) throws IOException {
    Path text = Files.write(folder.resolve("text.txt"), Session.sentences(20));
    String inFolder = options.replaceAll("(?<= )(?=[mz.])", folder + "/");
    var result = Session.line("lm train " + text + " " + inFolder);
    assertThat(result.status()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).containsPattern("two outputs|in the way of the checkpoints");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"classify eval m t.tsv --plot m", "tag eval m t.tsv --plot m"})
  void aDrawingDoesNotReplaceTheModel(String line) throws IOException {
    Path model = Files.writeString(folder.resolve("m"), "a model");
    Files.writeString(folder.resolve("t.tsv"), "label\ttext\na\tb\n");
    var result = Session.line(line.replaceAll(" (?=m|t\\.tsv)", " " + folder + "/"));
    assertThat(result.err()).contains("is also an input");
    assertThat(Files.readString(model)).isEqualTo("a model");
  }
}
