package dev.unroll.server.model;

import dev.unroll.kernel.Softmax;
import dev.unroll.task.lm.Drawing;
import dev.unroll.task.lm.Likeliest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Texts of one request that are being written, token by token in the order in which they come. */
public final class Continuations implements AutoCloseable {

  /** What has come of a text. */
  public enum Kind {
    /** A token of its prompt was read. */
    PROMPT,
    /** A token was drawn. */
    TOKEN,
    /** It has ended; the text is what was left. */
    END
  }

  /**
   * A token that might come.
   *
   * @param logProbability its natural logarithm
   */
  public record Alternative(int id, double logProbability) {}

  /**
   * A step of a text.
   *
   * @param index of the text
   * @param id the token; -1 at the end
   * @param text what it adds
   * @param likeliest tokens in its place, the likeliest first, as many as were asked for
   * @param complete at the end: whether the model or the options ended it, not its length
   */
  public record Step(
      int index,
      Kind kind,
      int id,
      String text,
      double logProbability,
      List<Alternative> likeliest,
      boolean complete) {}

  /** Alternatives that one request may have of all its tokens together. */
  public static final long MOST_ALTERNATIVES = 100_000;

  /** Parts of each text that nobody has taken, after which the texts wait. */
  private static final int MOST_WAITING = 64;

  /** Steps of a part where nobody waits for each: to wake who waits costs as much as a step. */
  private static final int TOGETHER = 64;

  /** Steps of a text, or what has ended all. */
  private record Part(List<Step> steps, @Nullable Throwable thrown) {}

  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  private final Served served;
  private final List<Text> texts;
  private final int together;
  private final int most;
  private Iterator<Step> taken = Collections.emptyIterator();
  private int open;

  /**
   * Begins texts.
   *
   * @param likeliest how many alternatives each token is given
   * @param streams whether steps are wanted when they are made; else some come together, which
   *     takes less work
   */
  public Continuations(Served served, List<Text.Order> orders, int likeliest, boolean streams) {
    var sinks = new ArrayList<Text.Sink>();
    for (int i = 0; i < orders.size(); i++) {
      sinks.add(new Sink(i, likeliest));
    }
    this.served = served;
    together = streams ? 1 : TOGETHER;
    open = orders.size();
    most = MOST_WAITING * orders.size();
    texts = served.begin(orders, sinks);
    served.enter();
  }

  private final class Sink implements Text.Sink {

    private final int index;
    private final int count;
    private List<Alternative> likeliest = List.of();
    private List<Step> steps = new ArrayList<>();

    Sink(int index, int count) {
      this.index = index;
      this.count = count;
    }

    @Override
    public void prompt(int id, float[] logits) {
      expect(logits);
      double logProbability = logits[id] - Softmax.logSumExp(logits, 0, logits.length);
      add(new Step(index, Kind.PROMPT, id, "", logProbability, likeliest, false));
    }

    @Override
    public void expect(float[] logits) {
      if (count > 0) {
        double total = Softmax.logSumExp(logits, 0, logits.length);
        var found = new ArrayList<Alternative>();
        for (int id : Likeliest.ids(logits, count)) {
          found.add(new Alternative(id, logits[id] - total));
        }
        likeliest = found;
      }
    }

    @Override
    public void token(Drawing drawing) {
      double logProbability = drawing.logProbability();
      String text = drawing.text();
      add(new Step(index, Kind.TOKEN, drawing.id(), text, logProbability, likeliest, false));
    }

    @Override
    public void end(Drawing drawing) {
      boolean complete = drawing.isComplete();
      add(new Step(index, Kind.END, -1, drawing.rest(), 0, List.of(), complete));
    }

    @Override
    public void fail(Throwable thrown) {
      parts.add(new Part(List.of(), thrown));
    }

    @Override
    public boolean isFull() {
      return parts.size() >= most;
    }

    private void add(Step step) {
      steps.add(step);
      if (steps.size() == together || step.kind == Kind.END) {
        parts.add(new Part(steps, null));
        steps = new ArrayList<>();
      }
    }
  }

  /**
   * Returns the next step of any of the texts, or null when all have ended.
   *
   * @param deadline on the clock of {@link System#nanoTime}
   * @throws CancellationException if it is over
   */
  public @Nullable Step next(long deadline) {
    if (open == 0) {
      return null;
    }
    while (!taken.hasNext()) {
      taken = take(deadline).steps.iterator();
    }
    Step step = taken.next();
    if (step.kind == Kind.END) {
      open--;
    }
    return step;
  }

  private Part take(long deadline) {
    Part part;
    try {
      part = parts.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException();
    }
    if (part == null) {
      throw new CancellationException();
    }
    if (part.thrown instanceof RuntimeException e) {
      throw e;
    }
    if (part.thrown instanceof Error e) {
      throw e;
    }
    return part;
  }

  /** Stops what is still being written, before the next token. */
  @Override
  public void close() {
    texts.forEach(Text::cancel);
    served.leave();
  }
}
