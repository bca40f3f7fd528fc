package dev.unroll.server.http;

import static dev.unroll.file.Json.object;

import dev.unroll.data.Provenance;
import dev.unroll.server.json.Field;
import dev.unroll.server.json.Schemas;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The description of all endpoints, as OpenAPI 3.1 has it. */
public final class OpenApi {

  private final Schemas requests = new Schemas(true);
  private final Schemas answers = new Schemas(false);

  /** An error, as RFC 9457 has it. */
  record ProblemDetails(
      String type,
      String title,
      Integer status,
      @Field("what is wrong, and what to change") String detail,
      @Field("the field that is wrong") @Nullable String field,
      @Field("by which the log names the request") @Nullable String requestId,
      @Field("where OpenAI has the endpoint, too: the same as OpenAI writes it")
          @Nullable OpenAiError error) {}

  /** An error, as OpenAI has it. */
  record OpenAiError(String message, String type, @Nullable String param, @Nullable String code) {}

  /**
   * Returns the document.
   *
   * @param endpoints all of them
   * @param secured whether a token is needed
   */
  public Map<String, Object> document(List<Endpoint<?, ?>> endpoints, boolean secured) {
    var paths = new LinkedHashMap<String, Map<String, Object>>();
    for (Endpoint<?, ?> endpoint : endpoints) {
      paths
          .computeIfAbsent(endpoint.path(), path -> new LinkedHashMap<>())
          .put(lower(endpoint.method()), operation(endpoint, secured));
    }
    answers.reference(ProblemDetails.class);
    var schemas = new LinkedHashMap<>(requests.named());
    schemas.putAll(answers.named());
    var components = new LinkedHashMap<String, Object>();
    components.put("schemas", schemas);
    if (secured) {
      components.put(
          "securitySchemes", object("token", object("type", "http", "scheme", "bearer")));
    }
    var document = new LinkedHashMap<String, Object>();
    document.put("openapi", "3.1.0");
    document.put(
        "info",
        object(
            "title", "Unroll",
            "version", Provenance.VERSION,
            "description", "Recurrent neural networks, served."));
    document.put("paths", paths);
    document.put("components", components);
    return document;
  }

  private static String lower(String method) {
    return method.toLowerCase(Locale.ROOT);
  }

  private Map<String, Object> operation(Endpoint<?, ?> endpoint, boolean secured) {
    var operation = new LinkedHashMap<String, Object>();
    operation.put("summary", endpoint.summary());
    operation.put("operationId", id(endpoint));
    if (secured && !endpoint.is(Endpoint.Trait.OPEN)) {
      operation.put("security", List.of(object("token", List.of())));
    }
    var parameters = new ArrayList<Map<String, Object>>();
    for (String segment : endpoint.segments()) {
      if (segment.startsWith("{")) {
        parameters.add(
            object(
                "name",
                segment.substring(1, segment.length() - 1),
                "in",
                "path",
                "required",
                true,
                "schema",
                object("type", "string")));
      }
    }
    parameters.addAll(requests.parameters(endpoint.request()));
    if (!parameters.isEmpty()) {
      operation.put("parameters", parameters);
    }
    if (endpoint.hasBody()) {
      var content = new LinkedHashMap<String, Object>();
      content.put("application/json", object("schema", requests.reference(endpoint.request())));
      if (endpoint.is(Endpoint.Trait.CSV)) {
        content.put("text/csv", object("schema", object("type", "string")));
      }
      operation.put("requestBody", object("required", true, "content", content));
    }
    operation.put("responses", responses(endpoint));
    return operation;
  }

  /** Such as {@code post_v1_models_name_reload}. */
  private static String id(Endpoint<?, ?> endpoint) {
    return lower(endpoint.method())
        + endpoint.path().replaceAll("[^A-Za-z0-9]+", "_").replaceAll("_$", "");
  }

  private Map<String, Object> responses(Endpoint<?, ?> endpoint) {
    var content = new LinkedHashMap<String, Object>();
    if (endpoint.answer() == Endpoint.Raw.class) {
      content.put("*/*", object("schema", object()));
    } else {
      content.put("application/json", object("schema", answers.reference(endpoint.answer())));
    }
    if (endpoint.is(Endpoint.Trait.STREAMS)) {
      content.put("text/event-stream", object("schema", object("type", "string")));
    }
    var responses = new LinkedHashMap<String, Object>();
    responses.put("200", object("description", "the answer", "content", content));
    responses.put(
        "default",
        object(
            "description",
            "what is wrong, and what to change",
            "content",
            object(
                "application/problem+json",
                object("schema", answers.reference(ProblemDetails.class)))));
    return responses;
  }
}
