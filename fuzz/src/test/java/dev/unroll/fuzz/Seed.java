package dev.unroll.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file that is as it should be.
 *
 * @param name its name, of which readers see the end
 * @param bytes its content
 */
record Seed(String name, byte[] bytes) {

  /** Returns the files of folders whose names match a pattern, in the order of their names. */
  static List<Seed> files(Path folder, String pattern) {
    var matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
      var seeds = new ArrayList<Seed>();
      for (Path file :
          files.filter(each -> matcher.matches(each.getFileName())).sorted().toList()) {
        seeds.add(new Seed(file.getFileName().toString(), Files.readAllBytes(file)));
      }
      return seeds;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the end of the name, with its dot. */
  String extension() {
    return name.substring(name.lastIndexOf('.'));
  }
}
