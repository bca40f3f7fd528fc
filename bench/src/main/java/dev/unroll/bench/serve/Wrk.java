package dev.unroll.bench.serve;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The load generator wrk, a program in C, as a cross-check of {@link ClosedLoop}: it sends the same
 * requests from as many connections, and does not look at the answers.
 */
final class Wrk {

  private static final String COMMAND = "wrk";
  private static final Pattern RESULT =
      Pattern.compile("(?m)^asked (\\d+) (\\d+) (\\d+) ([\\d.]+) ([\\d.]+) ([\\d.]+)$");

  private static final String ASK =
      """
      local at = 0
      request = function()
        at = at % #requests + 1
        return requests[at]
      end
      done = function(summary, latency)
        local e = summary.errors
        io.write(string.format("asked %d %d %d %.4f %.4f %.4f\\n", summary.requests, summary.duration,
          e.connect + e.read + e.write + e.status + e.timeout,
          latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency:percentile(99.9) / 1000))
      end
      """;

  private Wrk() {}

  /**
   * What came of it.
   *
   * @param perSecond requests
   * @param failed requests without an answer of status 200
   * @param times of requests at the percentiles of the table, in milliseconds
   */
  record Result(double perSecond, long failed, List<Double> times) {}

  /** Returns whether it is installed. */
  static boolean isInstalled() {
    try {
      output(List.of(COMMAND, "-v"));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Lets connections ask for some time, of whole seconds. */
  static Result run(int port, List<Question> questions, int clients, long milliseconds) {
    try (var folder = new TemporaryFolder()) {
      Path script = folder.path().resolve("requests.lua");
      Files.writeString(script, script(questions), StandardCharsets.US_ASCII);
      long seconds = Math.max(1, milliseconds / 1000);
      String output =
          output(
              List.of(
                  COMMAND,
                  "-t1",
                  "-c" + clients,
                  "-d" + seconds + "s",
                  "--timeout=120s",
                  "-s" + script,
                  "http://127.0.0.1:" + port));
      Matcher result = RESULT.matcher(output);
      if (!result.find()) {
        throw new IOException("wrk ended with: " + output);
      }
      return new Result(
          1e6 * Long.parseLong(result.group(1)) / Long.parseLong(result.group(2)),
          Long.parseLong(result.group(3)),
          Stream.of(4, 5, 6).map(result::group).map(Double::valueOf).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String script(List<Question> questions) {
    var requests = new StringJoiner(",\n", "requests = {\n", "}\n");
    questions.forEach(each -> requests.add(quoted(each.request())));
    return requests + ASK;
  }

  /** Returns bytes as a string of Lua. */
  private static String quoted(byte[] bytes) {
    var text = new StringBuilder("\"");
    for (byte each : bytes) {
      boolean plain = each >= ' ' && each <= '~' && each != '"' && each != '\\';
      text.append(plain ? "" + (char) each : String.format(Locale.ROOT, "\\%03d", each & 0xff));
    }
    return text.append('"').toString();
  }

  private static String output(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
