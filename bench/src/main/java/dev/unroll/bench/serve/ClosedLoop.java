package dev.unroll.bench.serve;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Clients each of which asks, waits for the answer, and asks again, so that there are never more
 * requests under way than clients. A server that hesitates is therefore asked less, and its times
 * are those of the requests that were made (no correction for coordinated omission): that is what a
 * number of clients means. What happens when more comes than a server can do is for the soak.
 */
final class ClosedLoop {

  private static final long LONGEST = 120_000_000_000L;
  private static final int DIGITS = 3;

  private final int port;
  private final List<Question> questions;

  ClosedLoop(int port, List<Question> questions) {
    this.port = port;
    this.questions = questions;
  }

  /** What came of it. */
  static final class Result {
    private final Histogram times = new ConcurrentHistogram(LONGEST, DIGITS);
    private final LongAdder wrong = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private double seconds;
    private double processor;
    private double askingProcessor;

    /** Returns the times of all requests, in nanoseconds. */
    Histogram times() {
      return times;
    }

    /** Returns how many answers were not those of the library. */
    long wrong() {
      return wrong.sum();
    }

    /** Returns how many answers had another status than 200. */
    long refused() {
      return refused.sum();
    }

    double perSecond() {
      return (times.getTotalCount() - refused()) / seconds;
    }

    /** Returns the processors' time that the server took for a request, in milliseconds. */
    double processorMs() {
      return 1e3 * processor / times.getTotalCount();
    }

    /** Returns the processors' time that the clients took for a request, in milliseconds. */
    double askingProcessorMs() {
      return 1e3 * askingProcessor / times.getTotalCount();
    }

    /**
     * Says how much of the processors' time was taken, in seconds.
     *
     * @param server by the server
     * @param clients by this JVM
     */
    Result withProcessor(double server, double clients) {
      processor = server;
      askingProcessor = clients;
      return this;
    }

    /** Adds what another round came to. */
    void add(Result other) {
      times.add(other.times);
      wrong.add(other.wrong());
      refused.add(other.refused());
      seconds += other.seconds;
      processor += other.processor;
      askingProcessor += other.askingProcessor;
    }
  }

  /**
   * Lets clients ask for some time. Each has a platform thread, which the system wakes when its
   * answer is there: a virtual one takes a second thread to be woken, and more time of processors.
   *
   * @throws UncheckedIOException if a connection breaks
   */
  Result run(int clients, long milliseconds) {
    var result = new Result();
    long start = System.nanoTime();
    long end = start + milliseconds * 1_000_000;
    try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      var running = new ArrayList<Future<?>>();
      for (int i = 0; i < clients; i++) {
        int first = i * questions.size() / clients;
        running.add(threads.submit(() -> ask(first, end, result)));
      }
      for (Future<?> each : running) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof UncheckedIOException own ? own : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    result.seconds = (System.nanoTime() - start) * 1e-9;
    return result;
  }

  private void ask(int first, long end, Result result) {
    try (var client = new HttpClient(port)) {
      int at = first;
      for (long now = System.nanoTime(); now < end; ) {
        Question question = questions.get(at++ % questions.size());
        HttpClient.Answer answer = client.ask(question.request());
        long after = System.nanoTime();
        result.times.recordValue(Math.min(LONGEST, after - now));
        if (answer.status() != 200) {
          result.refused.increment();
        } else if (!question.isRight(answer.body())) {
          result.wrong.increment();
        }
        now = System.nanoTime();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
