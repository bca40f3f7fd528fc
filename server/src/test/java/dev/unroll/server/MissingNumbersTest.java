package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroll.Unroll;
import dev.unroll.model.Forecaster;
import dev.unroll.text.Gaps;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Numbers that are missing are null, where a model was trained on such. */
class MissingNumbersTest {

  private static final double[] VALUES = {
    5, 5.5, Double.NaN, 5, 6, 5.5, Double.NaN, Double.NaN, 5.5, 5, 4
  };

  private static Forecaster forecaster;
  private static UnrollServer server;
  private static Client client;

  @BeforeAll
  static void start() {
    forecaster =
        Unroll.forecaster()
            .values(
                IntStream.range(0, 90)
                    .mapToDouble(i -> i % 7 == 3 ? Double.NaN : 5 + Math.sin(i))
                    .toArray())
            .gaps(Gaps.MASK)
            .context(8)
            .horizon(3)
            .lstm(6)
            .epochs(1)
            .train();
    Path file = TestModels.FOLDER.resolve("gaps.safetensors");
    forecaster.save(file);
    server = TestModels.server().model(file).start();
    client = new Client(server);
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static String json(double... values) {
    return Arrays.stream(values)
        .mapToObj(value -> Double.isNaN(value) ? "null" : String.valueOf(value))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static JsonNode results(String body) {
    var answer = client.post("/v1/forecast", body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.results();
  }

  @Test
  void nullIsANumberThatIsNotKnown() {
    var wanted = forecaster.forecast(DoubleStream.of(VALUES).boxed().toList());
    JsonNode found = results("{\"model\":\"gaps\",\"values\":" + json(VALUES) + "}");
    for (int i = 0; i < 3; i++) {
      assertThat(found.get(i).get("value").get("forecast").doubleValue())
          .isEqualTo(wanted.rows().get(i).point());
    }
    assertThat(results("{\"model\":\"gaps\",\"columns\":{\"value\":" + json(VALUES) + "}}"))
        .isEqualTo(found);
  }

  @Test
  void sessionsReadWhatIsMissing() {
    String id = client.post("/v1/sessions", "{\"model\":\"gaps\"}").json().get("id").textValue();
    var stream = forecaster.stream();
    JsonNode last = null;
    for (double value : VALUES) {
      stream.read(value);
      last = client.post("/v1/sessions/" + id + "/push", "{\"rows\":[" + json(value) + "]}").json();
    }
    assertThat(last.get("results").get(0).get("value").get("forecast").doubleValue())
        .isEqualTo(stream.next().rows().getFirst().point());
  }

  @Test
  void otherModelsAndOtherFieldsTakeNone() {
    var answer =
        client.post("/v1/forecast", "{\"model\":\"sales\",\"values\":" + json(VALUES) + "}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    String levels = "{\"model\":\"gaps\",\"levels\":[null],\"values\":" + json(VALUES) + "}";
    assertThat(client.post("/v1/forecast", levels).text()).contains("levels[0] is null");
    assertThat(client.post("/v1/forecast", "{\"model\":\"gaps\",\"values\":[\"a\"]}").status())
        .isEqualTo(422);
  }
}
