package dev.unroll.bench.serve;

import com.sun.management.OperatingSystemMXBean;
import dev.unroll.bench.serve.Endpoint.Library;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code unroll-bench serve}: the server under load, beside ONNX Runtime behind the same server.
 */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Puts load on the server: with and without batches, beside ONNX Runtime in it.",
    footer = {
      "",
      "Each server is a JVM of its own; this one asks, on the same processors. A client asks again",
      "when it has its answer. Servers take turns, round by round. Every answer is compared with the",
      "library's: with the same bits, those of ONNX Runtime within 1e-4.",
      "Example:  unroll-bench serve --only classify --clients 1,256",
    })
public final class ServeCommand implements Callable<Integer> {

  private static final double CLOSE = 1e-4;

  @Option(names = "--only", split = ",", paramLabel = "ENDPOINT", description = "Default: all.")
  List<Endpoint> endpoints = List.of(Endpoint.values());

  @Option(names = "--clients", split = ",", paramLabel = "N", description = "Default: 1,16,256.")
  List<Integer> clients = List.of(1, 16, 256);

  @Option(
      names = "--duration",
      paramLabel = "MS",
      description = "Milliseconds of a row in a round. Default: ${DEFAULT-VALUE}.")
  long duration = 5000;

  @Option(names = "--rounds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  int rounds = 3;

  @Option(
      names = "--warm-up",
      paramLabel = "MS",
      description =
          "Milliseconds before a server is timed with so many clients. Default: ${DEFAULT-VALUE}.")
  long warmUp = 10_000;

  @Option(
      names = "--xmx",
      paramLabel = "SIZE",
      description = "Heap of each server, such as 128m. Default: the JVM's.")
  @Nullable String heap;

  @Option(names = "--no-peer", description = "Leaves ONNX Runtime out.")
  boolean noPeer;

  @Option(
      names = "--units",
      paramLabel = "N",
      description = "Units of a layer of the models. Default: ${DEFAULT-VALUE}.")
  int units = 200;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      description = "Words of the models. Default: ${DEFAULT-VALUE}.")
  int vocabulary = 10_000;

  @Option(
      names = "--texts",
      paramLabel = "N",
      description = "Different requests of an endpoint. Default: ${DEFAULT-VALUE}.")
  int texts = 256;

  @Option(
      names = "--wrk",
      description = "Also asks with wrk (Debian's package wrk), which checks no answers.")
  boolean wrk;

  @Spec CommandSpec spec = CommandSpec.create();

  /** Created by picocli. */
  public ServeCommand() {}

  /**
   * A server that is measured.
   *
   * @param tolerance how far its answers may be from the library's
   */
  private record Contender(String name, double tolerance, List<String> options) {}

  private List<Contender> contenders() {
    var all = new ArrayList<Contender>();
    List<String> none = List.of("--batch-size", "1", "--batch-wait", "0");
    all.add(new Contender("Unroll", 0, List.of()));
    all.add(new Contender("Unroll, no batches", 0, none));
    if (!noPeer) {
      all.add(new Contender("ONNX Runtime", CLOSE, List.of("--peer")));
      all.add(
          new Contender(
              "ONNX Runtime, no batches",
              CLOSE,
              List.of("--peer", "--batch-size", "1", "--batch-wait", "0")));
    }
    return all;
  }

  @Override
  public Integer call() throws IOException {
    if (wrk && !Wrk.isInstalled()) {
      throw new ParameterException(
          spec.commandLine(), "wrk is not installed: apt-get install wrk, or leave out --wrk");
    }
    try (var folder = new TemporaryFolder()) {
      return measure(folder.path());
    }
  }

  private int measure(Path folder) {
    PrintWriter out = spec.commandLine().getOut();
    var models = new LoadModels(units, vocabulary);
    Library library = models.library(1);
    models.save(library, folder);
    if (!noPeer) {
      OrtEngine.export(library.classifiers().getFirst(), folder);
      OrtEngine.export(library.languageModels().getFirst(), folder);
    }
    var servers = new LinkedHashMap<Contender, ServerProcess>();
    var table = new ServeTable(out);
    try {
      for (Contender each : contenders()) {
        List<String> jvm = heap == null ? List.of() : ServerProcess.heap(heap);
        String log = each.name().replaceAll("[^A-Za-z]+", "-");
        servers.put(each, ServerProcess.start(folder, log, jvm, each.options()));
      }
      table.head(models, library, heap);
      for (Endpoint endpoint : endpoints) {
        new Measurement(endpoint, endpoint.texts(models, texts), library, servers).run(table);
      }
      table.end();
      servers.forEach((each, server) -> table.memory(each.name(), server.peakMemory()));
    } finally {
      servers.values().forEach(ServerProcess::close);
    }
    return table.wrong() == 0 ? 0 : 1;
  }

  private static double processorSeconds() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        * 1e-9;
  }

  /** One endpoint of all servers. */
  private final class Measurement {

    private final Endpoint endpoint;
    private final List<String> asked;
    private final Library library;
    private final Map<Contender, ServerProcess> servers;
    private final Map<Contender, List<Question>> questions = new LinkedHashMap<>();

    Measurement(
        Endpoint endpoint,
        List<String> asked,
        Library library,
        Map<Contender, ServerProcess> servers) {
      this.endpoint = endpoint;
      this.asked = asked;
      this.library = library;
      this.servers = servers;
      for (Contender each : servers.keySet()) {
        questions.put(each, endpoint.questions(library.withTolerance(each.tolerance()), asked));
      }
    }

    void run(ServeTable table) {
      bare(warmUp);
      Histogram alone = new Histogram(3);
      var rows = new LinkedHashMap<Integer, Map<String, ClosedLoop.Result>>();
      for (int count : clients) {
        servers.keySet().forEach(each -> loop(each).run(count, warmUp)); // as it will be timed
        var results = new LinkedHashMap<String, ClosedLoop.Result>();
        for (int round = 0; round < rounds; round++) {
          if (count == clients.getFirst()) {
            alone.add(bare(duration));
          }
          for (Contender each : servers.keySet()) {
            results
                .computeIfAbsent(each.name(), name -> new ClosedLoop.Result())
                .add(timed(each, count));
          }
        }
        rows.put(count, results);
      }
      table.endpoint(endpoint, alone, rows);
      if (wrk) {
        crossCheck(table);
      }
    }

    private void crossCheck(ServeTable table) {
      for (int count : clients) {
        servers.forEach(
            (each, server) -> {
              List<Question> own = Objects.requireNonNull(questions.get(each));
              Wrk.Result result = Wrk.run(server.port(), own, count, rounds * duration);
              table.crossCheck(endpoint, count, each.name(), result);
            });
      }
    }

    private ClosedLoop.Result timed(Contender contender, int count) {
      ServerProcess server = Objects.requireNonNull(servers.get(contender));
      double before = server.processorSeconds();
      double own = processorSeconds();
      ClosedLoop.Result result = loop(contender).run(count, duration);
      return result.withProcessor(server.processorSeconds() - before, processorSeconds() - own);
    }

    private ClosedLoop loop(Contender contender) {
      ServerProcess server = Objects.requireNonNull(servers.get(contender));
      return new ClosedLoop(server.port(), Objects.requireNonNull(questions.get(contender)));
    }

    /** Returns the times of calls without a server, in this JVM. */
    private Histogram bare(long milliseconds) {
      var times = new Histogram(3);
      long end = System.nanoTime() + milliseconds * 1_000_000;
      int at = 0;
      for (long now = System.nanoTime(); now < end; ) {
        endpoint.call(library, asked.get(at++ % asked.size()));
        long after = System.nanoTime();
        times.recordValue(after - now);
        now = after;
      }
      return times;
    }
  }
}
