package dev.unroll.cli.serve;

import dev.unroll.server.UnrollServer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How many streams stay open between requests. */
final class SessionOptions {

  @Option(
      names = "--max-sessions",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Most sessions at once (429). Default: ${DEFAULT-VALUE}.")
  int sessions = 1024;

  @Option(
      names = "--session-memory",
      paramLabel = "MB",
      defaultValue = "64",
      description =
          "Most megabytes of the states of all sessions (429). Default: ${DEFAULT-VALUE}.")
  long memory = 64;

  @Option(
      names = "--session-time",
      paramLabel = "S",
      defaultValue = "600",
      description = "End a session that nobody has used for S seconds. Default: ${DEFAULT-VALUE}.")
  double time = 600;

  @Option(
      names = "--state-key",
      paramLabel = "FILE",
      description =
          "Sign saved states by the key in FILE, 32 bytes or more, so that other servers take them, too."
              + " Default: a new key.")
  @Nullable Path key;

  void apply(UnrollServer.Builder builder) {
    builder
        .maxSessions(sessions)
        .sessionMemory(memory << 20)
        .sessionTime(LimitOptions.seconds(time));
    if (key != null) {
      builder.stateKey(key);
    }
  }
}
