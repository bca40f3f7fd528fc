package dev.unroll.bench.serve;

import ai.onnxruntime.OrtException;
import dev.unroll.server.UnrollServer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The server that is measured, in a JVM of its own: prints its port, then serves until it is
 * killed.
 */
@Command(name = "server")
final class ServerMain implements Callable<Integer> {

  private static final Logger LIBRARY = Logger.getLogger("io.helidon");

  @Parameters(description = "The folder with the models.")
  Path folder = Path.of("");

  @Option(names = "--peer", description = "Computes by ONNX Runtime.")
  boolean peer;

  @Option(names = "--batch-size")
  @Nullable Integer batchSize;

  @Option(names = "--batch-wait")
  @Nullable Integer batchWait;

  @Option(names = "--max-queue")
  @Nullable Integer queue;

  @Option(names = "--max-sessions")
  @Nullable Integer sessions;

  @Option(names = "--max-connections")
  @Nullable Integer connections;

  /** Serves. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    System.exit(new CommandLine(new ServerMain()).execute(args));
  }

  @Override
  public Integer call() throws IOException, OrtException, InterruptedException {
    LIBRARY.setLevel(Level.WARNING);
    // As unroll serve does it, but that the lines go nowhere.
    var log =
        new PrintStream(
            new BufferedOutputStream(Files.newOutputStream(Path.of("/dev/null"))),
            false,
            StandardCharsets.UTF_8);
    var builder =
        UnrollServer.builder()
            .port(0)
            .accessLog(log::println)
            .model(LoadModels.CLASSIFIER, folder.resolve(LoadModels.CLASSIFIER + ".safetensors"))
            .model(
                LoadModels.LANGUAGE_MODEL,
                folder.resolve(LoadModels.LANGUAGE_MODEL + ".safetensors"));
    if (peer) {
      builder.engines(model -> OrtEngine.of(model, folder));
    }
    if (batchSize != null) {
      builder.batchSize(batchSize);
    }
    if (batchWait != null) {
      builder.batchWait(Duration.ofMillis(batchWait));
    }
    if (queue != null) {
      builder.queue(queue);
    }
    if (sessions != null) {
      builder.maxSessions(sessions);
    }
    if (connections != null) {
      builder.maxConnections(connections);
    }
    UnrollServer server = builder.start();
    System.out.println(ServerProcess.LISTENING + server.port());
    Thread.currentThread().join();
    return 0;
  }
}
