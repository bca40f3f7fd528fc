package dev.unroll.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.Unroll;
import dev.unroll.cli.Session;
import dev.unroll.result.Model;
import dev.unroll.server.UnrollServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path folder;

  private Path saved(String name, Model model) {
    Path file = folder.resolve(name + ".safetensors");
    model.save(file);
    return file;
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static HttpResponse<String> post(URI base, String path, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(base.resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** What the server says of each input is what the command prints of it, name by name. */
  private void same(Path model, String path, String body, String... command) throws Exception {
    same(List.of(model), path, body, command);
  }

  private void same(List<Path> models, String path, String body, String... command)
      throws Exception {
    List<JsonNode> printed = new ArrayList<>();
    for (String line : Session.ok(command).out().lines().toList()) {
      printed.add(JSON.readTree(line));
    }
    UnrollServer.Builder builder = UnrollServer.builder().port(0).accessLog(line -> {});
    models.forEach(builder::model);
    try (var server = builder.start()) {
      var answer = post(server.uri(), path, body);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      List<JsonNode> results = new ArrayList<>();
      JSON.readTree(answer.body()).get("results").forEach(results::add);
      assertThat(results).isEqualTo(printed);
    }
  }

  @Test
  void fieldsOfALanguageModelHaveTheNamesOfTheCommandLine() throws Exception {
    var names = List.of("anna", "bert", "clara", "dora", "emil", "frieda", "georg", "hanna");
    Path model =
        saved(
            "lm",
            Unroll.languageModel().characters().sentences().lines(names).lstm(8).epochs(1).train());
    Path text = file("text.txt", "anna\nzq\n");
    String given = model.toString();
    same(
        model,
        "/v1/score",
        "{\"text\":[\"anna\",\"zq\"],\"perToken\":true}",
        "lm",
        "score",
        given,
        text.toString(),
        "--per-token",
        "--json");
    same(
        model,
        "/v1/next",
        "{\"prompt\":\"an\",\"count\":4}",
        "lm",
        "next",
        given,
        "an",
        "--count",
        "4",
        "--json");
    same(
        model,
        "/v1/sample",
        "{\"prompt\":\"an\",\"count\":2,\"seed\":9}",
        "lm",
        "sample",
        given,
        "--prompt",
        "an",
        "--count",
        "2",
        "--seed",
        "9",
        "--json");
    same(
        model,
        "/v1/sample",
        "{\"prompt\":\"an\",\"count\":2,\"beam\":3,\"lengthPower\":0.7,\"length\":12}",
        "lm",
        "sample",
        given,
        "--prompt",
        "an",
        "--count",
        "2",
        "--beam",
        "3",
        "--length-power",
        "0.7",
        "--length",
        "12",
        "--json");
  }

  private record Example(String text, String label, double value) {}

  private static List<Example> examples() {
    var all = new ArrayList<Example>();
    for (int i = 0; i < 40; i++) {
      all.add(new Example((i % 2 == 0 ? "good " : "bad ") + i, i % 2 == 0 ? "up" : "down", i));
    }
    return all;
  }

  @Test
  void fieldsOfTextsHaveTheNamesOfTheCommandLine() throws Exception {
    Path text = file("text.txt", "good 3\nbad\n");
    String body = "{\"text\":[\"good 3\",\"bad\"],\"probabilities\":true}";
    Path labels =
        saved(
            "labels",
            Unroll.classifier()
                .data(examples(), Example::text, Example::label)
                .lstm(8)
                .epochs(1)
                .train());
    same(
        labels,
        "/v1/classify",
        body,
        "classify",
        "predict",
        labels.toString(),
        text.toString(),
        "--probabilities",
        "--json");
    Path values =
        saved(
            "values",
            Unroll.regressor()
                .data(examples(), Example::text, Example::value)
                .lstm(8)
                .epochs(1)
                .train());
    same(
        values,
        "/v1/regress",
        "{\"text\":[\"good 3\",\"bad\"]}",
        "regress",
        "predict",
        values.toString(),
        text.toString(),
        "--json");
    Path conll = file("tags.conll", "the\tDET\ncat\tNOUN\nran\tVERB\n\n".repeat(30));
    Path tags = saved("tags", Unroll.tagger().conll(conll).lstm(8).epochs(1).train());
    Path words = file("words.txt", "the cat\nran\n");
    same(
        tags,
        "/v1/tag",
        "{\"words\":[[\"the\",\"cat\"],[\"ran\"]],\"probabilities\":true}",
        "tag",
        "predict",
        tags.toString(),
        words.toString(),
        "--lines",
        "--probabilities",
        "--json");
  }

  @Test
  void fieldsOfPairsAndSeriesHaveTheNamesOfTheCommandLine() throws Exception {
    Path pairs = file("pairs.tsv", "a b c\tA B C\nc b\tC B\na c\tA C\n".repeat(12));
    Path sounds =
        saved("sounds", Unroll.transducer().files(pairs).targetTokens().lstm(8).epochs(1).train());
    Path sources = file("sources.txt", "a b\nc\n");
    String body = "{\"source\":[\"a b\",\"c\"],\"nbest\":2";
    same(
        sounds,
        "/v1/transduce",
        body + ",\"attention\":true}",
        "transduce",
        "predict",
        sounds.toString(),
        sources.toString(),
        "--nbest",
        "2",
        "--weights-of-attention",
        "--json");
    Path heard = saved("heard", Unroll.recognizer().files(pairs).gru(8).epochs(1).train());
    same(
        heard,
        "/v1/recognize",
        body + "}",
        "recognize",
        "predict",
        heard.toString(),
        sources.toString(),
        "--nbest",
        "2",
        "--json");
    Path targets =
        saved(
            "targets",
            Unroll.languageModel()
                .words()
                .sentences()
                .lines(List.of("A B C", "C B", "A C"))
                .lstm(4)
                .epochs(1)
                .train());
    same(
        List.of(heard, targets),
        "/v1/recognize",
        body + ",\"lm\":\"targets\",\"lmWeight\":0.8,\"labelBonus\":0.3}",
        "recognize",
        "predict",
        heard.toString(),
        sources.toString(),
        "--nbest",
        "2",
        "--lm",
        targets.toString(),
        "--lm-weight",
        "0.8",
        "--label-bonus",
        "0.3",
        "--json");
    double[] values = DoubleStream.iterate(0, i -> i + 1).limit(60).map(Math::sin).toArray();
    Path waves =
        saved(
            "waves",
            Unroll.forecaster()
                .values(values)
                .context(6)
                .horizon(2)
                .lstm(4)
                .interval(0.8)
                .epochs(1)
                .train());
    var rows = new StringBuilder("value\n");
    for (int i = 0; i < 10; i++) {
      rows.append(values[i]).append('\n');
    }
    Path csv = file("waves.csv", rows.toString());
    same(
        waves,
        "/v1/forecast",
        "{\"csv\":\"" + rows.toString().replace("\n", "\\n") + "\",\"levels\":[0.1,0.9]}",
        "forecast",
        "predict",
        waves.toString(),
        csv.toString(),
        "--json");
  }

  @Test
  void theProcessServesUntilItIsTold(@TempDir Path own) throws Exception {
    Path model =
        saved(
            "moods",
            Unroll.classifier()
                .data(examples(), Example::text, Example::label)
                .lstm(8)
                .epochs(1)
                .train());
    Path log = own.resolve("log");
    Process process = Session.start(log, "serve", "other=" + model, "--port", "0");
    try {
      var listening = Pattern.compile("listening at (\\S+)");
      var found = listening.matcher(Files.readString(log));
      while (!found.find()) {
        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
        Thread.onSpinWait();
        found = listening.matcher(Files.readString(log));
      }
      URI base = URI.create(found.group(1));
      assertThat(post(base, "/v1/classify", "{\"model\":\"other\",\"text\":\"good\"}").statusCode())
          .isEqualTo(200);
      process.destroy(); // SIGTERM
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(Files.readString(log))
          .contains("\"path\":\"/v1/classify\"")
          .doesNotContain("INFO", "SLF4J");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void whatCannotBeServedIsRefused() throws Exception {
    Path none = file("none.safetensors", "");
    assertThat(Session.run("serve", none.toString(), "--port", "0").status()).isEqualTo(2);
    var open = Session.run("serve", none.toString(), "--host", "0.0.0.0");
    assertThat(open.status()).isEqualTo(2);
    assertThat(open.err()).contains("Give --token-file", "--no-token");
    assertThat(Session.run("serve", none.toString(), "--batch-size", "0").err())
        .contains("batch-size is 0");
    for (String memory : new String[] {"-1", "1048577", "17592186044417"}) {
      assertThat(Session.run("serve", none.toString(), "--session-memory", memory).err())
          .contains("session-memory is ", "must be in 0");
    }
    assertThat(Session.run("serve").status()).isEqualTo(2);
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    Path model =
        saved(
            "labels",
            Unroll.classifier()
                .data(examples(), Example::text, Example::label)
                .lstm(4)
                .epochs(1)
                .train());
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      var refused = Session.run("serve", model.toString(), "--port", "" + port);
      assertThat(refused.status()).isEqualTo(2);
      assertThat(refused.err())
          .contains("cannot listen at 127.0.0.1:" + port, "Choose another --port");
      assertThat(refused.out()).isEmpty();
    }
  }
}
