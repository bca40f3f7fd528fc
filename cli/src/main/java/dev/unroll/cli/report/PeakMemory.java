package dev.unroll.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The most memory that this process has held, as Linux tells it. */
public final class PeakMemory {

  private PeakMemory() {}

  /** Returns «, peak memory 512 MiB», or nothing on systems that do not tell. */
  public static String text() {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return "";
    }
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
          .map(", peak memory %,d MiB"::formatted)
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}
