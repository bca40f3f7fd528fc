package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.unroll.Unroll;
import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.model.Forecaster;
import dev.unroll.result.Decoding;
import dev.unroll.result.Sampling;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each endpoint answers what the library answers, in the form that /openapi.json says. */
class EndpointsTest {

  private static UnrollServer server;
  private static Client client;
  private static JsonNode document;

  @BeforeAll
  static void start() {
    server = TestModels.server().start();
    client = new Client(server);
    document = client.get("/openapi.json").json();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  /** Returns the results of an answer that has the form of the document. */
  private static JsonNode results(String path, String body) {
    Client.Answer answer = client.post(path, body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    JsonNode schema =
        document.at(
            "/paths/"
                + path.replace("/", "~1")
                + "/post/responses/200/content/application~1json/schema");
    check(schema, answer.json());
    return answer.results();
  }

  private static void check(JsonNode reference, JsonNode value) {
    var whole = ((com.fasterxml.jackson.databind.node.ObjectNode) reference).deepCopy();
    whole.set("components", document.get("components"));
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(whole);
    assertThat(schema.validate(value)).isEmpty();
  }

  @Test
  void theDocumentIsValidOpenApi() {
    var options = new ParseOptions();
    options.setResolve(true);
    var parsed = new OpenAPIV3Parser().readContents(document.toString(), null, options);
    assertThat(parsed.getMessages()).isEmpty();
    assertThat(parsed.getOpenAPI().getPaths()).containsKeys("/v1/score", "/v1/sessions/{id}/push");
    var parameters = parsed.getOpenAPI().getPaths().get("/v1/forecast").getPost().getParameters();
    assertThat(parameters)
        .extracting(each -> each.getName() + " " + each.getIn() + " " + each.getSchema().getTypes())
        .containsExactly("model query [string]", "levels query [array]");
    assertThat(parsed.getOpenAPI().getPaths().get("/v1/score").getPost().getParameters()).isNull();
  }

  /** Whatever the order of a JVM's hashes is, of which each has another. */
  @Test
  void theDocumentIsInAnOrderOfItsOwn() {
    assertThat(client.get("/openapi.json").text())
        .contains(
            "\"info\":{\"title\":\"Unroll\",\"version\":",
            "{\"name\":\"name\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"}}",
            "\"responses\":{\"200\":{\"description\":\"the answer\",\"content\":",
            "\"anyOf\":[{\"type\":\"string\"},{\"type\":\"array\",\"items\":{\"type\":\"string\"}}]");
  }

  @Test
  void scoreIsTheLibrarys() {
    JsonNode results =
        results("/v1/score", "{\"text\":[\"anna\",\"xyz\"],\"perToken\":true,\"alternatives\":2}");
    var wanted = TestModels.LM.scoreWithRanks(List.of("anna", "xyz"));
    for (int i = 0; i < 2; i++) {
      assertThat(results.get(i).get("logProbability").doubleValue())
          .isEqualTo(wanted.get(i).total());
      assertThat(results.get(i).get("perplexity").doubleValue())
          .isEqualTo(wanted.get(i).perplexity());
      JsonNode tokens = results.get(i).get("perToken");
      for (int t = 0; t < tokens.size(); t++) {
        assertThat(tokens.get(t).get("rank").intValue()).isEqualTo(wanted.get(i).ranks().get(t));
        JsonNode best = tokens.get(t).get("alternatives").get(0);
        if (wanted.get(i).ranks().get(t) == 1) {
          assertThat(best.get("token")).isEqualTo(tokens.get(t).get("token"));
          assertThat(best.get("logProbability").doubleValue())
              .isEqualTo(wanted.get(i).logProbabilities().get(t));
        }
      }
    }
  }

  @Test
  void nextIsTheLibrarys() {
    JsonNode results = results("/v1/next", "{\"prompt\":\"an\",\"count\":3}");
    var wanted = TestModels.LM.next("an", 3);
    for (int i = 0; i < 3; i++) {
      JsonNode found = results.get(0).get("next").get(i);
      assertThat(found.get("token").textValue()).isEqualTo(wanted.get(i).token());
      assertThat(found.get("probability").doubleValue()).isEqualTo(wanted.get(i).probability());
    }
  }

  @Test
  void sampleIsTheLibrarys() {
    JsonNode results =
        results("/v1/sample", "{\"prompt\":[\"an\",\"b\"],\"count\":2,\"length\":20,\"seed\":7}");
    var options = Sampling.defaults().withLength(20).withSeed(7);
    for (int i = 0; i < 4; i++) {
      var wanted = TestModels.LM.sample(i < 2 ? "an" : "b", options, i % 2);
      assertThat(results.get(i).get("continuation").textValue()).isEqualTo(wanted.text());
      assertThat(results.get(i).get("logProbability").doubleValue())
          .isEqualTo(wanted.logProbability());
    }
  }

  @Test
  void classifyIsTheLibrarys() {
    JsonNode results =
        results("/v1/classify", "{\"text\":[\"good food\",\"bad\"],\"probabilities\":true}");
    var wanted = TestModels.CLASSIFIER.classify(List.of("good food", "bad"), Workers.single());
    for (int i = 0; i < 2; i++) {
      assertThat(results.get(i).get("label").textValue()).isEqualTo(wanted.get(i).label());
      assertThat(results.get(i).get("probabilities").get("good").doubleValue())
          .isEqualTo(wanted.get(i).probability("good"));
    }
  }

  @Test
  void tagIsTheLibrarys() {
    JsonNode results = results("/v1/tag", "{\"words\":[\"the\",\"cat\"],\"probabilities\":true}");
    var wanted = TestModels.TAGGER.tagWithProbabilities(List.of("the", "cat"));
    assertThat(results.size()).isEqualTo(1);
    assertThat(results.get(0).get("tags").get(1).textValue()).isEqualTo(wanted.tags().get(1));
    assertThat(results.get(0).get("probabilities").get(1).floatValue())
        .isEqualTo(wanted.probabilities().get(1).floatValue());
    assertThat(results("/v1/tag", "{\"words\":[[\"the\"],[\"cat\",\"ran\"]]}").size()).isEqualTo(2);
  }

  @Test
  void transduceIsTheLibrarys() {
    JsonNode results =
        results("/v1/transduce", "{\"source\":\"a n n a\",\"nbest\":2,\"attention\":true}");
    var wanted =
        TestModels.TRANSDUCER
            .transduce(List.of("a n n a"), Decoding.BEAM.withAttention())
            .getFirst();
    JsonNode best = results.get(0).get("targets").get(0);
    assertThat(best.get("text").textValue()).isEqualTo(wanted.text());
    assertThat(best.get("score").doubleValue()).isEqualTo(wanted.outputs().getFirst().score());
    assertThat(best.get("attention").size()).isEqualTo(best.get("tokens").size());
  }

  /** Of a batch, whose longest source leaves numbers behind the others. */
  @Test
  void attentionIsThatOfTheSourceAlone() {
    String rest = ",\"nbest\":2,\"attention\":true}";
    JsonNode both = results("/v1/transduce", "{\"source\":[\"a n n a\",\"b\"]" + rest);
    JsonNode alone = results("/v1/transduce", "{\"source\":\"b\"" + rest);
    assertThat(both.get(1)).isEqualTo(alone.get(0));
    assertThat(alone.get(0).get("sourceTokens").size()).isEqualTo(2);
  }

  @Test
  void recognizeIsTheLibrarys() {
    JsonNode results = results("/v1/recognize", "{\"source\":\"aaannnnnnaaa\",\"beam\":3}");
    var wanted =
        TestModels.RECOGNIZER
            .recognize(List.of("aaannnnnnaaa"), dev.unroll.model.Recognizer.Search.beam(3))
            .getFirst();
    assertThat(results.get(0).get("targets").get(0).get("text").textValue())
        .isEqualTo(wanted.text());
  }

  @Test
  void regressIsTheLibrarys() {
    JsonNode results = results("/v1/regress", "{\"text\":\"good food\"}");
    assertThat(results.get(0).get("value").doubleValue())
        .isEqualTo(TestModels.REGRESSOR.predict("good food"));
  }

  @Test
  void forecastIsTheLibrarysFromJsonAndFromCsv() {
    var values = List.of(5.0, 5.5, 4.5, 5.0, 6.0, 5.5, 4.0, 5.0, 5.5);
    var wanted = TestModels.FORECASTER.forecast(values);
    JsonNode fromJson = results("/v1/forecast", "{\"values\":" + values + "}");
    String target = wanted.targets().getFirst();
    var csv = new StringBuilder("value\n");
    values.forEach(each -> csv.append(each).append('\n'));
    Client.Answer fromCsv =
        client.send(
            client
                .request("/v1/forecast?model=sales")
                .header("Content-Type", "text/csv")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(csv.toString())));
    assertThat(fromCsv.status()).as(fromCsv.text()).isEqualTo(200);
    for (int i = 0; i < 3; i++) {
      double point = wanted.rows().get(i).point();
      JsonNode value = fromJson.get(i).get(target);
      assertThat(value.get("forecast").doubleValue()).isEqualTo(point);
      assertThat(value.get("quantiles").size())
          .isEqualTo(wanted.rows().get(i).of(target).quantiles().size());
      assertThat(fromCsv.results().get(i)).isEqualTo(fromJson.get(i));
    }
  }

  private static Client.Answer csv(String query, String type, String body) {
    return csv(client, query, type, body);
  }

  private static Client.Answer csv(Client of, String query, String type, String body) {
    return of.send(
        of.request("/v1/forecast" + query)
            .header("Content-Type", type)
            .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body)));
  }

  /** As spreadsheets write them. */
  @Test
  void tablesMayHaveAMarkOfUtf8AndBlanks() {
    String rows = "2026-01-01 , 5\r\n2026-01-02,5.5 \r\n";
    for (int day = 3; day < 10; day++) {
      rows += "2026-01-0" + day + ", 4\r\n";
    }
    var answer = csv("?levels=0.1,0.9", "text/csv; charset=utf-8", "\ufefftime, value\r\n" + rows);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    JsonNode first = answer.results().get(0);
    assertThat(first.get("time").textValue()).isEqualTo("2026-01-10");
    assertThat(first.get("value").get("quantiles").properties())
        .extracting(Map.Entry::getKey)
        .containsExactly("0.1", "0.9");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?levels=0.1,x|text/csv|levels has x, must be numbers between commas",
        "?levels=0.1,|text/csv|levels has , must be numbers",
        "?levels=2|text/csv|levels[0] is 2.0, must be in 0 … 1",
        "?csv=a|text/csv|csv is not a field of the query; fields are model, levels",
        "?time=2026|text/csv|time is not a field of the query",
        "?levels=0.1&model=sales|application/json|model stands in the query; write it into the body"
      })
  void fieldsOfAQueryAreCheckedAsThoseOfABody(String query, String type, String what) {
    var answer = csv(query, type, "value\n1\n");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().get("detail").textValue()).contains(what);
  }

  @Test
  void tablesHaveTheirTimesInAColumn() {
    assertThat(client.post("/v1/forecast", "{\"csv\":\"value\\n1\",\"time\":[\"2026\"]}").text())
        .contains("time does nothing with csv");
  }

  /** As a file that the command line takes. */
  @Test
  void tablesAreReadAsFilesAre() throws IOException {
    var rows = new StringBuilder("id;Month;Value;note\n");
    for (int month = 0; month < 47; month++) {
      rows.append(
          "7;01.%02d.%d;%d,5;a\n".formatted(1 + month % 12, 2014 + month / 12, 4 + month % 3));
    }
    Path file = Files.writeString(TestModels.FOLDER.resolve("months.csv"), rows.toString());
    var monthly =
        Unroll.forecaster().csv(file).target("Value").context(8).horizon(3).lstm(4).epochs(1);
    Forecaster model = monthly.train();
    model.save(TestModels.path("monthly"));
    var wanted = model.forecast(file).rows();
    try (var other = UnrollServer.builder().model(TestModels.path("monthly")).port(0).start()) {
      var answer = csv(new Client(other), "", "text/csv", rows.toString());
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      for (int i = 0; i < 3; i++) {
        JsonNode found = answer.results().get(i);
        assertThat(found.get("time").textValue()).isEqualTo(wanted.get(i).time());
        assertThat(found.get("Value").get("forecast").doubleValue())
            .isEqualTo(wanted.get(i).point());
      }
      assertThat(answer.results().get(0).get("time").textValue()).isEqualTo("01.12.2017");
    }
  }

  @Test
  void whatIsWrongInATableHasItsLine() {
    String rows = "month,value\n2014-01,1\n2014-02,\n2014-03,x\n";
    assertThat(csv("", "text/csv", rows).json().get("detail").textValue()).contains("csv:");
  }

  @Test
  void tokensGoThereAndBack() {
    JsonNode found = results("/v1/tokenize", "{\"text\":\"anna\"}").get(0);
    assertThat(found.get("tokens").size()).isEqualTo(4);
    JsonNode text = results("/v1/detokenize", "{\"ids\":" + found.get("ids") + "}").get(0);
    assertThat(text.get("text").textValue()).isEqualTo("anna");
  }

  @Test
  void embedGivesTheStatesOfALayer() {
    JsonNode all = results("/v1/embed", "{\"text\":\"anna\",\"pooling\":\"all\"}").get(0);
    JsonNode last = results("/v1/embed", "{\"text\":\"anna\",\"pooling\":\"last\"}").get(0);
    JsonNode mean = results("/v1/embed", "{\"text\":[\"anna\",\"b\"]}").get(0);
    assertThat(all.get("vectors").size()).isEqualTo(4);
    assertThat(all.get("vectors").get(3)).isEqualTo(last.get("vector"));
    var state = TestModels.LM.start();
    for (int id : TestModels.LM.tokenizer().encode("anna")) {
      state = TestModels.LM.step(state, id);
    }
    for (int j = 0; j < last.get("vector").size(); j++) {
      assertThat(last.get("vector").get(j).floatValue())
          .isEqualTo(state.layers().getFirst().a()[j]);
      double sum = 0;
      for (JsonNode step : all.get("vectors")) {
        sum += step.get(j).floatValue();
      }
      assertThat(mean.get("vector").get(j).floatValue()).isEqualTo((float) (sum / 4));
    }
  }

  /** The vectors of all tasks that read texts are outputs of their layers. */
  @Test
  void embedReadsModelsOfEveryTask() {
    Workers one = Workers.single();
    var texts = List.of("good food anna", "bad");
    String quoted = "\"text\":[\"good food anna\",\"bad\"]";
    var tokens = texts.stream().map(text -> List.of(text.split(" ", -1)));
    vectors(
        "moods",
        quoted,
        TestModels.CLASSIFIER.outputs(
            texts.stream().map(text -> TestModels.CLASSIFIER.labeled(text, List.of())).toList(),
            1,
            one));
    vectors(
        "tags",
        quoted,
        TestModels.TAGGER.outputs(
            tokens.map(words -> new LabeledSequence(words, List.of())).toList(), 1, one));
    vectors("stars", quoted, TestModels.REGRESSOR.outputs(texts, 1, one));
    var sources = List.of("a n n a", "o");
    quoted = "\"text\":[\"a n n a\",\"o\"]";
    vectors("sounds", quoted, TestModels.TRANSDUCER.outputs(sources, 1, one));
    vectors("heard", quoted, TestModels.RECOGNIZER.outputs(sources, 1, one));
    assertThat(client.post("/v1/embed", "{\"model\":\"sales\"," + quoted + "}").status())
        .isEqualTo(422);
  }

  private static void vectors(String model, String texts, List<float[][]> wanted) {
    String body = "{\"model\":\"" + model + "\"," + texts + ",\"pooling\":\"";
    JsonNode all = results("/v1/embed", body + "all\"}");
    JsonNode last = results("/v1/embed", body + "last\"}");
    JsonNode mean = results("/v1/embed", body + "mean\"}");
    for (int i = 0; i < wanted.size(); i++) {
      float[][] own = wanted.get(i);
      assertThat(all.get(i).get("tokens").intValue()).as(model).isEqualTo(own.length);
      for (int t = 0; t < own.length; t++) {
        assertThat(floats(all.get(i).get("vectors").get(t))).as(model).containsExactly(own[t]);
      }
      assertThat(floats(last.get(i).get("vector"))).containsExactly(own[own.length - 1]);
      float[] means = new float[own[0].length];
      for (int j = 0; j < means.length; j++) {
        double sum = 0;
        for (float[] step : own) {
          sum += step[j];
        }
        means[j] = (float) (sum / own.length);
      }
      assertThat(floats(mean.get(i).get("vector"))).containsExactly(means);
    }
  }

  private static float[] floats(JsonNode list) {
    float[] values = new float[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i).floatValue();
    }
    return values;
  }

  @Test
  void modelsSayWhatTheyAre() {
    JsonNode list = client.get("/v1/models").json();
    assertThat(list.get("data").size()).isEqualTo(7);
    JsonNode one = client.get("/v1/models/names").json();
    assertThat(one.get("task").textValue()).isEqualTo("lm");
    assertThat(one.get("parameters").intValue()).isEqualTo(TestModels.LM.size());
    assertThat(one.get("hash").textValue())
        .isEqualTo(list.get("data").get(0).get("hash").textValue());
    assertThat(client.get("/v1/models/nobody").status()).isEqualTo(404);
  }

  @Test
  void metricsAndHealth() {
    assertThat(client.post("/v1/classify", "{\"text\":\"good\"}").status()).isEqualTo(200);
    String metrics = client.get("/metrics").text();
    assertThat(metrics)
        .contains(
            "unroll_request_seconds_bucket{endpoint=\"/v1/classify\",model=\"moods\",status=\"200\"",
            "unroll_batch_size_count{model=\"moods\"}",
            "unroll_queue_length",
            "unroll_sessions",
            "jvm_memory_used_bytes");
    assertThat(Map.of("live", client.get("/live").status(), "ready", client.get("/ready").status()))
        .containsEntry("live", 200)
        .containsEntry("ready", 200);
  }
}
