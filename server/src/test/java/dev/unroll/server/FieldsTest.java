package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroll.Unroll;
import dev.unroll.base.Workers;
import dev.unroll.model.Classifier;
import dev.unroll.result.Classification;
import dev.unroll.result.Decoding;
import dev.unroll.result.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A field of a request does what the option of the library does. */
class FieldsTest {

  private static final Classifier SEVERAL =
      Unroll.classifier()
          .multiLabel(
              IntStream.range(0, 40).boxed().toList(),
              i -> (i % 2 == 0 ? "good " : "bad ") + (i % 3 == 0 ? "food" : "room"),
              i -> List.of(i % 2 == 0 ? "praise" : "blame", i % 3 == 0 ? "kitchen" : "house"))
          .lstm(8)
          .epochs(3)
          .train();

  private static UnrollServer server;
  private static Client client;

  @BeforeAll
  static void start() {
    SEVERAL.save(TestModels.path("several"));
    server = TestModels.server().model(TestModels.path("several")).start();
    client = new Client(server);
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static JsonNode results(String path, String body) {
    Client.Answer answer = client.post(path, body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.results();
  }

  private static List<String> texts(JsonNode list) {
    var texts = new ArrayList<String>();
    list.forEach(each -> texts.add(each.textValue()));
    return texts;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.2, 0.5, 0.8, 0.99})
  void aTextHasTheLabelsAboveTheThreshold(double threshold) {
    var asked = List.of("good food", "bad room", "food");
    String quoted = asked.stream().collect(Collectors.joining("\",\"", "[\"", "\"]"));
    JsonNode results =
        results(
            "/v1/classify",
            "{\"model\":\"several\",\"text\":" + quoted + ",\"threshold\":" + threshold + "}");
    List<Classification> wanted =
        SEVERAL.withThreshold(threshold).classify(asked, Workers.single());
    for (int i = 0; i < asked.size(); i++) {
      assertThat(texts(results.get(i).get("labels"))).isEqualTo(wanted.get(i).labels());
      assertThat(results.get(i).has("label")).isFalse();
    }
  }

  @Test
  void wordsMayComeNext() {
    JsonNode next =
        results("/v1/next", "{\"prompt\":\"an\",\"count\":4,\"words\":true}").get(0).get("next");
    var wanted = TestModels.LM.nextWords("an", 4);
    assertThat(next).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.size(); i++) {
      assertThat(next.get(i).get("token").textValue()).isEqualTo(wanted.get(i).token());
      assertThat(next.get(i).get("probability").doubleValue())
          .isEqualTo(wanted.get(i).probability());
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 1, true", "0.7, 3, 1, false", "1.3, 0, 0.6, false", "1, 2, 0.5, true"})
  void textsAreDrawnFromWhatIsLikely(double temperature, int topK, double topP, boolean ends) {
    var options =
        Sampling.temperature(temperature).withTopK(topK).withTopP(topP).withLength(15).withSeed(6);
    String fields =
        ("{\"prompt\":\"an\",\"length\":15,\"seed\":6,\"temperature\":%s,"
                + "\"topK\":%d,\"topP\":%s,\"stopAtEnd\":%s}")
            .formatted(temperature, topK, topP, ends);
    assertThat(results("/v1/sample", fields).get(0).get("continuation").textValue())
        .isEqualTo(TestModels.LM.sample("an", ends ? options : options.pastEnd(), 0).text());
  }

  @Test
  void aTextEndsBeforeItsStop() {
    String whole = TestModels.LM.sample("an", Sampling.defaults().withSeed(5), 0).text();
    String stop = whole.substring(1, 2);
    String fields = "{\"prompt\":\"an\",\"seed\":5,\"stop\":[\"##\",\"" + stop + "\"]}";
    assertThat(results("/v1/sample", fields).get(0).get("continuation").textValue())
        .isEqualTo(whole.substring(0, whole.indexOf(stop)));
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 0, false", "3, 2, 0, false", "4, 0.6, 2, false", "5, 1, 0, true"})
  void targetsAreSearchedAsTheLibraryDoes(int beam, double power, int longest, boolean copy) {
    var how = new Decoding(beam, power, longest, false, copy);
    String fields =
        ("{\"source\":\"a n x a\",\"nbest\":%d,\"beam\":%d,\"lengthPower\":%s,"
                + "\"longest\":%d,\"copy\":%s}")
            .formatted(beam, beam, power, longest, copy);
    JsonNode targets = results("/v1/transduce", fields).get(0).get("targets");
    var wanted =
        TestModels.TRANSDUCER.transduce(List.of("a n x a"), how, Workers.single()).getFirst();
    assertThat(targets).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.size(); i++) {
      assertThat(targets.get(i).get("text").textValue()).isEqualTo(wanted.get(i).text());
      assertThat(targets.get(i).get("score").doubleValue()).isEqualTo(wanted.get(i).score());
    }
  }

  @Test
  void aModelSaysWhatItWasMadeFrom() {
    JsonNode told = client.get("/v1/models/names").json().get("provenance");
    assertThat(told.isEmpty()).isFalse();
    TestModels.LM
        .provenance()
        .json()
        .forEach((name, value) -> assertThat(told.has(name)).as(name).isTrue());
  }
}
