package dev.unroll.bench;

import dev.unroll.bench.contender.ContenderServer;
import dev.unroll.bench.contender.Workload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Client of a contender's process: each method sends a request and waits for the answer. */
final class ContenderProcess implements AutoCloseable {

  private final Process process;
  private final Writer requests;
  private final BufferedReader answers;
  private final String name;

  private ContenderProcess(Process process) {
    this.process = process;
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.name = ask("name");
  }

  /**
   * Starts {@code engine} with {@code threads} threads; its messages go to a log in the temporary
   * folder.
   */
  static ContenderProcess start(Engine engine, int threads, Path home) {
    var command = new ArrayList<String>();
    command.add(engine.java().toString());
    command.addAll(engine.options());
    command.addAll(List.of("-cp", engine.classPath(home), engine.main()));
    command.add(Integer.toString(threads));
    Path log = Path.of(System.getProperty("java.io.tmpdir"), "unroll-bench-" + engine + ".log");
    var builder = new ProcessBuilder(command).redirectError(log.toFile());
    for (String variable : List.of("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")) {
      builder.environment().put(variable, Integer.toString(threads));
    }
    builder.environment().putAll(engine.environment());
    try {
      return new ContenderProcess(builder.start());
    } catch (IOException | IllegalStateException e) {
      throw new IllegalStateException(engine + " does not start; its messages are in " + log, e);
    }
  }

  /** Returns the engine's name and version. */
  String name() {
    return name;
  }

  /**
   * Prepares a case and returns the numbers that contenders must agree on.
   *
   * @throws UnsupportedOperationException if the engine does not support the case
   */
  double[] prepare(Workload work) {
    String answer = ask(work.request());
    if (answer.startsWith("unsupported ")) {
      throw new UnsupportedOperationException(answer.substring("unsupported ".length()));
    }
    return Arrays.stream(answer.split(" ", -1)).skip(1).mapToDouble(Double::parseDouble).toArray();
  }

  /**
   * The measurements of one round.
   *
   * @param runs number of runs
   * @param best time of the fastest, in nanoseconds
   * @param median median time
   * @param late 99.9th percentile
   * @param mean mean time
   */
  record Round(long runs, double best, double median, double late, double mean) {}

  /** Repeats the prepared case for the given time. */
  Round time(long milliseconds) {
    double[] part =
        Arrays.stream(ask("time " + milliseconds).split(" ", -1))
            .mapToDouble(Double::parseDouble)
            .toArray();
    return new Round((long) part[0], part[1], part[2], part[3], part[4]);
  }

  private String ask(String request) {
    try {
      requests.write(request + "\n");
      requests.flush();
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        if (line.startsWith(ContenderServer.MARK)) {
          return line.substring(ContenderServer.MARK.length());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no answer to " + request, e);
    }
    throw new IllegalStateException("the process ended at: " + request);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
