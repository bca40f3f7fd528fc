package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Requests drawn from /openapi.json, right ones and wrong ones: none is a fault of the server. */
class FuzzTest {

  private static final int TRIES = Integer.getInteger("unroll.fuzz.tries", 60);
  private static final long SEED = Long.getLong("unroll.fuzz.seed", 31);
  private static final Set<Integer> DOCUMENTED =
      Set.of(200, 400, 404, 405, 408, 410, 413, 415, 422, 429, 503);
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          "anna",
          "good food",
          "a n n a",
          "\u0000",
          "\ud83d\ude00é",
          "x".repeat(300),
          "\n",
          "\u2028\ufeff\ufffd\ud83c\udffd",
          "e\u0301\u0301\u0301",
          "1 2,3 NaN",
          "a,b\n1,2",
          "2026-02-30",
          "<EOS>");
  private static final List<String> WRONG =
      List.of(
          "null",
          "true",
          "-1",
          "1e308",
          "9007199254740993",
          "\"\"",
          "[]",
          "{}",
          "[[[[1]]]]",
          "\"\\udfff\"",
          "\"\\u0000\"",
          "1e-400",
          "-0.0",
          "2147483648",
          "-9223372036854775809",
          "1e400",
          "0.5",
          "[null]");

  private final JsonNodeFactory nodes = JsonNodeFactory.instance;
  private final ObjectMapper json = new ObjectMapper();
  private final Random random = new Random(SEED);
  private JsonNode document = nodes.objectNode();

  /** One that was opened last, and may have ended. */
  private String session = "none";

  @Test
  void noRequestIsAFault() {
    try (var server =
        TestModels.server()
            .maxLength(40)
            .maxSessions(30)
            .reloadEvery(Duration.ZERO)
            .answerTime(Duration.ofSeconds(20))
            .start()) {
      var client = new Client(server);
      document = client.get("/openapi.json").json();
      var statuses = new ArrayList<Integer>();
      var answered = new TreeSet<String>();
      for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
        for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
          for (int i = 0; i < TRIES; i++) {
            int status = request(client, path.getKey(), operation.getKey(), operation.getValue());
            statuses.add(status);
            if (status == 200) {
              answered.add(operation.getKey() + " " + path.getKey());
            }
          }
        }
      }
      assertThat(statuses).contains(200, 422, 404); // it draws right ones, too
      assertThat(answered)
          .contains(
              "post /v1/score", "post /v1/embed", "post /v1/transduce", "post /v1/completions")
          .contains("post /v1/sessions", "get /v1/sessions/{id}", "post /v1/sessions/{id}/push")
          .hasSizeGreaterThan(20);
    }
  }

  private int request(Client client, String path, String method, JsonNode operation) {
    if (path.contains("{id}") && random.nextInt(4) == 0) {
      String model = "{\"model\":\"" + (random.nextBoolean() ? "names" : "sales") + "\"}";
      JsonNode opened = client.post("/v1/sessions", model).json(); // none where there are too many
      session = opened.path("id").asText(session);
    }
    String id = random.nextInt(3) == 0 ? name() : session;
    String place = path.replace("{name}", name()).replace("{id}", id);
    JsonNode content = operation.at("/requestBody/content");
    boolean table = content.has("text/csv") && random.nextBoolean();
    JsonNode schema = content.at("/application~1json/schema");
    String body = table ? table() : schema.isMissingNode() ? "" : body(schema);
    if (table) {
      place += query(operation.get("parameters"));
    }
    var request =
        client
            .request(place)
            .header("Content-Type", table ? "text/csv" : "application/json")
            .method(
                method.toUpperCase(java.util.Locale.ROOT),
                HttpRequest.BodyPublishers.ofString(body));
    Client.Answer answer = client.send(request);
    assertThat(DOCUMENTED)
        .as("seed " + SEED + ": " + method + " " + place + " " + body + " → " + answer.text())
        .contains(answer.status());
    if (answer.status() == 200 && path.startsWith("/v1/sessions") && answer.json().has("id")) {
      session = answer.json().get("id").textValue();
    }
    return answer.status();
  }

  private String table() {
    var table = new StringBuilder(random.nextBoolean() ? "value\n" : "time,value\r\n");
    for (int i = random.nextInt(15); i > 0; i--) {
      boolean text = random.nextInt(15) == 0;
      table.append(text ? TEXTS.get(random.nextInt(TEXTS.size())) : random.nextInt(9)).append('\n');
    }
    return table.toString();
  }

  /** Parameters of the document, each there or not. */
  private String query(JsonNode parameters) {
    var query = new StringBuilder();
    for (JsonNode each : parameters) {
      if (each.get("in").asText().equals("query") && random.nextBoolean()) {
        String value = draw(each.get("schema"), 1).toString().replaceAll("[\\[\\]\"]", "");
        boolean model = each.get("name").asText().equals("model") && random.nextInt(4) > 0;
        query
            .append(query.isEmpty() ? '?' : '&')
            .append(each.get("name").asText())
            .append('=')
            .append(URLEncoder.encode(model ? "sales" : value, StandardCharsets.UTF_8));
      }
    }
    return query.toString();
  }

  private String name() {
    return List.of("names", "sales", "none", "..", "%00", "a%2fb", "%F0%9F%98%80")
        .get(random.nextInt(7));
  }

  private String body(JsonNode schema) {
    String right = draw(schema, 0).toString();
    if (random.nextInt(3) > 0 || right.length() < 3) {
      return right;
    }
    int at = random.nextInt(right.length()); // cut, or a wrong value in the place of a right one
    return switch (random.nextInt(3)) {
      case 0 -> right.substring(0, at);
      case 1 ->
          right.replaceFirst(
              ":[^,}]+", ":" + WRONG.get(random.nextInt(WRONG.size())).replace("\\", "\\\\"));
      default -> right.substring(0, at) + (char) random.nextInt(32, 127) + right.substring(at + 1);
    };
  }

  private JsonNode draw(JsonNode schema, int deep) {
    JsonNode reference = schema.get("$ref");
    if (reference != null) {
      return draw(document.at(reference.textValue().substring(1)), deep);
    }
    if (schema.has("anyOf")) {
      return draw(schema.get("anyOf").get(random.nextInt(schema.get("anyOf").size())), deep);
    }
    if (schema.has("enum")) {
      return schema.get("enum").get(random.nextInt(schema.get("enum").size()));
    }
    JsonNode type = schema.path("type");
    String kind = type.isArray() ? type.get(0).textValue() : type.asText();
    return switch (kind) {
      case "object" -> object(schema, deep);
      case "array" -> {
        var list = nodes.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(draw(schema.get("items"), deep + 1));
        }
        yield list;
      }
      case "string" -> nodes.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
      case "boolean" -> nodes.booleanNode(random.nextBoolean());
      case "integer" -> nodes.numberNode((long) number(schema));
      case "number" -> nodes.numberNode(number(schema));
      default -> anything();
    };
  }

  private JsonNode object(JsonNode schema, int deep) {
    var object = nodes.objectNode();
    for (Map.Entry<String, JsonNode> each : schema.path("properties").properties()) {
      boolean required = schema.path("required").toString().contains("\"" + each.getKey() + "\"");
      if (each.getKey().equals("model")) {
        if (random.nextInt(4) > 0) {
          object.put(
              "model",
              List.of("names", "moods", "tags", "sales", "heard", "sounds", "stars")
                  .get(random.nextInt(7)));
        }
      } else if (required || random.nextInt(3) == 0) {
        object.set(each.getKey(), draw(each.getValue(), deep + 1));
      }
    }
    if (schema.has("additionalProperties") && schema.get("additionalProperties").isObject()) {
      object.set("value", draw(schema.get("additionalProperties"), deep + 1));
    }
    if (deep == 0 && object.has("model") && random.nextBoolean()) {
      object.remove("model");
    }
    return object;
  }

  private double number(JsonNode schema) {
    double from = schema.path("minimum").asDouble(-3);
    double most = schema.path("maximum").asDouble(Integer.MAX_VALUE);
    double to = Math.min(most, from + 60);
    return switch (random.nextInt(9)) {
      case 0 -> from;
      case 1 -> most;
      case 2 -> from - 1;
      case 3 -> most + 1;
      case 4 -> Math.nextUp(from);
      default -> from + random.nextDouble() * (to - from);
    };
  }

  private JsonNode anything() {
    try {
      String text = random.nextBoolean() ? "[1,2]" : WRONG.get(random.nextInt(WRONG.size()));
      return json.readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
