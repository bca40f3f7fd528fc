package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.unroll.result.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** OpenAI's own client understands what is answered. */
class OpenAiClientTest {

  private static final String TOKEN = "a-token-for-openais-client";

  private static UnrollServer server;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws IOException {
    Path tokens = Files.writeString(TestModels.FOLDER.resolve("openai-tokens"), TOKEN + "\n");
    server = TestModels.server().tokenFile(tokens).start();
    client = client(TOKEN);
  }

  private static OpenAIClient client(String token) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(server.uri().resolve("/v1").toString())
        .apiKey(token)
        .maxRetries(0)
        .build();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static CompletionCreateParams.Builder prompt(String text) {
    return CompletionCreateParams.builder().model("names").prompt(text).maxTokens(20).seed(3);
  }

  private static String wanted(String prompt, int number) {
    var options = Sampling.defaults().withLength(20).withSeed(3);
    return TestModels.LM.sample(prompt, options, number).text();
  }

  @Test
  void completionsAreTheLibrarys() {
    Completion found = client.completions().create(prompt("an").n(2).logprobs(1).build());
    assertThat(found.choices()).hasSize(2);
    for (int i = 0; i < 2; i++) {
      assertThat(found.choices().get(i).text()).isEqualTo(wanted("an", i));
    }
    assertThat(found.usage().orElseThrow().promptTokens()).isEqualTo(2);
    var scores = found.choices().getFirst().logprobs().orElseThrow();
    double total = scores.tokenLogprobs().orElseThrow().stream().reduce(0.0, Double::sum);
    var options = Sampling.defaults().withLength(20).withSeed(3);
    assertThat(total).isEqualTo(TestModels.LM.sample("an", options, 0).logProbability());
  }

  @Test
  void aStreamHasTheSameText() {
    try (var stream = client.completions().createStreaming(prompt("an").build())) {
      String text =
          stream.stream()
              .flatMap(each -> each.choices().stream())
              .map(choice -> choice.text())
              .collect(Collectors.joining());
      assertThat(text).isEqualTo(wanted("an", 0));
    }
  }

  @Test
  void promptsMayBeListsAndTokens() {
    var texts =
        client
            .completions()
            .create(prompt("").promptOfArrayOfStrings(List.of("an", "b")).build())
            .choices();
    assertThat(texts)
        .extracting(each -> each.text())
        .containsExactly(wanted("an", 0), wanted("b", 0));
    List<Long> ids =
        java.util.Arrays.stream(TestModels.LM.tokenizer().encode("an"))
            .mapToObj(Long::valueOf)
            .toList();
    var tokens =
        client.completions().create(prompt("").promptOfArrayOfTokens(ids).build()).choices();
    assertThat(tokens.getFirst().text()).isEqualTo(wanted("an", 0));
  }

  @Test
  void stopAndEcho() {
    String whole = wanted("an", 0);
    String letter = whole.substring(1, 2);
    var found = client.completions().create(prompt("an").echo(true).stop(letter).build());
    assertThat(found.choices().getFirst().text())
        .isEqualTo("an" + whole.substring(0, whole.indexOf(letter)));
    assertThat(found.choices().getFirst().finishReason().asString()).isEqualTo("stop");
    assertThat(
            client
                .completions()
                .create(prompt("an").maxTokens(1).build())
                .choices()
                .getFirst()
                .finishReason()
                .asString())
        .isIn("length", "stop");
  }

  @Test
  void whatIsNotSupportedIsRefused() {
    assertThatThrownBy(() -> client.completions().create(prompt("a").presencePenalty(0.5).build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("'presence_penalty' does not support 0.5");
    assertThatThrownBy(() -> client.completions().create(prompt("a").model("gpt-7").build()))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(
            () -> client("another-token-of-some-length").completions().create(prompt("a").build()))
        .isInstanceOf(UnauthorizedException.class);
  }

  @Test
  void unknownFieldsAreIgnored() {
    var found =
        client
            .completions()
            .create(
                prompt("an")
                    .putAdditionalBodyProperty("a_new_field", com.openai.core.JsonValue.from(1))
                    .build());
    assertThat(found.choices().getFirst().text()).isEqualTo(wanted("an", 0));
  }

  @Test
  void modelsAndEmbeddings() {
    assertThat(client.models().list().data()).extracting(each -> each.id()).contains("names");
    var found =
        client
            .embeddings()
            .create(EmbeddingCreateParams.builder().model("names").input("anna").build());
    assertThat(found.data().getFirst().embedding()).hasSize(24);
    assertThat(found.usage().promptTokens()).isEqualTo(4);
  }
}
