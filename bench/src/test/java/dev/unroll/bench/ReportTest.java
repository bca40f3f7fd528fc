package dev.unroll.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Cell;
import dev.unroll.bench.contender.Work;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  private static final Case WORK = new Case(Work.TRAIN, Cell.LSTM, 1, 50, 50, 128, 0);

  private static Result result(String engine, double... medians) {
    var rounds =
        Arrays.stream(medians)
            .mapToObj(
                median -> new ContenderProcess.Round(9, median / 2, median, 3 * median, median))
            .toList();
    return new Result(WORK, 2, engine, rounds, rounds.isEmpty() ? "not able" : "");
  }

  @Test
  void aRatioIsTakenRoundByRound() {
    var ours = result("Unroll", 10, 20, 40);
    var theirs = result("Peer", 20, 30, 40); // 2, 1.5 and 1 times as long
    assertThat(theirs.ratioTo(ours)).isEqualTo(new Result.Ratio(1.5, 1, 2));
    assertThat(theirs.median()).isEqualTo(30);
    assertThat(theirs.best()).isEqualTo(10);
    assertThat(theirs.late()).isEqualTo(90);
    assertThat(result("Peer").ratioTo(ours).median()).isNaN();
  }

  @Test
  void multiplyAddsOfATrainingStepAreThreeTimesTheForwardOnes() {
    double forward = 2.0 * 50 * 50 * 4 * 128 * 256;
    assertThat(result("Unroll", 1000).gigaflops()).isEqualTo(3 * forward / 1000);
  }

  @Test
  void tableAndJsonSayTheSame(@TempDir Path folder) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var report = new Report(new PrintStream(bytes, true, StandardCharsets.UTF_8), "a machine");
    report.begin();
    report.threads(2, 100);
    report.add(
        List.of(result("Unroll", 1e6, 2e6, 4e6), result("Fast", 5e5, 1e6, 2e6), result("Unable")),
        100);
    report.end();
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("a machine", "2 threads; peak of multiply-adds measured: 100 GFLOP/s")
        .containsPattern("Unroll +2.00 ms +500.00 µs")
        .containsPattern("Fast +1.00 ms .*0.50 \\(0.50 to 0.50\\)")
        .contains("Unable", "– not able")
        .containsPattern("than Fast +0.50");

    Path json = folder.resolve("results.json");
    report.writeJson(json);
    JsonNode results = new ObjectMapper().readTree(json.toFile()).get("results");
    assertThat(results).hasSize(3);
    assertThat(results.get(1).get("ratioToUnroll").get("median").asDouble()).isEqualTo(0.5);
    assertThat(results.get(2).get("missing").asText()).isEqualTo("not able");
  }

  @Test
  void noTwoCasesAreTheSame() {
    assertThat(Cases.all()).doesNotHaveDuplicates().hasSize(30);
  }
}
