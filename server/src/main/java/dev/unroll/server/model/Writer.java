package dev.unroll.server.model;

import dev.unroll.model.LanguageModel;
import dev.unroll.network.NetworkState;
import dev.unroll.result.Sampling;
import dev.unroll.server.http.Problem;
import dev.unroll.task.lm.Drawing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Continues texts by one language model, all that are asked for at once side by side: each step
 * reads one token of each, texts come and go from step to step. Where there are many, several
 * threads share them, each with a {@link Lane} of its own. Each text has the same bits as in a
 * batch of one.
 */
public final class Writer {

  /** What learns of a text, in the thread that writes: it must not wait. */
  public interface Sink {

    /**
     * A token of the prompt is about to be read.
     *
     * @param logits by which it was expected
     */
    default void prompt(int id, float[] logits) {}

    /**
     * A token is about to be drawn.
     *
     * @param logits by which it will be
     */
    default void expect(float[] logits) {}

    /** A token was drawn, as {@code drawing} says. */
    void token(Drawing drawing);

    /** The text has ended. */
    void end(Drawing drawing);

    /** Whether nobody has taken what came before: the text waits. */
    default boolean isFull() {
      return false;
    }

    /** The text cannot be written. */
    void fail(Throwable thrown);
  }

  /**
   * What is written.
   *
   * @param prompt what the text begins with
   * @param ids the tokens of it
   * @param options how tokens are drawn
   * @param number each gives another text
   * @param logits whether the sink sees the logits of each token of the prompt
   */
  public record Order(String prompt, int[] ids, Sampling options, long number, boolean logits) {}

  /** A text on its way. */
  final class Text implements Drawing.Source {

    private final Order order;
    private final Sink sink;
    private final Drawing drawing;
    private NetworkState state = start;
    private float[] logits = {};
    private int read;
    private int turn;
    private volatile boolean canceled;

    private Text(Order order, Sink sink) {
      this.order = order;
      this.sink = sink;
      drawing = new Drawing(model.tokenizer(), order.prompt, this, order.options, order.number);
    }

    /** Stops it before its next token. */
    void cancel() {
      canceled = true;
    }

    boolean isCanceled() {
      return canceled;
    }

    /** Whether its client does not read. */
    boolean isFull() {
      return sink.isFull();
    }

    NetworkState state() {
      return state;
    }

    /**
     * Goes on after what {@link #next} has given.
     *
     * @param tokens how many that were
     */
    void moveTo(NetworkState after, int tokens) {
      state = after;
      turn += tokens;
    }

    /** Returns the logits of the token that comes next. */
    @Override
    public float[] logits() {
      return logits;
    }

    /** Does nothing: all texts read together. */
    @Override
    public void read(int token) {}

    private boolean hasReadPrompt() {
      return read == order.ids.length;
    }

    boolean needsLogits() {
      return hasReadPrompt() ? !drawing.hasEnded() : order.logits;
    }

    /** Whether nothing is left to be read or drawn. */
    boolean isOver() {
      return hasReadPrompt() && drawing.hasEnded();
    }

    /**
     * Returns the tokens that are read next: the one that was drawn, or some of the prompt.
     *
     * @param most of the prompt
     */
    int[] next(int most) {
      if (hasReadPrompt()) {
        return new int[] {drawing.id()};
      }
      int from = read;
      read = order.logits ? from + 1 : Math.min(order.ids.length, from + most);
      return Arrays.copyOfRange(order.ids, from, read);
    }

    /** Draws, or shows what was expected; returns whether the text goes on. */
    boolean advance(float[] expected) {
      if (!hasReadPrompt()) {
        sink.prompt(order.ids[read], expected);
        return true;
      }
      logits = expected;
      sink.expect(logits);
      boolean drawn = drawing.draw();
      if (drawn) {
        sink.token(drawing);
      }
      return drawn && !drawing.hasEnded();
    }

    void end() {
      sink.end(drawing);
    }

    void fail(Throwable thrown) {
      sink.fail(thrown);
    }
  }

  /** Tokens after which a text makes room for those that wait. */
  private static final int TURN = 64;

  /** How long a thread waits for texts: for longer than a client takes to ask again. */
  private static final long IDLE = TimeUnit.SECONDS.toNanos(1);

  private final LanguageModel model;
  private final Supplier<Engine.Continuation> batches;
  private final NetworkState start;
  private final Batcher.Limits limits;
  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Deque<Text> waiting = new ArrayDeque<>();
  private final List<Lane> lanes = new ArrayList<>();

  /**
   * Creates what continues no text yet, and has no thread.
   *
   * @param batches makes what computes, for each thread its own
   */
  Writer(
      LanguageModel model,
      Supplier<Engine.Continuation> batches,
      String name,
      Batcher.Limits limits) {
    this.model = model;
    this.batches = batches;
    this.limits = limits;
    this.name = name;
    Engine.Continuation first = batches.get();
    start = first.start();
    lanes.add(new Lane(this, first));
  }

  /**
   * Begins texts.
   *
   * @throws Problem if too many wait already
   */
  List<Text> begin(List<Order> orders, List<? extends Sink> sinks) {
    var texts = new ArrayList<Text>();
    for (int i = 0; i < orders.size(); i++) {
      texts.add(new Text(orders.get(i), sinks.get(i)));
    }
    lock.lock();
    try {
      if (waiting.size() + texts.size() > limits.queue()) {
        waiting.removeIf(Text::isCanceled);
      }
      if (!waiting.isEmpty() && waiting.size() + texts.size() > limits.queue()) {
        throw Problem.busy(
            503, "too many texts wait already; try again later", Duration.ofSeconds(1));
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
        free = new Lane(this, batches.get());
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
  boolean admit(Lane lane) {
    lock.lock();
    try {
      if (!waiting.isEmpty()) {
        List<Text> pausing =
            lane.running().stream()
                .filter(text -> text.turn >= TURN || text.sink.isFull())
                .toList();
        pausing.forEach(text -> text.turn = 0);
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
