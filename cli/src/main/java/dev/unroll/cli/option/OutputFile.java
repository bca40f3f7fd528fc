package dev.unroll.cli.option;

import dev.unroll.file.InputException;
import dev.unroll.file.SafeFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Checks, before hours of work, that a result can be written and that nothing of the user's is
 * lost.
 */
public final class OutputFile {

  private OutputFile() {}

  /**
   * Checks the place of a model.
   *
   * @param inputs files that the command reads
   * @throws InputException if it cannot be written, is one of the inputs, or is a file of another
   *     kind
   */
  public static void check(Path file, List<Path> inputs) {
    checkPlace(file, inputs);
    if (Files.exists(file) && !isModel(file)) {
      throw InputException.in(
          file,
          "exists and is not a model, so it will not be replaced",
          "Choose another name, or delete it first.");
    }
  }

  /** Checks a place where anything that exists may be replaced, but no input. */
  public static void checkPlace(Path file, List<Path> inputs) {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
      throw InputException.in(
          file, "nothing can be written there", "Name a file in a folder that exists.");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw InputException.in(file, "is not a regular file", "Name a file of its own.");
    }
    SafeFiles.checkWritable(file);
    for (Path input : inputs) {
      if (isSame(file, input)) {
        throw InputException.in(
            file, "is also an input and would be lost", "Choose another name for the output.");
      }
    }
  }

  private static boolean isSame(Path file, Path input) {
    try {
      return Files.exists(file) && Files.exists(input) && Files.isSameFile(file, input);
    } catch (IOException e) {
      return false;
    }
  }

  /** A safetensors file: eight bytes of length, then JSON. An empty file may be replaced, too. */
  private static boolean isModel(Path file) {
    try (var in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(10);
      return start.length == 0
          || (start.length == 10
              && new String(start, 8, 1, StandardCharsets.ISO_8859_1).equals("{"));
    } catch (IOException e) {
      return false;
    }
  }
}
