package dev.unroll.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name of the processor. */
final class Processor {

  private Processor() {}

  /** Returns the model name, or the architecture if the system does not report one. */
  static String name() {
    Path file = Path.of("/proc/cpuinfo");
    if (Files.isReadable(file)) {
      try (var lines = Files.lines(file)) {
        return lines
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).trim())
            .findFirst()
            .orElse(System.getProperty("os.arch"));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
    return System.getProperty("os.arch");
  }
}
