package dev.unroll.bench.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Whether load gets right answers, and whether wrong ones are seen; no times. */
class ServeTest {

  private int status;

  private String run(Callable<Integer> command, String... args) {
    var out = new StringWriter();
    status = new CommandLine(command).setOut(new PrintWriter(out)).execute(args);
    return out.toString();
  }

  @Test
  void allServersAnswerRightUnderLoad() {
    String out =
        run(
            new ServeCommand(),
            "--duration=150",
            "--rounds=1",
            "--warm-up=50",
            "--clients=1,16",
            "--units=12",
            "--vocabulary=100",
            "--texts=16");
    assertThat(out).contains("answers that were wrong or refused: 0");
    assertThat(out.lines().filter(line -> line.matches("(classify|score|completions) .*")))
        .hasSize(3 * (1 + 2 * 4));
    assertThat(status).isZero();
  }

  @Test
  void aServerLastsWhileModelsAreReplacedAndClientsMisbehave() {
    String out =
        run(
            new SoakCommand(),
            "0.25",
            "--connections=16",
            "--sessions=20",
            "--warm-up=500",
            "--units=12",
            "--vocabulary=100",
            "--xmx=128m");
    assertThat(out.lines().filter(line -> line.endsWith("answers as they should be")))
        .hasSize(10)
        .allMatch(line -> line.startsWith("met"));
    assertThat(out).containsPattern("met +requests that run after it: 0");
    // 16 connections, each of which waits for its answers, ask for twice the capacity only if other
    // work disturbed its measurement
    assertThat(out).containsPattern("(met|MISSED) +the load was");
    assertThat(status).isEqualTo(out.contains("MISSED") ? 1 : 0);
  }

  /** A server that does not start is no result, and neither is a wrong answer. */
  @Test
  void whatGoesWrongIsTheExitStatus() throws IOException {
    var out = new StringWriter();
    var table = new ServeTable(new PrintWriter(out));
    var models = new LoadModels(12, 100);
    Endpoint.Library asked = models.library(1);
    try (var folder = new TemporaryFolder()) {
      models.save(models.library(2), folder.path());
      try (var server = ServerProcess.start(folder.path(), "server", List.of(), List.of())) {
        List<Question> questions = Endpoint.SCORE.questions(asked, Endpoint.SCORE.texts(models, 4));
        ClosedLoop.Result result = new ClosedLoop(server.port(), questions).run(2, 200);
        assertThat(result.wrong()).isPositive();
        table.endpoint(Endpoint.SCORE, new Histogram(3), Map.of(2, Map.of("Unroll", result)));
      }
      assertThat(table.wrong()).isPositive();
      var options = List.of("--batch-size", "0");
      assertThatThrownBy(() -> ServerProcess.start(folder.path(), "none", List.of(), options))
          .hasMessageContaining("batch-size is 0");
    }
  }

  @Test
  void anotherNumberIsAWrongAnswer() {
    var models = new LoadModels(12, 100);
    var own = models.library(1);
    for (Endpoint each : Endpoint.values()) {
      Question question = each.questions(own, each.texts(models, 1)).getFirst();
      byte[] other =
          "{\"results\": [{\"logProbability\": -1, \"tokens\": 3}]}"
              .getBytes(StandardCharsets.UTF_8);
      assertThat(question.isRight(other)).isFalse();
    }
  }
}
