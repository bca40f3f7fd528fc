package dev.unroll.server.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The table of all endpoints, by method and path. */
public final class Routes {

  private final List<Row> rows;

  /** A row of the table, with the parts of its path. */
  private record Row(Endpoint<?, ?> endpoint, List<String> segments) {}

  /**
   * An endpoint that was found.
   *
   * @param endpoint what answers
   * @param parameters what stands in the path, by name
   */
  record Match(Endpoint<?, ?> endpoint, Map<String, String> parameters) {}

  /** Creates a table. */
  public Routes(List<Endpoint<?, ?>> endpoints) {
    rows = endpoints.stream().map(each -> new Row(each, each.segments())).toList();
  }

  /**
   * Returns the endpoint for a method and a path. HEAD is routed like GET.
   *
   * @throws Problem if there is none, or none for the method
   */
  Match find(String method, String path) {
    String wanted = method.equals("HEAD") ? "GET" : method;
    List<String> segments = List.of(path.split("/", -1));
    var methods = new TreeSet<String>();
    for (Row row : rows) {
      Endpoint<?, ?> endpoint = row.endpoint;
      Map<String, String> parameters = match(row.segments, segments);
      if (parameters != null) {
        if (endpoint.method().equals(wanted)) {
          return new Match(endpoint, parameters);
        }
        methods.add(endpoint.method());
        if (endpoint.method().equals("GET")) {
          methods.add("HEAD");
        }
      }
    }
    if (methods.isEmpty()) {
      throw Problem.notFound("nothing is served at this path; see /openapi.json");
    }
    String allowed = String.join(", ", methods);
    throw Problem.of(405, "this path takes " + allowed).header("Allow", allowed);
  }

  private static @Nullable Map<String, String> match(List<String> pattern, List<String> segments) {
    if (pattern.size() != segments.size()) {
      return null;
    }
    var parameters = new LinkedHashMap<String, String>();
    for (int i = 0; i < pattern.size(); i++) {
      String wanted = pattern.get(i);
      if (wanted.startsWith("{")) {
        parameters.put(wanted.substring(1, wanted.length() - 1), decoded(segments.get(i)));
      } else if (!wanted.equals(segments.get(i))) {
        return null;
      }
    }
    return parameters;
  }

  /** Returns a name without escapes: one that has a slash in it is not found. */
  private static String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return segment; // which is no name either
    }
  }
}
