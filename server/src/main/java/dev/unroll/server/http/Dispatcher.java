package dev.unroll.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.unroll.base.InputException;
import dev.unroll.server.json.Binder;
import dev.unroll.server.json.InvalidJson;
import dev.unroll.server.json.Json;
import dev.unroll.server.json.Query;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What happens to a request between its bytes and the bytes of its answer; knows no library. */
final class Dispatcher {

  private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());

  private static final String JSON = "application/json";
  private static final String CSV = "text/csv";

  private static final Pattern CHARSET =
      Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\\s;\"]+)", Pattern.CASE_INSENSITIVE);

  /** UTF-8 by all its names, and what is the same in it. */
  private static final Set<String> CHARSETS = Set.of("utf-8", "utf8", "us-ascii");

  private final Routes routes;
  private final Tokens tokens;
  private final Binder binder;

  Dispatcher(Routes routes, Tokens tokens, HttpLimits limits) {
    this.routes = routes;
    this.tokens = tokens;
    binder = new Binder(new Binder.Limits(limits.items(), limits.text()));
  }

  /**
   * A request without its body.
   *
   * @param type content type, or null for none
   * @param authorization its header, or null for none
   * @param query by name all values
   */
  record Head(
      String method,
      String path,
      @Nullable String type,
      @Nullable String authorization,
      Map<String, List<String>> query) {}

  /**
   * Returns what a request asks for.
   *
   * @throws Problem if there is no such thing, of which strangers do not learn
   */
  Routes.Match find(Head head) {
    try {
      return routes.find(head.method, head.path);
    } catch (Problem e) {
      tokens.check(head.authorization);
      throw e;
    }
  }

  /**
   * Refuses clients that may not use an endpoint.
   *
   * @throws Problem if they have no token that it takes
   */
  void authorize(Endpoint<?, ?> endpoint, Head head) {
    if (!endpoint.is(Endpoint.Trait.OPEN)) {
      tokens.check(head.authorization);
    }
  }

  /**
   * Answers a request.
   *
   * @return the answer, or null where events were sent
   * @throws Problem if it cannot be answered
   */
  <Q, A> Endpoint.@Nullable Raw answer(Endpoint<Q, A> endpoint, Head head, byte[] body, Call call) {
    try {
      return compute(endpoint, head, body, call);
    } catch (Problem e) { // OpenAI has one status for all that is wrong with a request
      boolean unusable = e.status() == 422 && endpoint.is(Endpoint.Trait.OPENAI);
      throw unusable ? e.as(400) : e;
    }
  }

  private <Q, A> Endpoint.@Nullable Raw compute(
      Endpoint<Q, A> endpoint, Head head, byte[] body, Call call) {
    try {
      Q request = binder.record(tree(endpoint, head, body), endpoint.request());
      A answer = endpoint.handler().answer(call, request);
      if (answer == null || answer instanceof Endpoint.Raw) {
        return (Endpoint.Raw) answer;
      }
      return new Endpoint.Raw(JSON, Json.bytes(answer));
    } catch (InvalidJson e) {
      int status = e.kind() == InvalidJson.Kind.SYNTAX ? 400 : 422;
      throw Problem.ofField(status, e.field(), e.detail());
    } catch (Binder.TooMuch e) {
      throw Problem.of(413, e.getMessage() + "; send less at once, or ask for a higher limit");
    } catch (InputException e) {
      throw Problem.unusable(e.problem() + ". " + InputException.worded(e.fix(), key -> key));
    } catch (CancellationException e) {
      throw Problem.of(503, "the request took longer than it may; send less at once");
    } catch (Problem | Events.Gone e) {
      throw e;
    } catch (OutOfMemoryError e) {
      LOG.log(System.Logger.Level.ERROR, "request " + call.id() + ": out of memory");
      throw Problem.of(503, "the server has no memory for it; send less at once");
    } catch (RuntimeException | Error e) { // the library would say nothing of an error in its log
      LOG.log(System.Logger.Level.ERROR, "request " + call.id() + " failed", e);
      throw Problem.of(
          500, "an internal error; the server's log says more under this request's id");
    }
  }

  private static JsonNode tree(Endpoint<?, ?> endpoint, Head head, byte[] body) {
    if (!endpoint.hasBody()) {
      return JsonNodeFactory.instance.objectNode();
    }
    String type =
        head.type == null ? "" : head.type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    checkCharset(head.type);
    boolean table = endpoint.is(Endpoint.Trait.CSV);
    if (table && type.equals(CSV)) {
      return ofTable(endpoint, head, body);
    }
    if (!type.equals(JSON)) {
      String wanted = table ? JSON + " or " + CSV : JSON;
      throw Problem.of(415, "send the header Content-Type: " + wanted);
    }
    if (table) {
      Query.refuse(head.query, endpoint.request());
    }
    return Json.read(body);
  }

  private static void checkCharset(@Nullable String type) {
    Matcher named = CHARSET.matcher(type == null ? "" : type);
    if (named.find() && !CHARSETS.contains(named.group(1).toLowerCase(Locale.ROOT))) {
      throw Problem.of(
          415, "send the body in UTF-8, not in " + InputException.quoted(named.group(1), 50));
    }
  }

  private static ObjectNode ofTable(Endpoint<?, ?> endpoint, Head head, byte[] body) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      return Query.read(head.query, endpoint.request()).put("csv", text);
    } catch (CharacterCodingException e) {
      throw Problem.of(400, "the body is not valid UTF-8");
    }
  }

  /** Returns the body of an error. */
  static Map<String, Object> error(
      Problem problem, @Nullable Endpoint<?, ?> endpoint, @Nullable String id) {
    Map<String, Object> fields = problem.fields(id);
    if (endpoint != null && endpoint.is(Endpoint.Trait.OPENAI)) {
      var error = new LinkedHashMap<String, @Nullable Object>();
      error.put("message", problem.getMessage());
      error.put("type", problem.status() < 500 ? "invalid_request_error" : "server_error");
      error.put("param", problem.field().isEmpty() ? null : problem.field());
      error.put("code", code(problem.status()));
      fields.put("error", error);
    }
    return fields;
  }

  /** Returns the code of an error where OpenAI has one for the status. */
  private static @Nullable String code(int status) {
    return switch (status) {
      case 401 -> "invalid_api_key";
      case 404 -> "model_not_found";
      default -> null;
    };
  }
}
