package dev.unroll.cli.option;

import dev.unroll.base.InputException;
import dev.unroll.file.SafeFiles;
import dev.unroll.store.ModelFile;
import dev.unroll.store.Task;
import dev.unroll.tasks.Tasks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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
    checkReplaced(file, "", "Choose another name, or delete it first.");
  }

  /**
   * Checks that a file may be replaced by a model: one that is not there, or a model, too.
   *
   * @param task the name of the task that it must be a model of; empty for any
   * @param fix what to do if it is something else
   */
  static void checkReplaced(Path file, String task, String fix) {
    if (!Files.exists(file)) {
      return;
    }
    if (!isModel(file)) {
      throw InputException.in(file, "exists and is not a model, so it will not be replaced", fix);
    }
    String found = task.isEmpty() ? "" : taskOf(file, task);
    if (!found.equals(task)) {
      throw InputException.in(
          file,
          found.isEmpty()
              ? "exists and is not a model of Unroll, so it will not be replaced"
              : "is a model of %s, so it will not be replaced by one of %s".formatted(found, task),
          fix);
    }
  }

  /** Checks a place where anything that exists may be replaced, but no input. */
  public static void checkPlace(Path file, List<Path> inputs) {
    Path folder = SafeFiles.target(file).getParent();
    if (Files.isDirectory(file)) {
      throw InputException.in(
          file, "is a folder, so nothing can be written there", "Name a file in a folder.");
    }
    if (folder == null || !Files.isDirectory(folder)) {
      throw InputException.in(
          file,
          "nothing can be written there, as the folder %s does not exist".formatted(folder),
          "Name a file in a folder that exists.");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw InputException.in(file, "is not a regular file", "Name a file of its own.");
    }
    SafeFiles.checkWritable(file);
    for (Path input : inputs) {
      if (isSame(file, input) || isInputInside(file, input)) {
        throw InputException.in(
            file, "is also an input and would be lost", "Choose another name for the output.");
      }
    }
  }

  /**
   * Checks that no two outputs of a command are one file, whether it exists or not.
   *
   * @param outputs the files that are written
   * @param folder a folder for files of the command's own, or null
   */
  public static void checkDistinct(List<Path> outputs, @Nullable Path folder) {
    for (int i = 0; i < outputs.size(); i++) {
      Path file = outputs.get(i);
      if (outputs.subList(0, i).stream().anyMatch(other -> isSame(file, other))) {
        throw InputException.in(
            file,
            "is named for two outputs, which would overwrite each other",
            "Give each output a name of its own.");
      }
      if (folder != null && (isSame(file, folder) || isSame(parent(file), folder))) {
        throw InputException.in(
            file,
            "is in the way of the checkpoints, which are kept in " + folder,
            "Choose another name for the output, or another folder for the checkpoints.");
      }
    }
  }

  private static Path parent(Path file) {
    Path parent = SafeFiles.target(file).getParent();
    return parent == null ? file : parent;
  }

  private static boolean isSame(Path file, Path other) {
    try {
      if (Files.exists(file) && Files.exists(other)) {
        return Files.isSameFile(file, other); // by a hard link, too
      }
      Path first = realTarget(file);
      Path second = realTarget(other);
      return first.equals(second)
          || (first.toString().equalsIgnoreCase(second.toString()) && ignoresCase(first));
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns the name of a file that may not exist, in its folder without links. */
  private static Path realTarget(Path file) throws IOException {
    Path target = SafeFiles.target(file).normalize();
    Path folder = target.getParent();
    return folder == null ? target : folder.toRealPath().resolve(target.getFileName());
  }

  /** Whether the folder of a file is found under its name in other letters, too. */
  private static boolean ignoresCase(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder == null || folder.getFileName() == null) {
      return false;
    }
    String name = folder.getFileName().toString();
    String other = name.toUpperCase(Locale.ROOT);
    Path renamed =
        folder.resolveSibling(other.equals(name) ? name.toLowerCase(Locale.ROOT) : other);
    return !renamed.equals(folder) && Files.exists(renamed) && Files.isSameFile(folder, renamed);
  }

  /** Whether a file is one of those in a folder that is read; models in it are not. */
  private static boolean isInputInside(Path file, Path input) {
    try {
      return Files.isDirectory(input)
          && Files.exists(file)
          && file.toRealPath().startsWith(input.toRealPath())
          && !isModel(file);
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

  /**
   * Returns the name of a model's task; of a file whose description is not whole {@code broken}.
   */
  private static String taskOf(Path file, String broken) {
    try {
      if (Files.size(file) == 0) {
        return broken;
      }
      String found = ModelFile.task(file);
      return Tasks.ALL.stream()
          .filter(each -> each.codec().task().equals(found))
          .map(Task::name)
          .findFirst()
          .orElse("");
    } catch (InputException | IOException e) {
      return broken; // such as a model whose copy was not finished
    }
  }
}
