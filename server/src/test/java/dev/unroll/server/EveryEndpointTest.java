package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What is no request, or a wrong one, sent byte by byte to every endpoint: the documented status,
 * one answer, and the server serves on.
 */
class EveryEndpointTest {

  private static final String TOKEN = "a-token-for-these-tests";
  private static final String HOST = "Host: localhost\r\n";
  private static final String AUTHORIZED = "Authorization: Bearer " + TOKEN + "\r\n";
  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String LAST = "Connection: close\r\n";

  private static UnrollServer server;
  private static Client client;
  private static final List<String> WITH_BODY = new ArrayList<>();
  private static final List<String> WITHOUT_BODY = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    server =
        TestModels.server()
            .tokenFile(Files.writeString(TestModels.FOLDER.resolve("every-token"), TOKEN))
            .maxBody(20_000)
            .readTime(Duration.ofSeconds(20))
            .reloadEvery(Duration.ZERO)
            .start();
    client = new Client(server);
    JsonNode paths = client.get("/openapi.json").json().get("paths");
    for (Map.Entry<String, JsonNode> path : paths.properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        String line = operation.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey();
        boolean body = operation.getValue().has("requestBody");
        String place = line.replace("{name}", "names").replace("{id}", "nobody");
        (body ? WITH_BODY : WITHOUT_BODY).add(place);
      }
    }
    assertThat(WITH_BODY).hasSizeGreaterThan(12);
    assertThat(WITHOUT_BODY).hasSizeGreaterThan(8);
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @AfterEach
  void servesOn() {
    assertThat(client.get("/ready").status()).isEqualTo(200);
  }

  private static List<String> all() {
    var all = new ArrayList<>(WITH_BODY);
    all.addAll(WITHOUT_BODY);
    return all;
  }

  private static String send(byte[] bytes) {
    try {
      return client.raw(new String(bytes, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a request, and returns the status of its only answer; 0 for none. */
  private static int status(String head, byte[] body) {
    byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
    byte[] request = java.util.Arrays.copyOf(start, start.length + body.length);
    System.arraycopy(body, 0, request, start.length, body.length);
    String answer = send(request);
    String[] parts = answer.split("HTTP/1\\.1 ", -1);
    assertThat(parts.length).as(head + "\n" + answer).isLessThanOrEqualTo(2);
    return parts.length < 2 ? 0 : Integer.parseInt(parts[1].substring(0, 3));
  }

  private static int status(String request) {
    return status(request, new byte[0]);
  }

  private static int post(String line, String headers, byte[] body) {
    String length = "Content-Length: " + body.length + "\r\n";
    return status(
        line + " HTTP/1.1\r\n" + HOST + AUTHORIZED + headers + length + LAST + "\r\n", body);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void bodiesThatAreNoJsonAre400() {
    var bodies = new LinkedHashMap<String, byte[]>();
    bodies.put("nothing", utf8(""));
    bodies.put("half", utf8("{\"text\":"));
    bodies.put("NaN", utf8("{\"text\":NaN}"));
    bodies.put("Infinity", utf8("{\"text\":-Infinity}"));
    bodies.put("twice", utf8("{\"model\":\"a\",\"model\":\"b\"}"));
    bodies.put("deep", utf8("[".repeat(5000) + "]".repeat(5000)));
    bodies.put("deep objects", utf8("{\"a\":".repeat(2000) + "1" + "}".repeat(2000)));
    bodies.put("huge number", utf8("{\"a\":" + "9".repeat(5000) + "}"));
    bodies.put("long name", utf8("{\"" + "a".repeat(5000) + "\":1}"));
    bodies.put("two values", utf8("{} {}"));
    bodies.put("comment", utf8("{/**/}"));
    bodies.put("invalid UTF-8", new byte[] {'{', '"', (byte) 0xc3, '"', ':', '1', '}'});
    bodies.put("overlong UTF-8", new byte[] {'"', (byte) 0xc0, (byte) 0xaf, '"'});
    bodies.put("surrogate in UTF-8", new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'});
    bodies.put("UTF-16", "{\"text\":\"a\"}".getBytes(StandardCharsets.UTF_16));
    bodies.put("zero bytes", new byte[100]);
    for (String line : WITH_BODY) {
      bodies.forEach(
          (name, body) -> assertThat(post(line, JSON, body)).as(line + ": " + name).isEqualTo(400));
    }
  }

  private static boolean isOpenAis(String line) {
    return line.matches("POST /v1/(completions|embeddings)");
  }

  @Test
  void valuesOfOtherTypesAre422() {
    for (String line : WITH_BODY) {
      int wrong = isOpenAis(line) ? 400 : 422;
      for (String body :
          List.of("null", "[]", "\"\"", "7", "true", "{\"model\":7}", "{\"model\":\"\\ud800\"}")) {
        assertThat(post(line, JSON, utf8(body))).as(line + ": " + body).isEqualTo(wrong);
      }
    }
    String number =
        "{\"model\":\"names\",\"prompt\":\"a\",\"seed\":1e400,\"state\":1e400,\"ids\":[1e400]}";
    for (String line : WITH_BODY) {
      assertThat(post(line, JSON, utf8(number))).as(line).isIn(400, 404, 422);
    }
    for (String value : List.of("\"\\udc00\"", "[\"\\ud800\"]", "[[\"\\ud800x\"]]")) {
      for (String field : List.of("text", "prompt", "input", "source", "words", "stop", "csv")) {
        String body = "{\"" + field + "\":" + value + ",\"\\ud800\":1}";
        for (String line : WITH_BODY) {
          assertThat(post(line, JSON, utf8(body)))
              .as(line + body)
              .isIn(200, isOpenAis(line) ? 400 : 422, 404);
        }
      }
    }
  }

  @Test
  void bodiesInOtherFormsAre415Or413() throws IOException {
    var zipped = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(zipped)) {
      out.write(utf8("{\"text\":\"a\"}"));
    }
    for (String line : WITH_BODY) {
      assertThat(post(line, "", utf8("{}"))).as(line).isEqualTo(415);
      assertThat(post(line, "Content-Type: text/plain\r\n", utf8("{}"))).as(line).isEqualTo(415);
      assertThat(post(line, "Content-Type: ;;,\r\n", utf8("{}"))).as(line).isEqualTo(415);
      assertThat(post(line, JSON + "Content-Encoding: gzip\r\n", zipped.toByteArray()))
          .as(line)
          .isEqualTo(415);
      assertThat(post(line, JSON, new byte[30_000])).as(line).isEqualTo(413);
    }
  }

  @Test
  void strangersLearnNothing() {
    for (String line : all()) {
      boolean open = line.matches("GET /(live|ready|openapi.json)");
      for (String header :
          List.of(
              "",
              "Authorization: Bearer " + TOKEN + "x\r\n",
              "Authorization: Basic " + TOKEN + "\r\n",
              "Authorization: Bearer\r\n",
              "Authorization: \r\n",
              "Authorization: Bearer " + "a".repeat(8000) + "\r\n")) {
        int found = status(line + " HTTP/1.1\r\n" + HOST + header + LAST + "\r\n");
        assertThat(found).as(line + header).isEqualTo(open ? 200 : 401);
      }
    }
    assertThat(status("GET /v1/none HTTP/1.1\r\n" + HOST + LAST + "\r\n")).isEqualTo(401);
  }

  /** Each with its statuses; 0 where the connection just ends. */
  private static Map<String, List<Integer>> shapes() {
    var shapes = new LinkedHashMap<String, List<Integer>>();
    String two = "Content-Length: 2\r\n";
    String chunked = "Transfer-Encoding: chunked\r\n";
    String ended = "\r\n0\r\n\r\n";
    shapes.put(two + "Content-Length: 3\r\n\r\n{}x", List.of(400));
    shapes.put(two + two + "\r\n{}", List.of(400));
    shapes.put("Content-Length: 2, 2\r\n\r\n{}", List.of(400));
    shapes.put(two + chunked + ended, List.of(400));
    shapes.put(chunked + two + ended, List.of(400));
    shapes.put("Content-Length: -2\r\n\r\n{}", List.of(400));
    shapes.put("Content-Length: 2e0\r\n\r\n{}", List.of(400));
    shapes.put("Content-Length: 99999999999999999999\r\n\r\n{}", List.of(400, 413));
    shapes.put("Transfer-Encoding: xchunked\r\n" + ended, List.of(400, 501));
    shapes.put("Transfer-Encoding: chunked, gzip\r\n" + ended, List.of(400, 501));
    shapes.put("Transfer-Encoding : chunked\r\n" + ended, List.of(400));
    shapes.put("X: a\r\n b\r\n" + two + "\r\n{}", List.of(400));
    shapes.put("X: a\0b\r\n" + two + "\r\n{}", List.of(400));
    shapes.put("X: a\rb\r\n" + two + "\r\n{}", List.of(400, 0));
    shapes.put("X a\r\n" + two + "\r\n{}", List.of(400, 0));
    shapes.put("Host: other\r\n" + two + "\r\n{}", List.of(400));
    shapes.put("X: y\r\n".repeat(4000) + two + "\r\n{}", List.of(400, 413, 431, 0));
    return shapes;
  }

  @Test
  void whatIsNoHttpIsRefusedOnceAndTheConnectionEnds() {
    String next = "GET /live HTTP/1.1\r\n" + HOST + LAST + "\r\n";
    for (String line : all()) {
      shapes()
          .forEach(
              (rest, wanted) ->
                  assertThat(
                          status(line + " HTTP/1.1\r\n" + HOST + AUTHORIZED + JSON + rest + next))
                      .as(line + " " + rest.lines().findFirst().orElse(""))
                      .isIn(wanted));
    }
  }

  @Test
  void chunksThatAreNoneAre400() {
    for (String line : WITH_BODY) {
      for (String chunks :
          List.of(
              "-2\r\n{}\r\n0\r\n\r\n",
              "0x2\r\n{}\r\n0\r\n\r\n",
              "2;a=b\r\n{}\r\n0\r\n\r\n",
              "fffffffffffffffff\r\n{}",
              "\r\n{}\r\n",
              "2\r\n{}x\r\n0\r\n\r\n")) {
        String head = line + " HTTP/1.1\r\n" + HOST + AUTHORIZED + JSON;
        assertThat(status(head + "Transfer-Encoding: chunked\r\n" + LAST + "\r\n" + chunks))
            .as(line + chunks)
            .isIn(400, 413);
      }
    }
  }

  @Test
  void versionsAndMethodsAndTargets() {
    for (String line : all()) {
      String method = line.substring(0, line.indexOf(' '));
      String path = line.substring(method.length() + 1);
      String rest = HOST + AUTHORIZED + JSON + LAST + "\r\n";
      for (String version : List.of("HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "HTTP", "")) {
        assertThat(status(line + " " + version + "\r\n" + rest))
            .as(version)
            .isEqualTo(version.equals("HTTP/1.0") ? 505 : 400);
      }
      for (String other : List.of("OPTIONS", "PATCH", "PUT", "TRACE", "BREW")) {
        assertThat(status(other + " " + path + " HTTP/1.1\r\n" + rest)).as(line).isEqualTo(405);
      }
      for (String target :
          List.of(
              path + "/",
              path + "/../models",
              "/" + path,
              path.replace("/v1", "/v1/."),
              path + "%2f..%2f..%2fetc%2fpasswd",
              path.replaceFirst("(?<=.)/", "%2f") + "%2f",
              path + "/%2e%2e/%00")) {
        if (target.equals(path)) {
          continue;
        }
        assertThat(status(method + " " + target + " HTTP/1.1\r\n" + rest))
            .as(method + " " + target)
            .isIn(400, 404, 405);
      }
      assertThat(status(method + " " + path + "%zz HTTP/1.1\r\n" + rest)).isIn(400, 404);
      assertThat(status("G(T " + path + " HTTP/1.1\r\n" + rest)).isEqualTo(400);
    }
    assertThat(status("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).isEqualTo(400);
    assertThat(status("OPTIONS * HTTP/1.1\r\n" + HOST + AUTHORIZED + LAST + "\r\n")).isEqualTo(404);
  }

  /** What is unusual, and right. */
  @Test
  void unusualRequestsAreAnswered() {
    String rest = HOST + AUTHORIZED + LAST + "\r\n";
    assertThat(status("GET http://localhost/v1/models HTTP/1.1\r\n" + rest)).isEqualTo(200);
    assertThat(status("GET /v1/models?a=1&a=2&%ff HTTP/1.1\r\n" + rest)).isEqualTo(200);
    for (String line : WITHOUT_BODY) {
      if (line.startsWith("GET ") && !line.contains("nobody")) {
        String head =
            send(
                (line.replace("GET ", "HEAD ")
                        + " HTTP/1.1\r\n"
                        + HOST
                        + AUTHORIZED
                        + "\r\nGET /live HTTP/1.1\r\n"
                        + rest)
                    .getBytes(StandardCharsets.ISO_8859_1));
        assertThat(head).as(line).matches("(?s)HTTP/1.1 200 .*\r\n\r\nHTTP/1.1 200 .*\"up\"}");
      }
    }
    String body = "{\"text\":\"good\"}";
    String expecting =
        send(
            ("POST /v1/classify HTTP/1.1\r\n"
                    + HOST
                    + AUTHORIZED
                    + JSON
                    + "Expect: 100-continue\r\nContent-Length: "
                    + body.length()
                    + "\r\n"
                    + LAST
                    + "\r\n"
                    + body)
                .getBytes(StandardCharsets.ISO_8859_1));
    assertThat(expecting).matches("(?s)HTTP/1.1 100 .*HTTP/1.1 200 .*");
    assertThat(
            post("POST /v1/forecast?model=a&model=b", "Content-Type: text/csv\r\n", utf8("a\n1")))
        .isEqualTo(400);
  }

  @Test
  void requestIdsAreCheckedBeforeTheyAreRepeated() {
    for (String id : List.of("a\"b", "a b", "a\u00e9", "a".repeat(65), "{}", "a\tb", "../x")) {
      String answer =
          send(
              ("GET /live HTTP/1.1\r\n" + HOST + "X-Request-Id: " + id + "\r\n" + LAST + "\r\n")
                  .getBytes(StandardCharsets.ISO_8859_1));
      assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain("X-Request-Id: " + id + "\r");
    }
  }

  @Test
  void labelsOfMetricsDoNotComeFromRequests() {
    int before = series();
    for (int i = 0; i < 50; i++) {
      status("GET /none-" + i + " HTTP/1.1\r\n" + HOST + AUTHORIZED + LAST + "\r\n");
      String body = "{\"model\":\"none-" + i + "\",\"text\":\"a\"}";
      post("POST /v1/classify", JSON, utf8(body));
      status("GET /v1/models/none-" + i + " HTTP/1.1\r\n" + HOST + AUTHORIZED + LAST + "\r\n");
      status("BREW" + i + " /live HTTP/1.1\r\n" + HOST + AUTHORIZED + LAST + "\r\n");
    }
    assertThat(series() - before).isLessThan(120); // of three labels, each a histogram
    assertThat(metrics()).doesNotContain("none-");
  }

  private static String metrics() {
    return client
        .send(client.request("/metrics").header("Authorization", "Bearer " + TOKEN))
        .text();
  }

  private static int series() {
    return (int) metrics().lines().filter(line -> !line.startsWith("#")).count();
  }

  /** What promtool check metrics asks for. */
  @Test
  void metricsFollowTheConventionsOfPrometheus() {
    post("POST /v1/classify", JSON, utf8("{\"text\":\"good\"}"));
    post("POST /v1/sample", JSON, utf8("{\"length\":2}"));
    String text = metrics();
    var types = new LinkedHashMap<String, String>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# TYPE ")) {
        types.put(words[2], words[3]);
        assertThat(text).contains("# HELP " + words[2] + " ");
      }
    }
    for (String line : text.lines().filter(each -> !each.startsWith("#")).toList()) {
      String name = line.split("[{ ]", 2)[0];
      String family =
          types.containsKey(name) ? name : name.replaceFirst("_(bucket|count|sum)$", "");
      assertThat(types).as(line).containsKey(family);
    }
    types.forEach(
        (name, type) -> {
          assertThat(name.endsWith("_total")).as(name).isEqualTo(type.equals("counter"));
          assertThat(name)
              .matches("[a-z][a-z0-9_]*")
              .doesNotContainPattern("_(ms|millis|milliseconds|kb|mb|percent|gauge|counter)(_|$)");
        });
    assertThat(types)
        .containsEntry("unroll_request_seconds", "histogram")
        .containsEntry("unroll_tokens_total", "counter")
        .containsEntry("unroll_session_bytes", "gauge");
  }
}
