package dev.unroll.bench.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** A folder that is there while something runs. */
final class TemporaryFolder implements AutoCloseable {

  private final Path path;

  TemporaryFolder() throws IOException {
    path = Files.createTempDirectory("unroll-bench");
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    List<Path> all;
    try (var files = Files.walk(path)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.deleteIfExists(each);
    }
  }
}
