package dev.unroll.bench.serve;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What came of the requests of one kind. Threads share it. */
final class Tally {

  private static final int MOST_EXAMPLES = 5;

  private final LongAdder right = new LongAdder();
  private final LongAdder busy = new LongAdder();
  private final LongAdder other = new LongAdder();
  private final LongAdder wrong = new LongAdder();
  private final LongAdder broken = new LongAdder();
  private final Queue<String> examples = new ConcurrentLinkedQueue<>();

  /** The client did as it meant to, or got the right answer. */
  void right() {
    right.increment();
  }

  /** Counts an answer by its status; one of 200 is only right where that has been looked at. */
  void answer(HttpClient.Answer answer, boolean isRight) {
    switch (answer.status()) {
      case 200 -> {
        if (isRight) {
          right.increment();
        } else {
          wrong.increment();
          example("wrong: " + answer.text());
        }
      }
      case 429, 503 -> busy.increment();
      default -> {
        other.increment();
        example(answer.status() + ": " + answer.text());
      }
    }
  }

  /** There was no answer where there should be one. */
  void broken(Exception e) {
    broken.increment();
    example("no answer: " + e);
  }

  private void example(String text) {
    if (examples.size() < MOST_EXAMPLES) {
      examples.add(text.substring(0, Math.min(200, text.length())));
    }
  }

  long rightCount() {
    return right.sum();
  }

  long busyCount() {
    return busy.sum();
  }

  long otherCount() {
    return other.sum();
  }

  long wrongCount() {
    return wrong.sum();
  }

  long brokenCount() {
    return broken.sum();
  }

  /** Returns how many requests there were. */
  long count() {
    return right.sum() + busy.sum() + failures();
  }

  /** Returns how many of them came to something that must not be. */
  long failures() {
    return other.sum() + wrong.sum() + broken.sum();
  }

  /** Returns some of what must not be. */
  List<String> examples() {
    return List.copyOf(examples);
  }
}
