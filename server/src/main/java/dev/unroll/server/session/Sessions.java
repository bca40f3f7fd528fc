package dev.unroll.server.session;

import dev.unroll.server.http.Metrics;
import dev.unroll.server.http.Problem;
import dev.unroll.server.model.Served;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The sessions that are open. Those that nobody uses end by themselves, and so do those whose model
 * has been replaced twice: of each name there are two models in memory at most, however often it is
 * loaded.
 */
public final class Sessions {

  private static final int ID_BYTES = 18;

  private final Limits limits;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  /** By id, the one that was used longest ago first; guarded by this. */
  private final Map<String, Session> open = new LinkedHashMap<>(16, 0.75f, true);

  private long bytes;

  /** Ids of sessions that their model ended, with when it did; guarded by this. */
  private final SequencedMap<String, Long> outdated = new LinkedHashMap<>();

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
    if (session == null && outdated.containsKey(id)) {
      throw Problem.of(
          410,
          "the session has ended: its model was replaced by another, and that by a third; open a"
              + " new one, which begins anew");
    }
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

  /**
   * Lets sessions of a model that was replaced finish on it, and ends those of models before it.
   *
   * @param before what was replaced
   * @param now what has replaced it, under the same name
   */
  public synchronized void replaced(Served before, Served now) {
    for (Session session : List.copyOf(open.values())) {
      Served served = session.served();
      if (!served.name().equals(now.name())) {
        continue;
      }
      if (served.hash().equals(now.hash())) {
        session.moveTo(now.like(served));
      } else if (served.hash().equals(before.hash())) {
        session.moveTo(before.like(served));
      } else if (!before.hash().equals(now.hash())) {
        remove(session);
        outdated.put(session.id(), clock.millis());
        if (outdated.size() > limits.count) {
          outdated.pollFirstEntry();
        }
      }
    }
  }

  /** Ends those that nobody has used for too long. */
  public synchronized void expire() {
    long last = clock.millis() - limits.idle.toMillis();
    outdated.values().removeIf(ended -> ended <= last);
    while (!open.isEmpty()) {
      Session first = open.values().iterator().next();
      if (first.used() > last) {
        return;
      }
      remove(first);
    }
  }
}
