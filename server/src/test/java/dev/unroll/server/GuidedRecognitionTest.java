package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroll.Unroll;
import dev.unroll.base.Workers;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Recognizer.Output;
import dev.unroll.model.Recognizer.Search;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A language model that is served guides a recognizer, as {@code recognize --lm} has it. */
class GuidedRecognitionTest {

  private static final List<String> SOURCES = List.of("aaannnnnnaaa", "ooottttttooo");

  private static final LanguageModel TARGETS =
      Unroll.languageModel()
          .words()
          .sentences()
          .lines(Collections.nCopies(9, "O T T O"))
          .lstm(6)
          .epochs(4)
          .train();

  private static UnrollServer server;
  private static Client client;

  @BeforeAll
  static void start() {
    TARGETS.save(TestModels.path("targets"));
    Unroll.languageModel().words().stream()
        .lines(Collections.nCopies(9, "O T T O"))
        .lstm(4)
        .epochs(1)
        .train()
        .save(TestModels.path("flow"));
    server =
        TestModels.server()
            .model(TestModels.path("targets"))
            .model(TestModels.path("flow"))
            .start();
    client = new Client(server);
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static Client.Answer ask(String fields) {
    String sources = "\"" + String.join("\",\"", SOURCES) + "\"";
    return client.post("/v1/recognize", "{\"source\":[" + sources + "]" + fields + "}");
  }

  private static void assertFinds(String fields, Search search) {
    Client.Answer answer = ask(fields);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    List<List<Output>> wanted = TestModels.RECOGNIZER.recognize(SOURCES, search, Workers.single());
    for (int i = 0; i < SOURCES.size(); i++) {
      JsonNode targets = answer.results().get(i).get("targets");
      assertThat(targets).hasSize(2);
      for (int j = 0; j < 2; j++) {
        Output own = wanted.get(i).get(j);
        assertThat(targets.get(j).get("text").textValue()).isEqualTo(own.text());
        assertThat(targets.get(j).get("score").doubleValue()).isEqualTo(own.score());
      }
    }
  }

  @Test
  void whatIsFoundIsWhatTheLibraryFinds() {
    Search plain = Search.beam(4);
    assertFinds(",\"nbest\":2,\"beam\":4", plain);
    String guided = ",\"nbest\":2,\"beam\":4,\"lm\":\"targets\"";
    assertFinds(guided, plain.guidedBy(TARGETS, Search.WEIGHT, 0));
    assertFinds(guided + ",\"lmWeight\":2", plain.guidedBy(TARGETS, 2, 0));
    assertFinds(guided + ",\"lmWeight\":0,\"labelBonus\":-3", plain.guidedBy(TARGETS, 0, -3));
    assertFinds(
        ",\"nbest\":2,\"lm\":\"targets\",\"labelBonus\":1.5",
        Search.USUAL.guidedBy(TARGETS, Search.WEIGHT, 1.5));
    assertThat(ask(guided).results()).isNotEqualTo(ask(",\"nbest\":2,\"beam\":4").results());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"lm\":\"nobody\"|404|lm|there is no such model; models are names",
        "\"lm\":\"moods\"|422|lm|the model moods is of the task classify",
        "\"lm\":\"heard\"|422|lm|the model heard is of the task recognize",
        "\"lm\":7|422|lm|must be",
        "\"lmWeight\":1|422|lm|do nothing without lm; name one",
        "\"labelBonus\":1|422|lm|do nothing without lm; name one",
        "\"lm\":\"targets\",\"beam\":1|422|beam|cannot guide a beam of 1",
        "\"lm\":\"targets\",\"lmWeight\":-1|422|lmWeight|must be in 0 … 1000",
        "\"lm\":\"targets\",\"labelBonus\":5000|422|labelBonus|must be in -1000 … 1000",
        "\"lm\":\"flow\"|422||reads a stream, not sentences",
        "\"lm\":\"names\"|422||knows none of the labels"
      })
  void whatCannotGuideIsSaid(String fields, int status, String field, String what) {
    Client.Answer refused = ask("," + fields);
    assertThat(refused.status()).as(refused.text()).isEqualTo(status);
    assertThat(refused.json().path("field").textValue()).isEqualTo(field);
    assertThat(refused.json().get("detail").textValue()).contains(what);
  }

  @Test
  void theDescriptionNamesTheModelAndItsWeight() {
    JsonNode fields =
        client.get("/openapi.json").json().at("/components/schemas/RecognizeRequest/properties");
    assertThat(fields.at("/lm/type").toString()).contains("string");
    assertThat(fields.at("/lmWeight/description").textValue()).contains("0.5 by default");
    assertThat(fields.at("/lmWeight/maximum").intValue()).isEqualTo(1000);
    assertThat(fields.at("/labelBonus/minimum").intValue()).isEqualTo(-1000);
    assertThat(fields.at("/beam/description").textValue()).contains("10 by default");
  }
}
