package dev.unroll.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.OtherJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files beside others, of which no two writers share one. */
class PartFileTest {

  @TempDir Path folder;

  @Test
  void whatAKilledWriterLeftBehindIsDeletedAndNothingElse() throws IOException {
    Path model = folder.resolve("model");
    Path forsaken = Files.writeString(folder.resolve("model.7-1.part"), "half");
    Path ofOther = Files.writeString(folder.resolve("other.7-1.part"), "half");
    Path download = Files.writeString(folder.resolve("model.part"), "mine");
    SafeFiles.replace(model, new byte[] {1});
    assertThat(forsaken).doesNotExist();
    assertThat(ofOther).exists();
    assertThat(download).hasContent("mine");
    assertThat(folder).isDirectoryNotContaining("glob:**model.*-*.part");
  }

  @Test
  void twoWritersOfOneFileAreNotInEachOthersWay() throws IOException {
    Path model = folder.resolve("model");
    try (var first = PartFile.beside(model)) {
      write(first, "first, and long");
      try (var second = PartFile.beside(model)) {
        write(second, "second");
        second.moveTo(model);
      }
      assertThat(model).hasContent("second");
      first.moveTo(model);
    }
    assertThat(model).hasContent("first, and long");
  }

  private static void write(PartFile part, String text) throws IOException {
    part.channel().write(ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  /** As a program: writes half of the file it is given, says so, and waits until it is killed. */
  static void main(String[] args) throws IOException {
    try (var part = PartFile.beside(Path.of(args[0]))) {
      write(part, "half");
      System.out.println("written");
      System.in.read();
    }
  }

  @Test
  void aWriterInAnotherProcessIsLeftAloneUntilItIsKilled() throws Exception {
    Path model = folder.resolve("model");
    var process =
        new ProcessBuilder(OtherJvm.command(PartFileTest.class, List.of(), model.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var lines = process.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("written");
      SafeFiles.replace(model, new byte[] {1});
      assertThat(folder).isDirectoryContaining("glob:**.part");
      process.destroyForcibly().waitFor();
    }
    SafeFiles.replace(model, new byte[] {2});
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
    try (var channel = FileChannel.open(model, StandardOpenOption.READ)) {
      assertThat(channel.size()).isEqualTo(1);
    }
  }
}
