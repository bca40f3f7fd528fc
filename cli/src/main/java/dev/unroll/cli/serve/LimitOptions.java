package dev.unroll.cli.serve;

import dev.unroll.server.UnrollServer;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How much a client may take up. */
final class LimitOptions {

  @Option(
      names = "--max-body",
      paramLabel = "N",
      defaultValue = "1048576",
      description = "Maximum size of a request body, in bytes (413). Default: ${DEFAULT-VALUE}.")
  int body = 1 << 20;

  @Option(
      names = "--max-text",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Maximum length of a text, in characters (413). Default: ${DEFAULT-VALUE}.")
  int text = 100_000;

  @Option(
      names = "--max-inputs",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Maximum number of inputs in a request (413). Default: ${DEFAULT-VALUE}.")
  int inputs = 1024;

  @Option(
      names = "--max-length",
      paramLabel = "N",
      defaultValue = "4096",
      description =
          "Maximum length of a generated text, in tokens (422). Default: ${DEFAULT-VALUE}.")
  int length = 4096;

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      defaultValue = "2048",
      description =
          "Maximum number of open connections; further ones wait. Default: ${DEFAULT-VALUE}.")
  int connections = 2048;

  @Option(
      names = "--max-headers",
      paramLabel = "N",
      defaultValue = "16384",
      description =
          "Maximum size of the headers of a request, in bytes. Default: ${DEFAULT-VALUE}.")
  int headers = 16_384;

  @Option(
      names = "--read-time",
      paramLabel = "S",
      defaultValue = "30",
      description =
          "Seconds that a client has to send a request (408), and after which an idle"
              + " connection is closed. Default: ${DEFAULT-VALUE}.")
  double readTime = 30;

  @Option(
      names = "--answer-time",
      paramLabel = "S",
      defaultValue = "60",
      description =
          "End a request that takes longer than S seconds (503). Default: ${DEFAULT-VALUE}.")
  double answerTime = 60;

  void apply(UnrollServer.Builder builder) {
    builder
        .maxBody(body)
        .maxText(text)
        .maxInputs(inputs)
        .maxLength(length)
        .maxConnections(connections)
        .maxHeaders(headers)
        .readTime(seconds(readTime))
        .answerTime(seconds(answerTime));
  }

  static Duration seconds(double value) {
    return Duration.ofNanos(Math.round(value * 1e9));
  }
}
