package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroll.Unroll;
import dev.unroll.model.LanguageModel;
import dev.unroll.result.Sampling;
import dev.unroll.result.SentenceScore;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The edges of OpenAI's completions, as its reference describes them. */
class CompletionsTest {

  private static final LanguageModel WORDS =
      Unroll.languageModel()
          .tokens(TokenOptions.of(Segmentation.Unit.WORDS).withLowerCase(true))
          .lines(Collections.nCopies(9, "the old cat sat on a mat and the dog ran"))
          .lstm(12)
          .epochs(2)
          .train();

  private static UnrollServer server;
  private static Client client;

  @BeforeAll
  static void start() {
    Path words = TestModels.FOLDER.resolve("words.safetensors");
    WORDS.save(words);
    server = TestModels.server().model(words).start();
    client = new Client(server);
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static JsonNode ask(String fields) {
    return ask("names", fields);
  }

  private static JsonNode ask(String model, String fields) {
    var answer = client.post("/v1/completions", "{\"model\":\"" + model + "\"," + fields + "}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  private static List<JsonNode> events(String fields) {
    String text =
        client
            .post("/v1/completions", "{\"model\":\"names\",\"stream\":true," + fields + "}")
            .text();
    assertThat(text).endsWith("data: [DONE]\n\n");
    return text.lines()
        .filter(line -> line.startsWith("data: {"))
        .map(line -> Client.read(line.substring("data: ".length())))
        .toList();
  }

  private static List<String> tokensAt(JsonNode choice) {
    String text = choice.get("text").textValue();
    var found = new ArrayList<String>();
    choice
        .get("logprobs")
        .get("text_offset")
        .forEach(offset -> found.add(text.substring(offset.intValue())));
    return found;
  }

  /** Every token stands in the text where its offset says. */
  private static void assertOffsets(JsonNode choice) {
    List<String> found = tokensAt(choice);
    JsonNode tokens = choice.get("logprobs").get("tokens");
    assertThat(found).hasSameSizeAs(tokens);
    for (int i = 0; i < found.size(); i++) {
      String token = tokens.get(i).textValue();
      if (!token.startsWith("<")) { // what ends a line, or is not known
        assertThat(found.get(i)).as("%s of %s", token, choice).startsWithIgnoringCase(token);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "names, anna",
    "words, The OLD  cat",
    "words, the zebra ran",
    "words, the cat\\n a dog",
    "words, the cat\\r\\na dog"
  })
  void tokensOfAnEchoBeginWhereTheyStand(String model, String prompt) {
    String fields = "\"prompt\":\"" + prompt + "\",\"echo\":true,\"logprobs\":1,\"max_tokens\":6";
    assertOffsets(ask(model, fields).get("choices").get(0));
  }

  @Test
  void tokensOfIdsBeginWhereTheyStand() {
    int[] ids = WORDS.tokenizer().encode("the old cat");
    String prompt = IntStream.of(ids).boxed().toList().toString();
    JsonNode choice =
        ask("words", "\"prompt\":" + prompt + ",\"echo\":true,\"logprobs\":0,\"max_tokens\":3")
            .get("choices")
            .get(0);
    assertThat(choice.get("text").textValue()).startsWith("the old cat");
    assertOffsets(choice);
    assertThat(choice.get("logprobs").get("text_offset").toString()).startsWith("[0,4,8,");
  }

  /** What a stop text holds back counts for the offsets of what follows. */
  @Test
  void offsetsCountWhatIsHeldBack() {
    String whole = TestModels.LM.sample("an", Sampling.defaults().withLength(8), 0).text();
    String open = whole.substring(0, whole.length() - 1) + "#"; // never comes, but seems to
    JsonNode choice =
        ask("\"prompt\":\"an\",\"logprobs\":0,\"max_tokens\":8,\"stop\":\"" + open + "\"")
            .get("choices")
            .get(0);
    assertThat(choice.get("text").textValue()).isEqualTo(whole);
    assertOffsets(choice);
  }

  /** "There may be up to logprobs+1 elements": the token itself is always among them. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void theTokenItselfIsAmongTheLikeliest(int count) {
    JsonNode scores =
        ask("\"prompt\":\"xqz\",\"echo\":true,\"max_tokens\":5,\"logprobs\":" + count)
            .get("choices")
            .get(0)
            .get("logprobs");
    for (int i = 0; i < scores.get("tokens").size(); i++) {
      JsonNode likeliest = scores.get("top_logprobs").get(i);
      JsonNode own = likeliest.get(scores.get("tokens").get(i).textValue());
      assertThat(own).as(likeliest.toString()).isEqualTo(scores.get("token_logprobs").get(i));
      assertThat(likeliest.size()).isBetween(Math.max(count, 1), count + 1);
    }
  }

  /** How a prompt is scored: an echo of nothing but the prompt. */
  @Test
  void noTokenIsDrawnWhereNoneIsWanted() {
    JsonNode answer = ask("\"prompt\":\"anna\",\"echo\":true,\"logprobs\":1,\"max_tokens\":0");
    JsonNode choice = answer.get("choices").get(0);
    assertThat(choice.get("text").textValue()).isEqualTo("anna");
    assertThat(choice.get("finish_reason").textValue()).isEqualTo("length");
    assertThat(answer.get("usage").get("completion_tokens").intValue()).isZero();
    SentenceScore score = TestModels.LM.score("anna");
    JsonNode scores = choice.get("logprobs").get("token_logprobs");
    assertThat(scores).hasSize(4);
    for (int i = 0; i < 4; i++) {
      assertThat(scores.get(i).doubleValue()).isEqualTo(score.logProbabilities().get(i));
    }
    JsonNode nothing = ask("\"prompt\":\"anna\",\"max_tokens\":0").get("choices").get(0);
    assertThat(nothing.get("text").textValue()).isEmpty();
  }

  @Test
  void promptsMayBeEmptyMissingOrListsOfTokens() {
    JsonNode empty = ask("\"prompt\":\"\",\"seed\":4").get("choices");
    assertThat(ask("\"seed\":4").get("choices")).isEqualTo(empty);
    assertThat(ask("\"prompt\":null,\"seed\":4").get("choices")).isEqualTo(empty);
    assertThat(ask("\"prompt\":[\"\"],\"seed\":4").get("choices")).isEqualTo(empty);
    int[] ids = TestModels.LM.tokenizer().encode("an");
    JsonNode two =
        ask("\"seed\":4,\"prompt\":[[%d,%d],[%d]]".formatted(ids[0], ids[1], ids[0]))
            .get("choices");
    JsonNode texts = ask("\"seed\":4,\"prompt\":[\"an\",\"a\"]").get("choices");
    assertThat(two).isEqualTo(texts);
  }

  /** Choices of prompt p are n·p … n·p + n - 1, whole or in a stream. */
  @Test
  void textsOfAStreamAreThoseOfAWholeAnswer() {
    String fields = "\"prompt\":[\"an\",\"b\"],\"n\":3,\"logprobs\":1,\"seed\":9";
    JsonNode whole = ask(fields).get("choices");
    assertThat(whole).hasSize(6);
    var texts = new String[6];
    var reasons = new String[6];
    var tokens = new int[6];
    for (JsonNode event : events(fields)) {
      JsonNode choice = event.get("choices").get(0);
      assertThat(event.has("usage")).isFalse();
      int index = choice.get("index").intValue();
      String before = texts[index] == null ? "" : texts[index];
      texts[index] = before + choice.get("text").textValue();
      reasons[index] = choice.get("finish_reason").textValue();
      tokens[index] += choice.get("logprobs").get("tokens").size();
    }
    for (int i = 0; i < 6; i++) {
      JsonNode own = whole.get(i);
      assertThat(own.get("index").intValue()).isEqualTo(i);
      assertThat(texts[i]).isEqualTo(own.get("text").textValue());
      assertThat(reasons[i]).isEqualTo(own.get("finish_reason").textValue());
      assertThat(tokens[i]).isEqualTo(own.get("logprobs").get("tokens").size());
    }
  }

  /** "All other chunks will also include a usage field, but with a null value." */
  @Test
  void theLastEventHasTheUsage() {
    String fields = "\"prompt\":\"an\",\"n\":2,\"seed\":9";
    var events = events(fields + ",\"stream_options\":{\"include_usage\":true}");
    JsonNode last = events.getLast();
    assertThat(last.get("choices")).isEmpty();
    assertThat(last.get("usage")).isEqualTo(ask(fields).get("usage"));
    for (JsonNode event : events.subList(0, events.size() - 1)) {
      assertThat(event.get("usage").isNull()).as(event.toString()).isTrue();
      assertThat(event.get("object").textValue()).isEqualTo("text_completion");
      assertThat(event.get("choices")).hasSize(1);
    }
  }

  private static String drawn(long seed) {
    var options = Sampling.defaults().withLength(12).withSeed(seed);
    return TestModels.LM.sample("an", options, 0).text();
  }

  /** Of several stop texts the first in the text counts, over the borders of tokens. */
  @Test
  void severalStopsEndATextOverTheBordersOfTokens() {
    long seed = 1;
    while (drawn(seed).length() < 5) {
      seed++;
    }
    String whole = drawn(seed);
    String fields = "\"prompt\":\"an\",\"max_tokens\":12,\"seed\":" + seed;
    String late = whole.substring(2, 4);
    String early = whole.substring(1, 3);
    String stops = ",\"stop\":[\"" + late + "\",\"" + early + "\",\"##\",\"" + early + "#\"]";
    JsonNode choice = ask(fields + stops).get("choices").get(0);
    assertThat(choice.get("text").textValue())
        .isEqualTo(whole.substring(0, Math.min(whole.indexOf(early), whole.indexOf(late))));
    assertThat(choice.get("finish_reason").textValue()).isEqualTo("stop");
    var streamed = new StringBuilder();
    events(fields + stops)
        .forEach(event -> streamed.append(event.get("choices").get(0).get("text").textValue()));
    assertThat(streamed).hasToString(choice.get("text").textValue());
    JsonNode none = ask(fields + ",\"stop\":[]").get("choices").get(0);
    assertThat(none.get("text").textValue()).isEqualTo(whole);
    assertThat(ask(fields + ",\"stop\":null").get("choices").get(0)).isEqualTo(none);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"prompt\":[]|prompt",
        "\"prompt\":[[\"a\"]]|prompt",
        "\"prompt\":[[[1]]]|prompt",
        "\"prompt\":[1,\"a\"]|prompt",
        "\"prompt\":[-1]|prompt",
        "\"prompt\":[1.5]|prompt",
        "\"prompt\":{\"a\":1}|prompt",
        "\"prompt\":7|prompt",
        "\"stream_options\":{\"include_usage\":true}|stream_options",
        "\"best_of\":3|best_of",
        "\"n\":3,\"best_of\":1|best_of",
        "\"suffix\":\"x\"|suffix",
        "\"logit_bias\":{\"5\":1}|logit_bias",
        "\"max_tokens\":-1|max_tokens",
        "\"n\":0|n",
        "\"top_p\":1.5|top_p",
        "\"temperature\":-0.1|temperature",
        "\"logprobs\":true|logprobs",
        "\"stop\":\"\"|",
        "\"stop\":[1]|stop[0]"
      })
  void whatIsWrongIsNamedAsOpenAiDoes(String fields, String param) {
    var answer = client.post("/v1/completions", "{\"model\":\"names\"," + fields + "}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.json().get("status").intValue()).isEqualTo(400);
    JsonNode error = answer.json().get("error");
    assertThat(error.get("type").textValue()).isEqualTo("invalid_request_error");
    assertThat(error.get("param").textValue()).isEqualTo(param);
    assertThat(error.get("message").textValue()).isNotBlank();
  }

  private static void assertError(Client.Answer answer, int status, String code, String param) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    JsonNode error = answer.json().get("error");
    assertThat(error.get("code").textValue()).isEqualTo(code);
    assertThat(error.get("param").textValue()).isEqualTo(param);
    assertThat(error.get("message")).isEqualTo(answer.json().get("detail"));
  }

  @Test
  void modelsThatAreNotThereAreErrorsAsOpenAiWritesThem() {
    String path = "/v1/completions";
    assertError(client.post(path, "{\"model\":\"gpt-7\"}"), 404, "model_not_found", null);
    assertError(client.get("/v1/models/gpt-7"), 404, "model_not_found", null);
    assertError(client.post(path, "{\"model\":\"moods\"}"), 400, null, "model");
    assertError(client.post(path, "{}"), 400, null, "model"); // one of two
    assertError(client.post("/v1/embeddings", "{\"input\":\"a\"}"), 400, null, "model");
    String other = "{\"model\":\"names\",\"input\":\"a\",\"dimensions\":3}";
    assertError(client.post("/v1/embeddings", other), 400, null, "dimensions");
  }

  /** Seeds of clients have 64 bits, of which each makes another text. */
  @ParameterizedTest
  @ValueSource(longs = {9_007_199_254_740_993L, Long.MAX_VALUE, Long.MIN_VALUE})
  void everyBitOfASeedCounts(long seed) {
    String text = drawn(seed);
    String fields = "\"prompt\":\"an\",\"max_tokens\":12,\"seed\":" + seed;
    assertThat(ask(fields).get("choices").get(0).get("text").textValue()).isEqualTo(text);
    var sampled =
        client.post(
            "/v1/sample",
            "{\"model\":\"names\",\"prompt\":\"an\",\"length\":12,\"seed\":" + seed + "}");
    assertThat(sampled.results().get(0).get("continuation").textValue()).isEqualTo(text);
    String larger = "{\"model\":\"names\",\"seed\":9223372036854775808}";
    assertThat(client.post("/v1/completions", larger).status()).isEqualTo(400);
  }
}
