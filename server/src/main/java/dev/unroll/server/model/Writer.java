package dev.unroll.server.model;

import dev.unroll.server.http.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Continues texts by one language model, whatever it writes for, all that are asked for at once
 * side by side: each step reads one token of each, texts come and go from step to step. Where there
 * are many, several threads share them, each with a {@link Lane} of its own. Each text has the same
 * bits as in a batch of one.
 */
final class Writer {

  /** How long a thread waits for texts: for longer than a client takes to ask again. */
  private static final long IDLE = TimeUnit.SECONDS.toNanos(1);

  private final Batcher.Limits limits;
  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Deque<Text> waiting = new ArrayDeque<>();
  private final List<Lane> lanes = new ArrayList<>();

  /** Creates what continues no text yet, and has no thread. */
  Writer(String name, Batcher.Limits limits) {
    this.name = name;
    this.limits = limits;
  }

  /**
   * Begins texts.
   *
   * @param generator the model as it writes for what the texts are for
   * @throws Problem if too many wait already
   */
  List<Text> begin(Generator generator, List<Text.Order> orders, List<? extends Text.Sink> sinks) {
    var texts = new ArrayList<Text>();
    for (int i = 0; i < orders.size(); i++) {
      texts.add(new Text(orders.get(i), sinks.get(i), generator));
    }
    lock.lock();
    try {
      if (waiting.size() + texts.size() > limits.queue()) {
        waiting.removeIf(Text::isCanceled);
      }
      if (!waiting.isEmpty() && waiting.size() + texts.size() > limits.queue()) {
        throw Problem.of(503, "too many texts wait already; try again later");
      }
      rouse(wanted(texts.size()) - working());
      waiting.addAll(texts);
    } finally {
      lock.unlock();
    }
    return texts;
  }

  /** Returns how many lanes are to work if so many texts more wait. */
  private int wanted(int more) {
    return Math.min(limits.threads(), Math.ceilDiv(texts() + more, few()));
  }

  private int texts() {
    return waiting.size() + lanes.stream().mapToInt(Lane::size).sum();
  }

  /** Returns how many texts a lane has before another one works, too. */
  private int few() {
    return Math.min(Lane.FEW, limits.size());
  }

  private int working() {
    return (int) lanes.stream().filter(Lane::isWorking).count();
  }

  /**
   * Lets more lanes work: those whose threads wait, then others.
   *
   * @throws OutOfMemoryError if there is no thread to be had
   */
  private void rouse(int more) {
    int waked = Math.min(more, lock.getWaitQueueLength(arrived));
    for (int i = 0; i < waked; i++) {
      arrived.signal();
    }
    for (int i = waked; i < more; i++) {
      Lane free = lanes.stream().filter(lane -> !lane.hasThread()).findFirst().orElse(null);
      if (free == null && lanes.size() < limits.threads()) {
        free = new Lane(this::admit);
        lanes.add(free);
      }
      if (free != null) {
        free.start("unroll-writer-" + name);
      }
    }
  }

  /**
   * Takes texts that wait into a lane, in the place of those that have had their turn or whose
   * client does not read: neither long texts nor slow clients keep others out. Waits a little where
   * there are none; returns false where the thread is to end. Called by it.
   */
  private boolean admit(Lane lane) {
    lock.lock();
    try {
      if (!waiting.isEmpty()) {
        List<Text> pausing = lane.running().stream().filter(Text::pauses).toList();
        pausing.forEach(Text::beginTurn);
        lane.running().removeAll(pausing);
        waiting.addAll(pausing);
      }
      lane.note(!lane.running().isEmpty());
      if (!lane.isWorking() && !awaitTexts()) {
        lane.leave();
        return false;
      }
      int share = Math.max(few(), Math.ceilDiv(texts(), limits.threads()));
      int most = Math.min(limits.size(), share);
      while (!waiting.isEmpty() && lane.running().size() < most) {
        lane.running().add(waiting.remove());
      }
      lane.note(true);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there are texts for one lane more; returns false if there are none for long. */
  private boolean awaitTexts() {
    long left = IDLE;
    try {
      while (waiting.isEmpty() || working() >= wanted(0)) {
        if (left <= 0) {
          return false;
        }
        left = arrived.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      return false; // nobody interrupts these threads
    }
  }
}
