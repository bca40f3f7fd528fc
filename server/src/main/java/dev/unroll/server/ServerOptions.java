package dev.unroll.server;

import dev.unroll.base.InputException;
import dev.unroll.result.Model;
import dev.unroll.server.http.HttpLimits;
import dev.unroll.server.http.Listener;
import dev.unroll.server.http.Tokens;
import dev.unroll.server.model.Batcher;
import dev.unroll.server.model.Engine;
import dev.unroll.server.session.Sessions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a server serves, where, to whom, and how much of it. Without further words it listens at
 * 127.0.0.1:8080 and answers whoever reaches it there.
 *
 * @param <B> what the methods return
 */
abstract class ServerOptions<B extends ServerOptions<B>> {

  private static final System.Logger LOG = System.getLogger("dev.unroll.server.Access");

  final Map<String, Path> models = new LinkedHashMap<>();
  private String host = "127.0.0.1";
  private int port = 8080;
  private @Nullable Path certificate;
  private @Nullable Path key;
  private Tokens tokens = Tokens.none();
  private boolean noToken;

  private Duration batchDelay = Duration.ofMillis(1);
  private int batchSize = 32;
  private int threads = Runtime.getRuntime().availableProcessors();
  private int queue = 4096;

  private int body = 1 << 20;
  private int text = 100_000;
  private int inputs = 1024;
  private int connections = 2048;
  private int headers = 16_384;
  private Duration readTime = Duration.ofSeconds(30);
  private Duration answerTime = Duration.ofSeconds(60);

  private int sessions = 1024;
  private long sessionMemory = 64L << 20;
  private Duration sessionTime = Duration.ofMinutes(10);
  private @Nullable Path stateKey;

  int length = 4096;
  Duration reload = Duration.ofSeconds(1);
  Duration grace = Duration.ofSeconds(10);
  boolean logTexts;
  Consumer<String> accessLog = line -> LOG.log(System.Logger.Level.INFO, line);
  InstantSource clock = InstantSource.system();
  Function<Model, Engine> engines = Engine::of;

  ServerOptions() {}

  abstract B self();

  /** Serves a model file under its name, without its ending. */
  public B model(Path file) {
    Path last = file.getFileName();
    String name = last == null ? "" : last.toString().replaceFirst("\\.safetensors$", "");
    return model(name, file);
  }

  /** Serves a model file under a name. */
  public B model(String name, Path file) {
    if (models.putIfAbsent(name, file) != null) {
      throw new InputException(
          "two models are called " + name, "Give one another name, as in NAME=FILE.");
    }
    return self();
  }

  /** Listens at another address than this machine's own, which only its own programs reach. */
  public B host(String name) {
    host = name;
    return self();
  }

  /** Listens at a port; 0 for any that is free. */
  public B port(int number) {
    port = (int) in("port", number, 0, 65_535);
    return self();
  }

  /**
   * Answers only those who send one of the tokens of a file, which has one in each line.
   *
   * @throws InputException if it cannot be read
   */
  public B tokenFile(Path file) {
    tokens = Tokens.read(file);
    return self();
  }

  /** Answers anybody, also at addresses that others reach. */
  public B noToken() {
    noToken = true;
    return self();
  }

  /** Speaks TLS, with a chain of certificates and its key in PEM. */
  public B tls(Path chain, Path itsKey) {
    certificate = chain;
    key = itsKey;
    return self();
  }

  /** Lets inputs wait so long for others with which they are computed; zero for not. */
  public B batchWait(Duration time) {
    batchDelay = in("batch-wait", time, Duration.ZERO, Duration.ofSeconds(1));
    return self();
  }

  /** Computes so many inputs together at most; 1 for none together. */
  public B batchSize(int most) {
    batchSize = (int) in("batch-size", most, 1, 65_536);
    return self();
  }

  /** Computes so many batches at once. */
  public B threads(int number) {
    threads = (int) in("threads", number, 1, 1024);
    return self();
  }

  /** Lets so many inputs wait; further ones are refused. */
  public B queue(int most) {
    queue = (int) in("max-queue", most, 1, 1 << 20);
    return self();
  }

  /** Takes so many bytes of a request. */
  public B maxBody(int bytes) {
    body = (int) in("max-body", bytes, 1024, 1 << 30);
    return self();
  }

  /** Takes texts of so many characters. */
  public B maxText(int characters) {
    text = (int) in("max-text", characters, 1, 1 << 28);
    return self();
  }

  /** Takes so many inputs at once. */
  public B maxInputs(int most) {
    inputs = (int) in("max-inputs", most, 1, 1 << 20);
    return self();
  }

  /** Draws texts of so many tokens. */
  public B maxLength(int tokens) {
    length = (int) in("max-length", tokens, 1, 1 << 24);
    return self();
  }

  /** Takes so many connections; further ones wait. */
  public B maxConnections(int most) {
    connections = (int) in("max-connections", most, 1, 1 << 20);
    return self();
  }

  /** Takes so many bytes of the headers of a request. */
  public B maxHeaders(int bytes) {
    headers = (int) in("max-headers", bytes, 1024, 1 << 20);
    return self();
  }

  /** Gives a client so long to send a request, and keeps a connection so long that does nothing. */
  public B readTime(Duration time) {
    readTime = in("read-time", time, Duration.ofMillis(10), Duration.ofHours(1));
    return self();
  }

  /** Ends a request that takes longer. */
  public B answerTime(Duration time) {
    answerTime = in("answer-time", time, Duration.ofMillis(10), Duration.ofDays(1));
    return self();
  }

  /** Keeps so many sessions at once. */
  public B maxSessions(int most) {
    sessions = (int) in("max-sessions", most, 0, 1 << 20);
    return self();
  }

  /** Keeps so many bytes of states of sessions. */
  public B sessionMemory(long bytes) {
    sessionMemory = in("session-memory", bytes, 0, 1L << 40);
    return self();
  }

  /** Ends a session that nobody has used for so long. */
  public B sessionTime(Duration time) {
    sessionTime = in("session-time", time, Duration.ofMillis(10), Duration.ofDays(365));
    return self();
  }

  /** Signs saved states by a key of a file, so that other servers with it take them too. */
  public B stateKey(Path file) {
    stateKey = file;
    return self();
  }

  /** Looks so often for model files that were replaced; zero for never. */
  public B reloadEvery(Duration time) {
    reload = in("reload-every", time, Duration.ZERO, Duration.ofDays(1));
    return self();
  }

  /** Lets requests go on for so long when the server ends. */
  public B grace(Duration time) {
    grace = in("grace", time, Duration.ZERO, Duration.ofDays(1));
    return self();
  }

  /** Gives each request's line of JSON to {@code log}. */
  public B accessLog(Consumer<String> log) {
    accessLog = log;
    return self();
  }

  /** Logs what requests say, too: the first 2,000 characters. */
  public B logTexts() {
    logTexts = true;
    return self();
  }

  /** Takes the time from another clock. */
  public B clock(InstantSource other) {
    clock = other;
    return self();
  }

  /** Computes answers by other means than the models themselves, to compare the two. */
  public B engines(Function<Model, Engine> other) {
    engines = other;
    return self();
  }

  private static long in(String name, long value, long from, long to) {
    if (value < from || value > to) {
      throw new InputException(
          String.format(Locale.ROOT, "%s is %,d", name, value),
          String.format(Locale.ROOT, "It must be in %,d … %,d.", from, to));
    }
    return value;
  }

  private static Duration in(String name, Duration value, Duration from, Duration to) {
    if (value.compareTo(from) < 0 || value.compareTo(to) > 0) {
      throw new InputException(
          name + " is " + value.toMillis() + " ms",
          "It must be in " + from.toMillis() + " … " + to.toMillis() + " ms.");
    }
    return value;
  }

  /** Refuses a server that others reach, without a word about who they are. */
  void check() {
    if (!isOwn(host) && !tokens.isRequired() && !noToken) {
      throw new InputException(
          "anybody who reaches " + host + " could use the models",
          "Give {token-file} with the tokens of those who may, or {no-token}.");
    }
  }

  private static boolean isOwn(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  Tokens tokens() {
    return tokens;
  }

  Listener.Place place() {
    return new Listener.Place(host, port, certificate, key);
  }

  Batcher.Limits batches() {
    return new Batcher.Limits(batchDelay, batchSize, queue, threads);
  }

  HttpLimits http() {
    return new HttpLimits(body, text, inputs, connections, headers, readTime, answerTime);
  }

  Sessions.Limits sessions() {
    return new Sessions.Limits(sessions, sessionMemory, sessionTime);
  }

  @Nullable Path stateKey() {
    return stateKey;
  }
}
