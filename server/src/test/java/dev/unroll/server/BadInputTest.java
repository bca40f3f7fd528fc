package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong has its own status and says how to fix it; the server serves on. */
class BadInputTest {

  private static final String HOST = "Host: localhost\r\n";
  private static final String JSON = "Content-Type: application/json\r\n";

  private static UnrollServer server;
  private static Client client;

  @BeforeAll
  static void start() {
    server =
        TestModels.server()
            .maxBody(20_000)
            .maxText(5_000)
            .maxInputs(10)
            .readTime(Duration.ofMillis(1500))
            .start();
    client = new Client(server);
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @AfterEach
  void servesOn() {
    assertThat(client.post("/v1/classify", "{\"text\":\"good\"}").status()).isEqualTo(200);
  }

  private static void refused(Client.Answer answer, int status) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.response().headers().firstValue("Content-Type"))
        .contains("application/problem+json");
    assertThat(answer.json().get("status").intValue()).isEqualTo(status);
    assertThat(answer.json().get("detail").textValue()).isNotBlank();
    assertThat(answer.json().get("requestId").textValue()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"text\":NaN}",
        "{\"text\":\"a\",\"text\":\"b\"}",
        "{\"text\":\"a\"} x",
        "{\"text\":\"\\q\"}",
        "{'text':'a'}",
        "{\"text\":\"a\"/*c*/}"
      })
  void whatIsNoJsonIs400(String body) {
    refused(client.post("/v1/classify", body), 400);
  }

  @Test
  void deepNestingAndHugeNumbersAre400() {
    refused(
        client.post("/v1/classify", "{\"text\":" + "[".repeat(9000) + "]".repeat(9000) + "}"), 400);
    refused(client.post("/v1/classify", "{\"threshold\":" + "9".repeat(9000) + "}"), 400);
  }

  @Test
  void invalidUtf8Is400() {
    byte[] body = "{\"text\":\"aXb\"}".getBytes(StandardCharsets.UTF_8);
    body[10] = (byte) 0xff;
    refused(
        client.send(
            client
                .request("/v1/classify")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))),
        400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "3",
        "{}",
        "{\"text\":null}",
        "{\"text\":3}",
        "{\"text\":[3]}",
        "{\"text\":{\"a\":1}}",
        "{\"text\":\"a\",\"probabilities\":1}",
        "{\"text\":\"a\",\"threshold\":2}",
        "{\"text\":\"a\",\"threshold\":1e999}",
        "{\"text\":\"a\",\"threshold\":0.5}",
        "{\"text\":\"a\",\"txet\":\"b\"}",
        "{\"text\":\"\\ud800\"}",
        "{\"text\":\"a\",\"model\":\"names\"}",
        "{\"text\":\"a\",\"model\":7}"
      })
  void whatCannotBeUsedIs422(String body) {
    refused(client.post("/v1/classify", body), 422);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/sample|{\"length\":1000000}",
        "/v1/sample|{\"count\":1.5}",
        "/v1/sample|{\"temperature\":0.0000001}",
        "/v1/sample|{\"stop\":\"\"}",
        "/v1/detokenize|{\"ids\":[123456]}",
        "/v1/embed|{\"text\":\"\"}",
        "/v1/embed|{\"text\":\"a\",\"layer\":2}",
        "/v1/embed|{\"text\":\"a\",\"pooling\":\"max\"}",
        "/v1/recognize|{\"source\":\" \"}",
        "/v1/tag|{\"words\":[]}",
        "/v1/forecast|{\"values\":[1,2]}",
        "/v1/forecast|{}",
        "/v1/forecast|{\"csv\":\"a,b\\n1\"}",
        "/v1/forecast|{\"values\":[1],\"time\":[\"yesterday\"]}",
        "/v1/transduce|{\"source\":\"a\",\"nbest\":5,\"beam\":2}",
        "/v1/score|{\"text\":\"a\",\"alternatives\":2}"
      })
  void valuesOutOfRangeAre422(String path, String body) {
    refused(client.post(path, body), 422);
  }

  @Test
  void otherRefusals() {
    refused(client.get("/nowhere"), 404);
    refused(client.get("/v1/models/..%2f..%2fetc%2fpasswd"), 404);
    refused(client.get("/v1/models/none"), 404);
    refused(client.post("/v1/classify", "{\"text\":\"a\",\"model\":\"none\"}"), 404);
    Client.Answer method = client.get("/v1/classify");
    refused(method, 405);
    assertThat(method.response().headers().firstValue("Allow")).contains("POST");
    refused(client.post("/v1/classify", "{\"text\":\"" + "a".repeat(5001) + "\"}"), 413);
    refused(client.post("/v1/classify", "{\"text\":[" + "\"a\",".repeat(10) + "\"a\"]}"), 413);
    String many = // columns that end early are filled
        IntStream.range(0, 1500).mapToObj(i -> "\"" + i + "\":[],").collect(Collectors.joining());
    String rows = "\"value\":[" + "1,".repeat(2400) + "1]";
    refused(client.post("/v1/forecast", "{\"columns\":{" + many + rows + "}}"), 413);
    refused(
        client.send(
            client.request("/v1/classify").POST(HttpRequest.BodyPublishers.ofString("a=b"))),
        415);
  }

  @Test
  void aLargeBodyIs413() throws IOException {
    assertThat(
            client.raw(
                "POST /v1/classify HTTP/1.1\r\n" + HOST + JSON + "Content-Length: 99999\r\n\r\n"))
        .startsWith("HTTP/1.1 413");
    assertThat(
            client.raw(
                "POST /v1/classify HTTP/1.1\r\n"
                    + HOST
                    + JSON
                    + "Transfer-Encoding: chunked\r\n\r\n5000\r\n"
                    + " ".repeat(0x5000)
                    + "\r\n"))
        .startsWith("HTTP/1.1 413");
  }

  /** Two lengths, tricks with chunks, and what else two servers might read in two ways. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: +5\r\n\r\nhello",
        "Content-Length: 0x5\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nfffffffff\r\n",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\nGET /live HTTP/1.1\r\nHost: a\r\n\r\n",
        "Content-Length: 99999\r\n\r\nGET /live HTTP/1.1\r\nHost: a\r\n\r\n"
      })
  void smugglingShapesAreRefusedAndTheConnectionEnds(String rest) throws IOException {
    String answer = client.raw("POST /v1/classify HTTP/1.1\r\n" + HOST + JSON + rest);
    assertThat(answer).matches("(?s)HTTP/1.1 (400|501|413) .*");
    assertThat(answer.split("HTTP/1.1 ", -1)).hasSize(2); // one answer, and then the end
  }

  @Test
  void headerFloodsAndMissingHostsAreRefused() throws IOException {
    String many = "X-A: b\r\n".repeat(5000);
    assertThat(client.raw("GET /live HTTP/1.1\r\n" + HOST + many + "\r\n"))
        .matches("(?s)(HTTP/1.1 4.*)?");
    assertThat(client.raw("GET /live HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(client.raw("GET /" + "a".repeat(9000) + " HTTP/1.1\r\n" + HOST + "\r\n"))
        .matches("(?s)(HTTP/1.1 4.*)?"); // the rest of the flood may sweep the answer away
  }

  @Test
  void aBodyThatDoesNotComeIs408() throws IOException {
    assertThat(
            client.raw(
                "POST /v1/classify HTTP/1.1\r\n" + HOST + JSON + "Content-Length: 50\r\n\r\n{"))
        .startsWith("HTTP/1.1 408");
  }

  @Test
  void headersThatDoNotEndEndTheConnection() throws IOException {
    assertThat(client.raw("GET /live HTTP/1.1\r\n" + HOST + "X-Slow: ")).doesNotContain("200");
    assertThat(client.raw("GE")).doesNotContain("200");
  }

  /** A byte every now and then keeps neither headers nor a body open. */
  @Test
  void drippingClientsAreEnded() throws IOException {
    for (String head :
        new String[] {
          "GET /live HTTP/1.1\r\n" + HOST + "X-Slow: ",
          "POST /v1/classify HTTP/1.1\r\n" + HOST + JSON + "Content-Length: 10000\r\n\r\n",
          "POST /v1/classify HTTP/1.1\r\n"
              + HOST
              + JSON
              + "Transfer-Encoding: chunked\r\n\r\n2000\r\n"
        }) {
      try (var socket = client.socket()) {
        socket.setSoTimeout(100); // between two bytes
        var out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(endsWhileDripping(socket)).as(head).isTrue();
      }
    }
  }

  /** An answer may come first: it is read past, however long it is. */
  private static boolean endsWhileDripping(java.net.Socket socket) throws IOException {
    byte[] answer = new byte[4096];
    for (int timeouts = 0; timeouts < 200; ) {
      try {
        socket.getOutputStream().write('x');
        if (socket.getInputStream().read(answer) < 0) {
          return true;
        }
      } catch (java.net.SocketTimeoutException e) {
        timeouts++; // nothing yet
      } catch (IOException e) {
        return true; // reset
      }
    }
    return false;
  }

  @Test
  void aHalfClosedConnectionIsAnswered() throws IOException {
    String body = "{\"text\":\"good\"}";
    try (var socket = client.socket()) {
      socket
          .getOutputStream()
          .write(
              ("POST /v1/classify HTTP/1.1\r\n"
                      + HOST
                      + JSON
                      + "Content-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 200");
    }
  }
}
