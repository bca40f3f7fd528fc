package dev.unroll.cli.lm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.cli.Session;
import dev.unroll.cli.chart.SvgTexts;
import dev.unroll.kernel.CounterRandom;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgreementCommandTest {

  @TempDir Path folder;

  @Test
  void theVerbStandsAtItsDistanceAndAgrees() {
    int plurals = 0;
    for (int i = 0; i < 500; i++) {
      int distance = 1 + i % 50;
      var random = CounterRandom.of(3, CounterRandom.Purpose.SAMPLING, i);
      var sentence = new AgreementGrammar(random).sentence(distance);
      assertThat(sentence.verb()).isEqualTo(1 + distance);
      boolean noun = sentence.words().get(1).endsWith("s");
      assertThat(sentence.plural()).isEqualTo(noun);
      assertThat(sentence.words().get(sentence.verb())).isEqualTo(noun ? "were" : "was");
      assertThat(sentence.upToVerb(false)).endsWith(noun ? " was" : " were");
      long opened = sentence.words().stream().filter("which"::equals).count();
      long commas = sentence.words().stream().filter(","::equals).count();
      assertThat(commas).isEqualTo(2 * opened);
      plurals += noun ? 1 : 0;
    }
    assertThat(plurals).isBetween(200, 300);
  }

  @Test
  void aCellLearnsShortDistancesAndTheResultIsDrawn() throws IOException {
    Path plot = folder.resolve("small");
    String[] command = {
      "agreement",
      "--json",
      "--cells",
      "lstm,rnn",
      "--longest",
      "4",
      "--sentences",
      "4000",
      "--epochs",
      "20",
      "--units",
      "48",
      "--plot",
      plot.toString()
    };
    var result = Session.run(command);
    assertThat(result.status()).as(result.err()).isZero();
    JsonNode lstm = new ObjectMapper().readTree(result.out()).get("lstm");
    assertThat(lstm.get("accuracy").get("1").asDouble()).isGreaterThan(0.9);
    assertThat(lstm.get("gradientAfter")).hasSize(6);
    for (String end : new String[] {"accuracy", "before", "after"}) {
      SvgTexts drawn = SvgTexts.of(folder.resolve("small-" + end + ".svg"));
      assertThat(drawn.all()).contains("LSTM", "basic RNN", end.equals("accuracy") ? "%" : "norm");
      assertThat(drawn.clipped()).isEmpty();
      assertThat(drawn.overlapping()).isEmpty();
    }
    command[1] = "--output=csv";
    var lines = Session.ok(command).out().lines().toList();
    assertThat(lines).hasSize(1 + 2 * 6).doesNotHaveDuplicates();
    assertThat(lines.getFirst()).isEqualTo("cell,distance,accuracy,gradientBefore,gradientAfter");
    assertThat(lines.get(1)).startsWith("lstm,0,,");
    JsonNode after = lstm.get("gradientAfter");
    assertThat(lines.get(2))
        .startsWith("lstm,1," + lstm.get("accuracy").get("1").asText() + ",")
        .endsWith("," + after.get(1).asText());
  }
}
