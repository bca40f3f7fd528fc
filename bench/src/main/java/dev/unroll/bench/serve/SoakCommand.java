package dev.unroll.bench.serve;

import dev.unroll.bench.serve.Endpoint.Library;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unroll-bench soak}: a server that is asked for twice what it can do, for minutes. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Asks a server for twice what it can do, beside sessions and bad clients.",
    footer = {
      "",
      "Every answer is compared with the library's, to the bit. Models are replaced every ten",
      "seconds. Exits with 1 if an answer is wrong, has a status beside 200, 429 and 503, or does",
      "not come, or if objects in memory or open files grow after the first fifth of the time.",
      "Example:  unroll-bench soak 10",
    })
public final class SoakCommand implements Callable<Integer> {

  private static final int CAPACITY_CLIENTS = 64;
  private static final int FEEDERS = 8;
  private static final int BAD_CLIENTS = 5;
  private static final int TEXTS = 64;

  /** More than twice what the server can do, since the load rests while the server is looked at. */
  private static final double LOAD = 2.3;

  private static final long REST_MS = 3000;
  private static final int MORE_CONNECTIONS = 200;
  private static final String QUEUE = "64";

  @Parameters(arity = "0..1", paramLabel = "MINUTES", description = "Default: ${DEFAULT-VALUE}.")
  double minutes = 10;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "Connections of the load. Default: ${DEFAULT-VALUE}.")
  int connections = 3000;

  @Option(names = "--sessions", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  int sessions = 1000;

  @Option(
      names = "--warm-up",
      paramLabel = "MS",
      description =
          "Milliseconds before the server's capacity is measured, and of that."
              + " Default: ${DEFAULT-VALUE}.")
  long warmUp = 15_000;

  @Option(
      names = "--xmx",
      paramLabel = "SIZE",
      description = "Heap of the server, such as 128m. Default: the JVM's.")
  @Nullable String heap;

  @Option(
      names = "--units",
      paramLabel = "N",
      description = "Units of a layer of the models. Default: ${DEFAULT-VALUE}.")
  int units = 128;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      description = "Words of the models. Default: ${DEFAULT-VALUE}.")
  int vocabulary = 2000;

  @Spec CommandSpec spec = CommandSpec.create();

  /** Created by picocli. */
  public SoakCommand() {}

  @Override
  public Integer call() throws IOException {
    var models = new LoadModels(units, vocabulary);
    var table = new SoakTable(spec.commandLine().getOut());
    try (var folder = new TemporaryFolder()) {
      Path served = Files.createDirectory(folder.path().resolve("served"));
      List<Path> two = new ArrayList<>();
      List<Library> libraries = new ArrayList<>();
      for (int seed = 1; seed <= 2; seed++) {
        Path own = Files.createDirectory(folder.path().resolve("models" + seed));
        Library library = models.library(seed);
        models.save(library, own);
        two.add(own);
        libraries.add(library);
      }
      models.save(libraries.getFirst(), served);
      List<String> jvm = heap == null ? List.of() : ServerProcess.heap(heap);
      var options =
          List.of(
              "--max-queue",
              QUEUE,
              "--max-sessions",
              Integer.toString(sessions),
              "--max-connections",
              Integer.toString(connections + MORE_CONNECTIONS));
      try (var server = ServerProcess.start(served, "server", jvm, options)) {
        soak(models, both(libraries), server, new Folders(served, two), table);
      }
    }
    return table.end() ? 0 : 1;
  }

  /** Where models lie. */
  private record Folders(Path served, List<Path> others) {}

  private static Library both(List<Library> libraries) {
    return new Library(
        libraries.stream().flatMap(each -> each.classifiers().stream()).toList(),
        libraries.stream().flatMap(each -> each.languageModels().stream()).toList(),
        0);
  }

  private void soak(
      LoadModels models, Library library, ServerProcess server, Folders folders, SoakTable table)
      throws IOException {
    var questions = new ArrayList<Question>();
    List<List<Question>> lists =
        Stream.of(Endpoint.values())
            .map(each -> each.questions(library, each.texts(models, TEXTS)))
            .toList();
    for (int i = 0; i < TEXTS; i++) {
      for (List<Question> each : lists) {
        questions.add(each.get(i));
      }
    }
    var loop = new ClosedLoop(server.port(), questions);
    loop.run(CAPACITY_CLIENTS, warmUp);
    ClosedLoop.Result capacity = loop.run(CAPACITY_CLIENTS, warmUp);
    double perSecond = LOAD * capacity.perSecond();
    table.head(minutes, capacity.perSecond(), perSecond, heap);
    table.mark(capacity.wrong() == 0, "answers that were wrong before: " + capacity.wrong());
    long handles = server.handles();
    long start = System.nanoTime();
    var soak = new Soak(server.port(), library);
    try (soak) {
      new SoakSessions(soak, models.texts(TEXTS, 1, 3), sessions).start(FEEDERS);
      new BadClients(soak, questions).start(BAD_CLIENTS);
      var reloads = new Reloads(soak, folders.served, folders.others);
      reloads.start();
      new PacedLoad(soak, questions, connections, perSecond).start();
      watch(soak, reloads, server, table);
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    table.tallies(soak.tallies(), seconds, capacity.perSecond());
    if (!server.isAlive()) {
      return;
    }
    rest();
    table.left(handles, server.handles(), metric(server, "unroll_requests_running"));
    table.memory(server.peakMemory());
  }

  /** Looks at the server at the start and every minute, in a short soak more often. */
  private void watch(Soak soak, Reloads reloads, ServerProcess server, SoakTable table) {
    long start = System.nanoTime();
    int looks = (int) Math.max(minutes < 1 ? 4 : 10, Math.round(minutes));
    for (int look = 0; look <= looks; look++) {
      long at = start + (long) (look * minutes * 60e9 / looks);
      soak.sleep((at - System.nanoTime()) / 1_000_000);
      if (!server.isAlive()) {
        table.mark(false, "the server has died");
        return;
      }
      double part = (double) look / looks;
      Runnable atServer =
          () ->
              table.look(
                  part, (System.nanoTime() - start) * 1e-9, server.liveBytes(), server.handles());
      while (!reloads.areAtRest() || !soak.paused(reloads::areAtRest, atServer)) {
        soak.sleep(200);
      }
    }
  }

  /** Until the server has seen that its clients are gone. */
  private static void rest() {
    try {
      Thread.sleep(REST_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns a number that the server shows; of one that it asks for, this request is one. */
  private static double metric(ServerProcess server, String name) throws IOException {
    try (var client = new HttpClient(server.port())) {
      String text = client.ask(HttpClient.request("GET", "/metrics", "")).text();
      return text.lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElse(Double.NaN);
    }
  }
}
