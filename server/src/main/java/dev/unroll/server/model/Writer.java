package dev.unroll.server.model;

import dev.unroll.model.Drawing;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.NetworkState;
import dev.unroll.result.Sampling;
import dev.unroll.server.http.Problem;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Continues texts by one language model, all that are asked for at once side by side: each step
 * reads one token of each, texts come and go from step to step. Each text has the same bits as in a
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
  public final class Text implements Drawing.Source {

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
    public void cancel() {
      canceled = true;
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

    private boolean needsLogits() {
      return hasReadPrompt() ? !drawing.hasEnded() : order.logits;
    }

    private int next() {
      return hasReadPrompt() ? drawing.id() : order.ids[read++];
    }

    /** Draws, or shows what was expected; returns whether the text goes on. */
    private boolean advance(float[] expected) {
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
  }

  /** Steps after which a text makes room for those that wait. */
  private static final int TURN = 64;

  /** How long to wait where all texts wait for their clients. */
  private static final long CLIENTS_TURN = 2_000_000;

  private final LanguageModel model;
  private final NetworkState start;
  private final Batcher.Limits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Text> waiting = new ArrayDeque<>();
  private final List<Text> running = new ArrayList<>();
  private final Engine.Continuation batch;
  private final String name;

  /** Whether there is a thread that writes: only while there is something to write. */
  private boolean active;

  Writer(LanguageModel model, Engine.Continuation batch, String name, Batcher.Limits limits) {
    this.model = model;
    this.limits = limits;
    this.name = name;
    this.batch = batch;
    start = batch.start();
  }

  /**
   * Begins texts.
   *
   * @throws Problem if too many wait already
   */
  public List<Text> begin(List<Order> orders, List<? extends Sink> sinks) {
    var texts = new ArrayList<Text>();
    for (int i = 0; i < orders.size(); i++) {
      texts.add(new Text(orders.get(i), sinks.get(i)));
    }
    lock.lock();
    try {
      if (waiting.size() + texts.size() > limits.queue()) {
        waiting.removeIf(text -> text.canceled);
      }
      if (!waiting.isEmpty() && waiting.size() + texts.size() > limits.queue()) {
        throw Problem.busy(
            503, "too many texts wait already; try again later", Duration.ofSeconds(1));
      }
      if (!active) { // if there is no thread to be had, nothing has changed
        Thread.ofPlatform().daemon().name("unroll-writer-" + name).start(this::write);
        active = true;
      }
      waiting.addAll(texts);
    } finally {
      lock.unlock();
    }
    return texts;
  }

  private void write() {
    boolean goesOn = true;
    while (goesOn) {
      goesOn = writeTokens();
    }
  }

  /** Writes or reads a token of each text; returns whether there may be more to do. */
  private boolean writeTokens() {
    try {
      if (!admit()) {
        return false; // from here on all is another thread's
      }
      List<Text> ready = ready();
      draw(ready);
      step(ready);
    } catch (Throwable e) { // a thread that ended here would leave everybody waiting
      running.forEach(text -> text.sink.fail(e));
      running.clear();
    }
    return true;
  }

  /** Returns the texts that go on by a token. */
  private List<Text> ready() {
    running.removeIf(text -> text.canceled);
    var ready = new ArrayList<>(running);
    ready.removeIf(text -> text.sink.isFull());
    if (ready.isEmpty() && !running.isEmpty()) {
      LockSupport.parkNanos(CLIENTS_TURN);
    }
    return ready;
  }

  /**
   * Takes in texts that wait, in the place of those that have had their turn or whose client does
   * not read: neither long texts nor slow clients keep others out. Returns false where there is
   * nothing to write.
   */
  private boolean admit() {
    lock.lock();
    try {
      if (!waiting.isEmpty()) {
        List<Text> pausing =
            running.stream().filter(text -> text.turn >= TURN || text.sink.isFull()).toList();
        pausing.forEach(text -> text.turn = 0);
        running.removeAll(pausing);
        waiting.addAll(pausing);
      }
      while (!waiting.isEmpty() && running.size() < limits.size()) {
        running.add(waiting.remove());
      }
      active = !running.isEmpty();
      return active;
    } finally {
      lock.unlock();
    }
  }

  private void draw(List<Text> ready) {
    List<Text> wanting = ready.stream().filter(Text::needsLogits).toList();
    float[][] logits =
        wanting.isEmpty()
            ? new float[0][]
            : batch.logits(wanting.stream().map(text -> text.state).toList());
    for (int i = 0; i < wanting.size(); i++) {
      Text text = wanting.get(i);
      try {
        if (text.advance(logits[i])) {
          continue;
        }
        text.sink.end(text.drawing);
      } catch (RuntimeException e) { // the fault of one text is not that of the others
        text.sink.fail(e);
      }
      ready.remove(text);
      running.remove(text);
    }
    List<Text> over =
        ready.stream().filter(text -> text.hasReadPrompt() && text.drawing.hasEnded()).toList();
    over.forEach(text -> text.sink.end(text.drawing)); // nothing was to be drawn
    ready.removeAll(over);
    running.removeAll(over);
  }

  private void step(List<Text> ready) {
    if (ready.isEmpty()) {
      return;
    }
    int[] tokens = ready.stream().mapToInt(Text::next).toArray();
    List<NetworkState> states = batch.step(ready.stream().map(text -> text.state).toList(), tokens);
    for (int i = 0; i < tokens.length; i++) {
      ready.get(i).state = states.get(i);
      ready.get(i).turn++;
    }
  }
}
