package dev.unroll.cli.serve;

import dev.unroll.server.UnrollServer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How many streams stay open between requests. */
final class SessionOptions {

  /** More megabytes than there may be, and few enough to be counted in bytes. */
  private static final long MOST = 1L << 40;

  @Option(
      names = "--max-sessions",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Maximum number of open sessions (429). Default: ${DEFAULT-VALUE}.")
  int sessions = 1024;

  @Option(
      names = "--session-memory",
      paramLabel = "MB",
      defaultValue = "64",
      description =
          "Maximum memory of the states of all sessions, in megabytes (429). Default:"
              + " ${DEFAULT-VALUE}.")
  long memory = 64;

  @Option(
      names = "--session-time",
      paramLabel = "S",
      defaultValue = "600",
      description = "End a session that has been idle for S seconds. Default: ${DEFAULT-VALUE}.")
  double time = 600;

  @Option(
      names = "--state-key",
      paramLabel = "FILE",
      description =
          "Sign saved states with the key in FILE (at least 32 bytes), so that other servers"
              + " with the key accept them. Default: a new random key.")
  @Nullable Path key;

  void apply(UnrollServer.Builder builder) {
    builder
        .maxSessions(sessions)
        .sessionMemory(Math.clamp(memory, -1, MOST) << 20)
        .sessionTime(LimitOptions.seconds(time));
    if (key != null) {
      builder.stateKey(key);
    }
  }
}
