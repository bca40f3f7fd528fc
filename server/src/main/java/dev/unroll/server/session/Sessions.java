package dev.unroll.server.session;

import dev.unroll.server.http.Metrics;
import dev.unroll.server.http.Problem;
import dev.unroll.server.model.Served;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** The sessions that are open. Those that nobody uses end by themselves. */
public final class Sessions {

  private static final int ID_BYTES = 18;

  private final Limits limits;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  /** By id, the one that was used longest ago first; guarded by this. */
  private final Map<String, Session> open = new LinkedHashMap<>(16, 0.75f, true);

  private long bytes;

  /**
   * How many sessions there may be.
   *
   * @param count at once
   * @param bytes of all their states
   * @param idle how long nobody may use one
   */
  public record Limits(int count, long bytes, Duration idle) {}

  /** Creates an empty collection. */
  public Sessions(Limits limits, InstantSource clock, Metrics metrics) {
    this.limits = limits;
    this.clock = clock;
    metrics.gauge("unroll.sessions", "Sessions that are open.", this::count);
    metrics.gauge("unroll.session.bytes", "Bytes of the states of all sessions.", this::bytes);
  }

  private synchronized Number count() {
    return open.size();
  }

  private synchronized Number bytes() {
    return bytes;
  }

  /**
   * Opens a session.
   *
   * @throws Problem if there are too many
   */
  synchronized Session open(Served served, Progress progress) {
    expire();
    long size = progress.bytes();
    if (open.size() >= limits.count || bytes + size > limits.bytes) {
      throw Problem.busy(
          429,
          "there are "
              + open.size()
              + " sessions, with states of "
              + bytes
              + " bytes; end one, or wait until one expires",
          untilNextEnds());
    }
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    String name = Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    var session = new Session(name, served, progress, clock.millis());
    open.put(name, session);
    bytes += size;
    return session;
  }

  private Duration untilNextEnds() {
    long now = clock.millis();
    long first = open.isEmpty() ? now : open.values().iterator().next().used();
    return Duration.ofMillis(first + limits.idle.toMillis() - now);
  }

  /**
   * Returns a session, which has been used now.
   *
   * @throws Problem if it has ended, or never was
   */
  synchronized Session get(String id) {
    expire();
    Session session = open.get(id);
    if (session == null) {
      throw Problem.notFound("no such session: it has ended, or was not opened here");
    }
    session.use(clock.millis());
    return session;
  }

  /** Ends a session. */
  synchronized Session end(String id) {
    Session session = get(id);
    remove(session);
    return session;
  }

  private void remove(Session session) {
    open.remove(session.id());
    bytes -= session.progress().bytes(); // of one model all states are of one size
  }

  /** Ends those that nobody has used for too long. */
  public synchronized void expire() {
    long last = clock.millis() - limits.idle.toMillis();
    while (!open.isEmpty()) {
      Session first = open.values().iterator().next();
      if (first.used() > last) {
        return;
      }
      remove(first);
    }
  }
}
