package dev.unroll.server.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** The texts that one thread of a writer continues side by side, step by step. */
final class Lane {

  /** How long to wait where all texts wait for their clients, in nanoseconds. */
  private static final long CLIENTS_TURN = 2_000_000;

  /** Texts that together do not keep a processor busy, as each step reads all weights for them. */
  static final int FEW = 4;

  /**
   * Tokens of a prompt that are read together where there are few texts: the weights by which
   * inputs are multiplied are then read once for all. Among many texts they would only delay the
   * others.
   */
  private static final int PROMPT = 16;

  /** Generators whose buffers are kept, beyond those that are in use. */
  private static final int KEPT = 8;

  private final Predicate<Lane> admission;

  /** What computes for the texts of each generator; of the lane's thread alone. */
  private final Map<Generator, Engine.Continuation> batches = new HashMap<>();

  /** Of the lane's thread alone. */
  private final List<Text> running = new ArrayList<>();

  /** How many texts it had when it last took some in; guarded by the writer. */
  private int size;

  /** Whether it has a thread, which may wait for texts; guarded by the writer. */
  private boolean hasThread;

  /** Whether the thread has texts, or is about to look for some; guarded by the writer. */
  private boolean working;

  /**
   * Creates a lane without texts and without a thread.
   *
   * @param admission takes texts in before each step; says no where the thread is to end
   */
  Lane(Predicate<Lane> admission) {
    this.admission = admission;
  }

  List<Text> running() {
    return running;
  }

  int size() {
    return size;
  }

  boolean hasThread() {
    return hasThread;
  }

  boolean isWorking() {
    return working;
  }

  /** Notes what the thread does now. */
  void note(boolean works) {
    working = works;
    size = running.size();
  }

  /** Notes that it has no thread any more. */
  void leave() {
    hasThread = false;
    note(false);
  }

  /**
   * Starts the thread.
   *
   * @throws OutOfMemoryError if there is none to be had; then nothing has changed
   */
  void start(String name) {
    Thread.ofPlatform().daemon().name(name).start(this::write);
    hasThread = true;
    working = true;
  }

  private void write() {
    boolean goesOn = true;
    while (goesOn) {
      goesOn = writeTokens();
    }
  }

  /** Writes a token of each text, or reads some; returns whether there may be more to do. */
  private boolean writeTokens() {
    try {
      if (!admission.test(this)) {
        return false; // from here on all is another thread's
      }
      List<Text> ready = ready();
      int most = ready.size() > FEW ? 1 : PROMPT;
      var groups = new LinkedHashMap<Generator, List<Text>>();
      for (Text text : ready) {
        groups.computeIfAbsent(text.generator(), each -> new ArrayList<>()).add(text);
      }
      if (batches.size() > KEPT) {
        batches.keySet().retainAll(groups.keySet());
      }
      groups.forEach(
          (generator, texts) -> {
            var batch = batches.computeIfAbsent(generator, Generator::continuation);
            draw(batch, texts);
            step(batch, texts, most);
          });
    } catch (Throwable e) { // a thread that ended here would leave everybody waiting
      running.forEach(text -> text.fail(e));
      running.clear();
    }
    return true;
  }

  /** Returns the texts that go on by a token. */
  private List<Text> ready() {
    running.removeIf(Text::isCanceled);
    var ready = new ArrayList<>(running);
    ready.removeIf(Text::isFull);
    if (ready.isEmpty() && !running.isEmpty()) {
      LockSupport.parkNanos(CLIENTS_TURN);
    }
    return ready;
  }

  private void draw(Engine.Continuation batch, List<Text> ready) {
    List<Text> wanting = ready.stream().filter(Text::needsLogits).toList();
    float[][] logits =
        wanting.isEmpty()
            ? new float[0][]
            : batch.logits(wanting.stream().map(Text::state).toList());
    for (int i = 0; i < wanting.size(); i++) {
      Text text = wanting.get(i);
      try {
        if (text.advance(logits[i])) {
          continue;
        }
        text.end();
      } catch (RuntimeException e) { // the fault of one text is not that of the others
        text.fail(e);
      }
      ready.remove(text);
      running.remove(text);
    }
    List<Text> over = ready.stream().filter(Text::isOver).toList();
    over.forEach(Text::end); // nothing was to be drawn
    ready.removeAll(over);
    running.removeAll(over);
  }

  /** Reads a token of each text, or at most so many of each prompt. */
  private void step(Engine.Continuation batch, List<Text> ready, int most) {
    if (ready.isEmpty()) {
      return;
    }
    List<int[]> tokens = ready.stream().map(text -> text.next(most)).toList();
    var states = batch.read(ready.stream().map(Text::state).toList(), tokens);
    for (int i = 0; i < states.size(); i++) {
      ready.get(i).moveTo(states.get(i), tokens.get(i).length);
    }
  }
}
