package dev.unroll.launch;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Starts the command line from the jar that holds everything. A JVM without the options that Unroll
 * needs starts another one with them; one that is too old says so. Java 8 can load this class.
 */
public final class Launcher {

  private static final int OLDEST = 25;
  private static final String MAIN = "dev.unroll.cli.Main";
  private static final String OPTIONS = "/dev/unroll/cli/jvm.options";
  private static final String YOUNG = "-Xmn";
  private static final String RESTARTED = "unroll.restarted";

  /** Names this process to the other one, which ends when this one has been killed. */
  private static final String PARENT = "unroll.parent";

  /** How the JVM begins the first line on its standard error when it uses the Vector API. */
  private static final String INCUBATOR = "WARNING: Using incubator modules";

  private Launcher() {}

  /** Runs one command and ends the process with its exit status. */
  public static void main(String[] arguments) throws Exception {
    String home = System.getProperty("java.home");
    String version = System.getProperty("java.specification.version");
    if (!isEnough(version)) {
      System.err.printf(
          "unroll: Java %d or newer is needed, and %s is Java %s; install one (such as Temurin %d) and run its"
              + " bin/java, or use the archive of Unroll that brings its own Java%n",
          OLDEST, home, version, OLDEST);
      System.exit(1);
    }
    if (Boolean.getBoolean(RESTARTED) || hasVectors()) {
      Class.forName(MAIN).getMethod("main", String[].class).invoke(null, (Object) arguments);
    } else {
      System.exit(restart(home, arguments));
    }
  }

  /** Returns whether a version, such as 1.8 or 26, is new enough. */
  static boolean isEnough(String version) {
    return Double.parseDouble(version) >= OLDEST;
  }

  private static boolean hasVectors() {
    try {
      Class.forName("jdk.incubator.vector.FloatVector", false, null);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Runs the command in a JVM with all options, and returns its exit status. */
  private static int restart(String home, String[] arguments)
      throws IOException, InterruptedException, URISyntaxException {
    List<String> command = new ArrayList<>();
    command.add(home + File.separator + "bin" + File.separator + "java");
    command.addAll(options());
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    command.addAll(runtime.getInputArguments());
    command.add("-D" + RESTARTED + "=true");
    command.add("-D" + PARENT + "=" + runtime.getName().split("@", 2)[0]); // 1234@host
    command.add("-Dunroll.terminal=" + isTerminal());
    command.add("-cp");
    command.add(
        new File(Launcher.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .getPath());
    command.add(MAIN);
    command.addAll(Arrays.asList(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process)));
    copyMessages(process.getErrorStream(), System.err);
    return process.waitFor();
  }

  private static List<String> options() throws IOException {
    List<String> options = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Launcher.class.getResourceAsStream(OPTIONS), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          options.add(inHeap(line, Runtime.getRuntime().maxMemory()));
        }
      }
    }
    return options;
  }

  /**
   * Returns an option as it is for a heap of some bytes: young objects get a quarter at most, so
   * that a small heap has room for a model. This JVM has the heap that the other one will have.
   */
  static String inHeap(String option, long heap) {
    if (!option.startsWith(YOUNG)) {
      return option;
    }
    String megabytes = option.substring(YOUNG.length(), option.length() - 1);
    return YOUNG + Math.min(Long.parseLong(megabytes), Math.max(1, heap >> 22)) + "m";
  }

  /** Returns whether a person watches; since Java 22 there is a console without one, too. */
  private static boolean isTerminal() {
    try {
      Object console = System.console();
      return console != null
          && (Boolean) Class.forName("java.io.Console").getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /**
   * A signal to this process ends the other, which may first write a checkpoint or answer the
   * requests that it has.
   */
  private static void end(Process process) {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Copies standard error as it comes, without a first line that warns of the incubator. */
  private static void copyMessages(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[1 << 13];
    int held = 0;
    boolean first = true;
    for (int n = from.read(buffer); n >= 0; n = from.read(buffer, held, buffer.length - held)) {
      held += n;
      int start = 0;
      if (first) {
        String text = new String(buffer, 0, held, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\n');
        if (end < 0 && held < INCUBATOR.length() && INCUBATOR.startsWith(text)) {
          continue;
        }
        if (text.startsWith(INCUBATOR)) {
          if (end < 0) {
            continue;
          }
          start = end + 1;
        }
        first = false;
      }
      to.write(buffer, start, held - start);
      to.flush();
      held = 0;
    }
    to.write(buffer, 0, held);
    to.flush();
  }
}
