package dev.unroll.cli.serve;

import dev.unroll.server.UnrollServer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is computed together. */
final class BatchOptions {

  @Option(
      names = "--batch-wait",
      paramLabel = "MS",
      defaultValue = "1",
      description =
          "Let inputs wait up to MS milliseconds for requests that are on their way and may join their"
              + " batch; 0 for not at all. Default: ${DEFAULT-VALUE}.")
  double delay = 1;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "32",
      description =
          "Compute up to N inputs together; 1 for none together. No answer depends on it. Default:"
              + " ${DEFAULT-VALUE}.")
  int size = 32;

  @Option(
      names = "--max-queue",
      paramLabel = "N",
      defaultValue = "4096",
      description = "Let N inputs wait, and refuse further ones (503). Default: ${DEFAULT-VALUE}.")
  int queue = 4096;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Compute N batches at once. Default: as many as there are processors.")
  @Nullable Integer threads;

  void apply(UnrollServer.Builder builder) {
    builder.batchWait(Duration.ofNanos(Math.round(delay * 1e6))).batchSize(size).queue(queue);
    if (threads != null) {
      builder.threads(threads);
    }
  }
}
