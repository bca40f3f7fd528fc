package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Spark's own standalone cluster as processes of this machine: a master, and workers that start
 * executors. All listen on the loopback, on ports that the system chooses. Each process hangs on a
 * pipe from this one, so that none outlives it, whatever ends it.
 */
public final class Cluster implements AutoCloseable {

  /** A folder with all jars of Spark in {@code jars}; Maven assembles it. */
  static final Path HOME = Path.of(System.getProperty("unroll.spark.home", "target/spark-home"));

  /** Options of a JVM that runs for seconds: it starts in less time, and its kernels are scalar. */
  static final List<String> BRIEF = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Pattern URL = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern REGISTERED = Pattern.compile("Successfully registered with master");
  private static final Pattern EXECUTOR = Pattern.compile("--executor-id\0(\\d+)\0");

  private final Path folder;
  private final List<Daemon> daemons = new ArrayList<>();
  private final String url;

  /** A process, and what it prints. */
  private record Daemon(Process process, Path log) {

    Matcher await(Pattern line) throws IOException, InterruptedException {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (true) {
        String text = Files.readString(log);
        Matcher found = line.matcher(text);
        if (found.find()) {
          return found;
        }
        assertThat(process.isAlive() && System.nanoTime() < end).as(text).isTrue();
        Thread.sleep(50);
      }
    }

    void stop() {
      var all = process.descendants().toList();
      process.destroyForcibly();
      all.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private Cluster(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    Daemon master = start("master", Map.of(), "master.Master", "--port", "0");
    url = master.await(URL).group(1);
  }

  /**
   * Starts a master and workers of one core each.
   *
   * @param folder for logs, and for all that workers write
   */
  public static Cluster start(Path folder, int workers) throws IOException, InterruptedException {
    var cluster = new Cluster(folder);
    var begun = new ArrayList<Daemon>();
    for (int i = 0; i < workers; i++) {
      begun.add(cluster.begin(Map.of()));
    }
    for (Daemon worker : begun) {
      worker.await(REGISTERED);
    }
    return cluster;
  }

  /** Starts a worker with some variables of its environment, which its executors inherit. */
  int addWorker(Map<String, String> environment) throws IOException, InterruptedException {
    begin(environment).await(REGISTERED);
    return daemons.size() - 1;
  }

  private Daemon begin(Map<String, String> environment) throws IOException {
    int number = daemons.size();
    Path work = Files.createDirectories(folder.resolve("work" + number));
    return start(
        "worker" + number,
        environment,
        "worker.Worker",
        "--cores",
        "1",
        "--memory",
        "6g", // of which sessions take what they need
        "--work-dir",
        work.toString(),
        url);
  }

  /** Stops a worker, and the executors that it started. */
  void stopWorker(int number) {
    daemons.get(number).stop();
  }

  private Daemon start(String name, Map<String, String> environment, String type, String... options)
      throws IOException {
    Path log = folder.resolve(name + ".log");
    var command = new ArrayList<String>();
    // A shell, as nobody closes the pipe of a process that is killed but the system.
    command.addAll(List.of("sh", "-c", "\"$@\" & read -r line; kill -9 $!", "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx192m");
    command.addAll(BRIEF);
    // An executor that is killed again and again is started again and again.
    command.add("-Dspark.deploy.maxExecutorRetries=-1");
    command.addAll(List.of("--add-opens=java.base/java.nio=ALL-UNNAMED", "-cp"));
    command.add(HOME.resolve("jars") + File.separator + "*");
    // Hosts of their own, as a task is never repeated beside itself on one host.
    String host = "127.0.0." + (1 + daemons.size());
    command.addAll(List.of("org.apache.spark.deploy." + type, "--host", host));
    command.addAll(List.of("--webui-port", "0"));
    command.addAll(List.of(options));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SPARK_HOME", HOME.toAbsolutePath().toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", host);
    builder.environment().put("SPARK_LOCAL_DIRS", folder.resolve(name + ".local").toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    var daemon = new Daemon(builder.redirectOutput(log.toFile()).start(), log);
    daemons.add(daemon);
    return daemon;
  }

  /** Returns the address of the master. */
  String url() {
    return url;
  }

  /** Returns the settings of executors that run for seconds, or are killed. */
  static Map<String, Object> brief() {
    return Map.of("spark.executor.extraJavaOptions", String.join(" ", BRIEF));
  }

  /** Returns how to begin a session on this cluster, on so many executors of one core. */
  public SparkSession.Builder session(int executors) {
    return session(url, executors);
  }

  /** Returns how to begin a session on the cluster of a master, from whatever process. */
  static SparkSession.Builder session(String url, int executors) {
    return Local.builder(url)
        .config("spark.cores.max", executors)
        .config("spark.executor.cores", 1)
        .config("spark.executor.memory", "500m")
        // Spark's jars once more, first: the manifest of a jar that is not installed names
        // libraries.
        .config(
            "spark.executor.extraClassPath",
            HOME.resolve("jars").toAbsolutePath()
                + File.separator
                + "*"
                + File.pathSeparator
                + ownEntries().stream()
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator)))
        .config("spark.executor.heartbeatInterval", "1s")
        // What a killed executor had is not asked for again and again: its tasks are.
        .config("spark.shuffle.io.retryWait", "100ms")
        .config("spark.task.maxFailures", 20);
  }

  /** Returns the class path of this process without Spark's jars. */
  static List<Path> ownEntries() {
    String[] jars = HOME.resolve("jars").toFile().list();
    Set<String> spark = Set.of(jars);
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath())
        .filter(entry -> !spark.contains(entry.getFileName().toString()))
        .toList();
  }

  /** Waits until so many executors have begun. */
  public void awaitExecutors(SparkSession session, int count) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    // The driver counts as one.
    while (session.sparkContext().statusTracker().getExecutorInfos().length <= count) {
      assertThat(System.nanoTime()).as(this::logs).isLessThan(end);
      Thread.sleep(50);
    }
  }

  /** Ends an executor by SIGKILL; returns whether it was there. */
  boolean kill(String executor) {
    var found =
        daemons.stream()
            .flatMap(daemon -> daemon.process.descendants())
            .filter(process -> executor.equals(executorOf(process)))
            .toList();
    found.forEach(ProcessHandle::destroyForcibly);
    return !found.isEmpty();
  }

  private static String executorOf(ProcessHandle process) {
    try {
      var id =
          EXECUTOR.matcher(
              Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline")));
      return id.find() ? id.group(1) : "";
    } catch (IOException e) {
      return ""; // it has ended
    }
  }

  /** Returns what executors and workers printed, for the message of a test that fails. */
  private String logs() {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.endsWith("stderr") || file.toString().endsWith(".log"))
          .map(Cluster::end)
          .collect(Collectors.joining());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the last lines of a log. */
  static String end(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      int from = Math.max(0, lines.size() - 20);
      return log + ":\n" + String.join("\n", lines.subList(from, lines.size())) + "\n";
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() {
    daemons.reversed().forEach(Daemon::stop);
    for (Daemon daemon : daemons) {
      try {
        daemon.process.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
