package dev.unroll.server.model;

import dev.unroll.network.NetworkState;
import dev.unroll.result.Sampling;
import dev.unroll.task.lm.Drawing;
import java.util.Arrays;

/** A text that is being continued: first its prompt is read, then tokens are drawn. */
public final class Text implements Drawing.Source {

  /** What learns of a text, in the thread that writes: it must not wait. */
  interface Sink {

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

  /** Tokens after which a text makes room for those that wait. */
  private static final int TURN = 64;

  private final Order order;
  private final Sink sink;
  private final Generator generator;
  private final Drawing drawing;
  private NetworkState state;
  private float[] logits = {};
  private int read;
  private int turn;
  private volatile boolean canceled;

  /** Begins a text. */
  Text(Order order, Sink sink, Generator generator) {
    this.order = order;
    this.sink = sink;
    this.generator = generator;
    state = generator.start();
    drawing =
        new Drawing(generator.model().tokenizer(), order.prompt, this, order.options, order.number);
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

  /** Returns what continues it. */
  Generator generator() {
    return generator;
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

  /**
   * Whether it makes room for those that wait: it has had its turn, or its client does not read.
   */
  boolean pauses() {
    return turn >= TURN || isFull();
  }

  void beginTurn() {
    turn = 0;
  }
}
