package dev.unroll.bench.serve;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a JVM of its own. */
final class ServerProcess implements AutoCloseable {

  static final String LISTENING = "listening at port ";

  private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");

  /** Number, instances, bytes. */
  private static final Pattern HISTOGRAM_ROW = Pattern.compile("\\s*\\d+:\\s+\\d+\\s+(\\d+) ");

  /** By which the parallel collector fills the gaps that it does not close. */
  private static final String FILLER = "jdk.internal.vm.Filler";

  private final Process process;
  private final int port;

  private ServerProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts a server of the models in a folder; what it says goes to a log there.
   *
   * @param jvm options of its JVM, after those of the command line
   * @param options of {@link ServerMain}
   */
  static ServerProcess start(Path folder, String name, List<String> jvm, List<String> options) {
    var command = new ArrayList<String>();
    command.add(BIN.resolve("java").toString());
    command.addAll(options());
    command.addAll(jvm);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), ServerMain.class.getName()));
    command.add(folder.toString());
    command.addAll(options);
    Path log = folder.resolve(name + ".log");
    try {
      Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(LISTENING)) {
          return new ServerProcess(process, Integer.parseInt(line.substring(LISTENING.length())));
        }
      }
      throw new IllegalStateException(
          "the server " + name + " does not start: " + Files.readString(log));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the options with which {@code unroll serve} runs. */
  private static List<String> options() throws UncheckedIOException {
    try (var in = ServerMain.class.getResourceAsStream("/dev/unroll/cli/jvm.options")) {
      if (in == null) {
        throw new IllegalStateException("the module cli has no jvm.options");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("-"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the options of a heap that is small: most of it is for what stays. */
  static List<String> heap(String size) {
    return List.of("-Xmx" + size, "-Xmn32m", "-XX:+ExitOnOutOfMemoryError");
  }

  int port() {
    return port;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Returns how many files and sockets it has open. */
  long handles() {
    try (var files = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
      return files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the most memory that it has ever had, in bytes. */
  long peakMemory() {
    try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Collects its garbage, and returns how many bytes of objects are left. */
  long liveBytes() {
    String pid = Long.toString(process.pid());
    var command = List.of(BIN.resolve("jcmd").toString(), pid, "GC.class_histogram");
    try {
      Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).start();
      long live = 0;
      try (BufferedReader out = jcmd.inputReader(StandardCharsets.UTF_8)) {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          Matcher row = HISTOGRAM_ROW.matcher(line);
          if (row.lookingAt() && !line.contains(FILLER)) {
            live += Long.parseLong(row.group(1));
          }
        }
      }
      return live;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the time of processors that it has taken, in seconds. */
  double processorSeconds() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() * 1e-3;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
