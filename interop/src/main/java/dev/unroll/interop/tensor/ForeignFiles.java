package dev.unroll.interop.tensor;

import dev.unroll.base.InputException;
import dev.unroll.file.SafeFiles;
import dev.unroll.file.Uninterrupted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads whole files from a source that is not trusted. */
public final class ForeignFiles {

  private ForeignFiles() {}

  /**
   * Reads a file and what its bytes mean.
   *
   * @param memory takes the bytes before they are read
   * @param parse whatever it refuses is refused in the name of the file
   * @throws InputException if the file cannot be read, or is refused
   */
  public static <T> T read(Path file, MemoryLimit memory, Function<byte[], T> parse) {
    try {
      if (Files.isDirectory(file)) {
        throw InputException.in(file, "is a folder", "Name a file.");
      }
      if (Files.exists(file) && !Files.isRegularFile(file)) { // a pipe would be waited for
        throw InputException.in(file, "is not a regular file", "Name a file.");
      }
      byte[] bytes = Uninterrupted.call(() -> bytes(file, memory));
      return named(file.toString(), () -> parse.apply(bytes));
    } catch (IOException e) {
      throw InputException.in(
          file, "cannot be read: " + SafeFiles.reason(e), "Check the name and the rights.");
    }
  }

  private static byte[] bytes(Path file, MemoryLimit memory) throws IOException {
    long size = Files.size(file);
    if (size > Shape.MOST_ELEMENTS) {
      throw InputException.in(
          file, "has more than 2 GB", "Write it in parts, a model with its weights beside it.");
    }
    return named(
        file.toString(),
        () -> {
          memory.take("it", size);
          try (var in = Files.newInputStream(file)) {
            return in.readNBytes((int) size); // not more, should it grow
          } catch (IOException e) {
            throw new InputException(
                "cannot be read: " + SafeFiles.reason(e), "Check the name and the rights.");
          }
        });
  }

  /** Does some work, and puts a name before whatever it refuses. */
  public static <T> T named(String name, Supplier<T> work) {
    try {
      return work.get();
    } catch (InputException e) {
      throw InputException.in(name, e.problem(), e.fix());
    }
  }
}
