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
          "Wait up to MS milliseconds for requests that may join a batch; 0 for no wait."
              + " Default: ${DEFAULT-VALUE}.")
  double delay = 1;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "32",
      description =
          "Maximum batch size; 1 for no batching. It changes no answer. Default:"
              + " ${DEFAULT-VALUE}.")
  int size = 32;

  @Option(
      names = "--max-queue",
      paramLabel = "N",
      defaultValue = "4096",
      description =
          "Maximum number of waiting inputs; further ones are refused (503). Default:"
              + " ${DEFAULT-VALUE}.")
  int queue = 4096;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Batches that are computed at once. Default: one per processor.")
  @Nullable Integer threads;

  void apply(UnrollServer.Builder builder) {
    builder.batchWait(Duration.ofNanos(Math.round(delay * 1e6))).batchSize(size).queue(queue);
    if (threads != null) {
      builder.threads(threads);
    }
  }
}
