package dev.unroll.server.http;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be asked for: how it is asked, what comes back, and what answers. Routing,
 * checks and {@code /openapi.json} follow from it.
 *
 * @param method of HTTP
 * @param path with names in braces, {@code /v1/models/{name}}
 * @param summary one sentence
 * @param request what the body holds; {@link NoBody} for none
 * @param answer what the answer holds, or {@link Raw} for what is no JSON
 * @param traits what is special
 * @param handler what answers
 * @param <Q> the request
 * @param <A> the answer
 */
public record Endpoint<Q, A>(
    String method,
    String path,
    String summary,
    Class<Q> request,
    Class<A> answer,
    Set<Trait> traits,
    Handler<Q, A> handler) {

  /** What is special about an endpoint. */
  public enum Trait {
    /** Nobody has to say who they are. */
    OPEN,
    /** It may answer by events, one after another. */
    STREAMS,
    /** The body may be CSV: the field {@code csv} of the request, with others in the query. */
    CSV,
    /** Errors are also written as OpenAI's. */
    OPENAI,
    /** It answers while the server ends. */
    ALWAYS
  }

  /** A request without a body. */
  public record NoBody() {}

  /**
   * An answer that is not JSON.
   *
   * @param type its content type
   * @param bytes all of it
   */
  public record Raw(String type, byte[] bytes) {}

  /** Answers requests. */
  @FunctionalInterface
  public interface Handler<Q, A> {
    /** Returns the answer, or null where it has written events. */
    @Nullable A answer(Call call, Q request);
  }

  /** Creates an endpoint that takes a body. */
  public static <Q, A> Endpoint<Q, A> post(
      String path, String summary, Class<Q> request, Class<A> answer, Handler<Q, A> handler) {
    return new Endpoint<>("POST", path, summary, request, answer, Set.of(), handler);
  }

  /** Creates an endpoint that is only read. */
  public static <A> Endpoint<NoBody, A> get(
      String path, String summary, Class<A> answer, Handler<NoBody, A> handler) {
    return new Endpoint<>("GET", path, summary, NoBody.class, answer, Set.of(), handler);
  }

  /** Creates an endpoint that ends something. */
  public static <A> Endpoint<NoBody, A> delete(
      String path, String summary, Class<A> answer, Handler<NoBody, A> handler) {
    return new Endpoint<>("DELETE", path, summary, NoBody.class, answer, Set.of(), handler);
  }

  /** Returns the same with what is special about it. */
  public Endpoint<Q, A> with(Trait... all) {
    return new Endpoint<>(method, path, summary, request, answer, Set.of(all), handler);
  }

  boolean is(Trait trait) {
    return traits.contains(trait);
  }

  boolean hasBody() {
    return request != NoBody.class;
  }

  List<String> segments() {
    return Arrays.asList(path.split("/", -1));
  }
}
