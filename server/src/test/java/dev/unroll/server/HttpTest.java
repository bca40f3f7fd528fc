package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are rare but allowed, as RFC 9110 and 9112 say. */
class HttpTest {

  private static final String HOST = "Host: localhost\r\n";
  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String GOOD = "{\"text\":\"good\"}";

  private static UnrollServer server;
  private static Client client;

  @BeforeAll
  static void start() {
    server = TestModels.server().start();
    client = new Client(server);
  }

  @AfterAll
  static void end() {
    server.close();
  }

  /** An answer as it came over the wire. */
  private record Answer(String first, Map<String, String> headers, String body) {
    int status() {
      return Integer.parseInt(first.split(" ", -1)[1]);
    }
  }

  /** A connection of which answers are read one after another. */
  private static final class Wire implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    Wire() throws IOException {
      socket = client.socket();
      in = new java.io.BufferedInputStream(socket.getInputStream());
    }

    Wire send(String bytes) throws IOException {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      return this;
    }

    private String line() throws IOException {
      var line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        assertThat(c).as("the connection ended after: %s", line).isNotNegative();
        line.append((char) c);
      }
      assertThat(line).endsWith("\r");
      return line.substring(0, line.length() - 1);
    }

    Answer answer(boolean head) throws IOException {
      String first = line();
      var headers = new TreeMap<String, String>();
      for (String line = line(); !line.isEmpty(); line = line()) {
        String[] parts = line.split(":", 2);
        headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
      }
      boolean interim = first.startsWith("HTTP/1.1 1");
      int length = interim || head ? 0 : Integer.parseInt(headers.get("content-length"));
      return new Answer(first, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    Answer answer() throws IOException {
      return answer(false);
    }

    /** Nothing more comes, and the server closes. */
    void assertEnds() throws IOException {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static String post(String headers, String body) {
    return "POST /v1/classify HTTP/1.1\r\n"
        + HOST
        + JSON
        + headers
        + "Content-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\n\r\n"
        + body;
  }

  private static void assertGood(Answer answer) {
    assertThat(answer.status()).as(answer.body).isEqualTo(200);
    assertThat(Client.read(answer.body).get("results")).hasSize(1);
  }

  /** Answers come in the order of their requests, those of errors, too. */
  @Test
  void requestsMayBePipelined() throws IOException {
    try (var wire = new Wire()) {
      wire.send(
          post("", GOOD)
              + "GET /live HTTP/1.1\r\n"
              + HOST
              + "\r\n"
              + post("", "{\"text\":3}")
              + "HEAD /live HTTP/1.1\r\n"
              + HOST
              + "\r\n"
              + "GET /nowhere HTTP/1.1\r\n"
              + HOST
              + "\r\n"
              + post("", GOOD));
      assertGood(wire.answer());
      assertThat(wire.answer().status()).isEqualTo(200);
      assertThat(wire.answer().status()).isEqualTo(422);
      assertThat(wire.answer(true).status()).isEqualTo(200);
      assertThat(wire.answer().status()).isEqualTo(404);
      assertGood(wire.answer());
    }
  }

  @Test
  void thousandsOfSmallRequestsShareAConnection() throws IOException {
    try (var wire = new Wire()) {
      for (int i = 0; i < 100; i++) {
        wire.send("GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(30));
        for (int j = 0; j < 30; j++) {
          assertThat(wire.answer().status()).isEqualTo(200);
        }
      }
      assertGood(wire.send(post("", GOOD)).answer());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/live", "/v1/models", "/openapi.json", "/metrics", "/nowhere"})
  void headHasTheHeadersOfGetAndNoBody(String path) throws IOException {
    try (var wire = new Wire()) {
      Answer get = wire.send("GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n").answer();
      Answer head = wire.send("HEAD " + path + " HTTP/1.1\r\n" + HOST + "\r\n").answer(true);
      assertThat(head.first).isEqualTo(get.first);
      assertThat(head.headers.keySet()).isEqualTo(get.headers.keySet());
      assertThat(head.headers.get("content-type")).isEqualTo(get.headers.get("content-type"));
      if (!path.equals("/metrics") && !path.equals("/nowhere")) { // which change, or have an id
        assertThat(head.headers.get("content-length")).isEqualTo(get.headers.get("content-length"));
      }
      assertThat(get.headers).containsKeys("date", "content-length", "x-request-id");
      assertGood(wire.send(post("", GOOD)).answer()); // nothing of a body stands before it
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"OPTIONS", "PUT", "PATCH", "TRACE", "BREW"})
  void otherMethodsAreToldWhichThereAre(String method) throws IOException {
    try (var wire = new Wire()) {
      Answer answer = wire.send(method + " /v1/classify HTTP/1.1\r\n" + HOST + "\r\n").answer();
      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.headers).containsEntry("allow", "POST");
      assertThat(answer.headers).doesNotContainKey("access-control-allow-origin");
      answer = wire.send(method + " /live HTTP/1.1\r\n" + HOST + "\r\n").answer();
      assertThat(answer.headers).containsEntry("allow", "GET, HEAD");
    }
  }

  @Test
  void headOfWhatOnlyTakesPostHasNoBody() throws IOException {
    try (var wire = new Wire()) {
      Answer answer = wire.send("HEAD /v1/classify HTTP/1.1\r\n" + HOST + "\r\n").answer(true);
      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.headers).containsEntry("allow", "POST");
      assertGood(wire.send(post("", GOOD)).answer());
    }
  }

  private static String chunked(String... pieces) {
    var body = new StringBuilder();
    for (String piece : pieces) {
      body.append(Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n");
    }
    return "POST /v1/classify HTTP/1.1\r\n"
        + HOST
        + JSON
        + "Transfer-Encoding: chunked\r\n\r\n"
        + body
        + "0\r\n";
  }

  @Test
  void chunksOfAnySizeAreOneBody() throws IOException {
    try (var wire = new Wire()) {
      wire.send(chunked("{\"te", "x", "t\":\"good\"}") + "\r\n");
      assertGood(wire.answer());
      wire.send(chunked(GOOD).replace("\r\nf\r\n", "\r\n000F\r\n") + "\r\n" + post("", GOOD));
      assertGood(wire.answer());
      assertGood(wire.answer());
    }
  }

  /** A body that has extensions or trailers may be refused, and is not read in part. */
  @Test
  void trailersAndExtensionsAreRefusedAsAWhole() throws IOException {
    for (String request :
        List.of(
            chunked(GOOD) + "X-Checksum: 7\r\n\r\n",
            chunked(GOOD).replace("\r\nf\r\n", "\r\nf;name=value\r\n") + "\r\n")) {
      try (var wire = new Wire()) {
        Answer answer = wire.send(request).answer();
        assertThat(answer.status()).as(request).isEqualTo(400);
        assertThat(answer.headers).containsEntry("connection", "close");
        wire.assertEnds();
      }
    }
  }

  /** The client waits with its body until it is asked for it. */
  @Test
  void aClientMayAskFirst() throws IOException {
    try (var wire = new Wire()) {
      String all = post("Expect: 100-continue\r\n", GOOD);
      String head = all.substring(0, all.length() - GOOD.length());
      assertThat(wire.send(head).answer().first).startsWith("HTTP/1.1 100 ");
      assertGood(wire.send(GOOD).answer());
      assertGood(wire.send(post("", GOOD)).answer());
    }
  }

  /** One that asks first is refused before its body. */
  @Test
  void aClientThatAsksFirstIsRefusedFirst() throws IOException {
    try (var wire = new Wire()) {
      String head =
          "POST /v1/classify HTTP/1.1\r\n"
              + HOST
              + JSON
              + "Expect: 100-continue\r\nContent-Length: 999999999\r\n\r\n";
      Answer answer = wire.send(head).answer();
      assertThat(answer.status()).isEqualTo(413);
      wire.assertEnds();
    }
    try (var wire = new Wire()) {
      String head =
          "POST /nowhere HTTP/1.1\r\n"
              + HOST
              + JSON
              + "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n";
      assertThat(wire.send(head).answer().status()).isEqualTo(404);
      wire.assertEnds();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "br", "identity"})
  void compressedBodiesAreRefused(String coding) throws IOException {
    try (var wire = new Wire()) {
      Answer answer = wire.send(post("Content-Encoding: " + coding + "\r\n", GOOD)).answer();
      assertThat(answer.status()).as(answer.body).isEqualTo(415);
      assertThat(answer.body).contains("Content-Encoding");
      wire.assertEnds();
    }
  }

  /** Old clients and wrong ones learn what to change. */
  @ParameterizedTest
  @CsvSource({
    "' HTTP/1.0', 505",
    "' HTTP/0.9', 400",
    "' HTTP/2.0', 400",
    "' HTTP/3.0', 400",
    "' http/1.1', 400",
    "'', 400"
  })
  void otherVersionsAreAnsweredInThisOne(String version, int status) throws IOException {
    try (var wire = new Wire()) {
      Answer answer = wire.send("GET /live" + version + "\r\n" + HOST + "\r\n").answer();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.headers).containsEntry("content-type", "application/problem+json");
      assertThat(answer.body).contains("HTTP/1.1");
      wire.assertEnds();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\nGET /live HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\n",
        "\n",
        "hello\r\n",
        "hello\n",
        "GET /live HTTP/1.1\nHost: a\n\n",
        "\u0016\u0003\u0001\r\n"
      })
  void whatBeginsAsNoRequestIs400(String bytes) throws IOException {
    try (var wire = new Wire()) {
      Answer answer = wire.send(bytes).answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body).contains("not valid HTTP/1.1");
    }
  }

  /** RFC 3986: a letter and its escape are one. */
  @Test
  void namesMayBeEscaped() throws IOException {
    try (var wire = new Wire()) {
      for (String name : List.of("names", "n%61mes", "%6E%61%6D%65%73")) {
        String request = "GET /v1/models/" + name + " HTTP/1.1\r\n" + HOST + "\r\n";
        assertThat(wire.send(request).answer().status()).as(name).isEqualTo(200);
      }
      for (String name : List.of("names%00", "names%2F", "n+mes", "%2e%2e", "NAMES", "%ff")) {
        String request = "GET /v1/models/" + name + " HTTP/1.1\r\n" + HOST + "\r\n";
        assertThat(wire.send(request).answer().status()).as(name).isEqualTo(404);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "charset=utf-8, 200",
    "charset=UTF8, 200",
    "Charset=\"utf-8\", 200",
    "version=1; charset=us-ascii, 200",
    "charset=iso-8859-1, 415",
    "charset=utf-16, 415"
  })
  void bodiesAreInUtf8(String parameters, int status) throws IOException {
    try (var wire = new Wire()) {
      String type = "application/json; " + parameters;
      Answer answer = wire.send(post("", GOOD).replace("application/json", type)).answer();
      assertThat(answer.status()).as(answer.body).isEqualTo(status);
    }
  }

  @Test
  void unusualFormsAreUnderstood() throws IOException {
    var forms = new ArrayList<String>();
    forms.add("GET http://localhost/live HTTP/1.1\r\n" + HOST + "\r\n");
    forms.add("GET /live?x=1 HTTP/1.1\r\n" + HOST + "\r\n");
    forms.add("GET /live HTTP/1.1\r\nhOsT:localhost\r\n\r\n");
    forms.add("GET /live HTTP/1.1\r\n" + HOST + "Accept-Encoding: gzip, br\r\n\r\n");
    forms.add("GET /live HTTP/1.1\r\n" + HOST + "Accept: image/png\r\n\r\n");
    forms.add("GET /live HTTP/1.1\r\n" + HOST + "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
    forms.add("GET /live HTTP/1.1\r\n" + HOST + "Range: bytes=0-1\r\n\r\n");
    for (String form : forms) {
      try (var wire = new Wire()) {
        assertThat(wire.send(form).answer().status()).as(form).isEqualTo(200);
        assertThat(wire.send(forms.getFirst()).answer().status())
            .as("after %s", form)
            .isEqualTo(200);
      }
    }
    try (var wire = new Wire()) {
      String typed = post("", GOOD).replace("application/json", "Application/JSON; Charset=UTF-8");
      assertGood(wire.send(typed).answer());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /live HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /live HTTP/1.1\r\nHost: a\r\nX-Long: b\r\n c\r\n\r\n",
        "GET /live HTTP/1.1\r\nHost: a\r\nX Bad: b\r\n\r\n",
        "GET /live HTTP/1.1\r\nHost: a\r\nNo colon\r\n\r\n",
        "GET  /live HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"
      })
  void whatIsNoHttpIs400(String request) throws IOException {
    try (var wire = new Wire()) {
      assertThat(wire.send(request).answer().status()).isEqualTo(400);
      wire.assertEnds();
    }
  }

  @Test
  void aConnectionEndsWhereTheClientSaysSo() throws IOException {
    try (var wire = new Wire()) {
      assertGood(wire.send(post("Connection: close\r\n", GOOD)).answer());
      wire.assertEnds();
    }
  }
}
