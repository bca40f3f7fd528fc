package dev.unroll.bench.serve;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests that come at their times, whatever the server makes of the ones before, as long as there
 * are connections: each connection asks at its own times, and late only where its answer before
 * came late.
 */
final class PacedLoad {

  /** How far a connection may catch up. */
  private static final long MOST_LATE = TimeUnit.SECONDS.toNanos(1);

  private final Soak soak;
  private final List<Question> questions;
  private final int connections;
  private final long interval;

  /**
   * Creates the load.
   *
   * @param perSecond requests of all connections together
   */
  PacedLoad(Soak soak, List<Question> questions, int connections, double perSecond) {
    this.soak = soak;
    this.questions = questions;
    this.connections = connections;
    interval = (long) (connections / perSecond * 1e9);
  }

  /** Starts all connections. */
  void start() {
    Tally tally = soak.tally("load");
    long start = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    for (int i = 0; i < connections; i++) {
      soak.start(tally, new Connection(i, start + i * interval / connections, tally));
    }
  }

  private final class Connection implements Soak.Turn {

    private final Tally tally;
    private int at;
    private long next;

    Connection(int number, long first, Tally tally) {
      this.tally = tally;
      at = number * questions.size() / connections;
      next = first;
    }

    @Override
    public void run() throws IOException {
      try (var client = new HttpClient(soak.port())) {
        while (!soak.isOver() && client.isOpen()) {
          LockSupport.parkNanos(next - System.nanoTime());
          Question question = questions.get(at++ % questions.size());
          HttpClient.Answer answer = soak.ask(client, question.request());
          tally.answer(answer, answer.status() == 200 && question.isRight(answer.body()));
          next = Math.max(next + interval, System.nanoTime() - MOST_LATE);
        }
      }
    }
  }
}
