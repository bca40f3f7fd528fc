package dev.unroll.server.model;

import dev.unroll.base.Cancellation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/** Inputs of requests that are computed together, asked of one model in one way. */
final class Batch {

  /** Inputs of one request. */
  static final class Piece {
    private final List<?> inputs;
    private final CompletableFuture<List<?>> answers = new CompletableFuture<>();

    Piece(List<?> inputs) {
      this.inputs = inputs;
    }

    int size() {
      return inputs.size();
    }

    CompletableFuture<List<?>> answers() {
      return answers;
    }

    /** Whether somebody waits for the answers. */
    private boolean isWanted() {
      return !answers.isDone();
    }
  }

  private final BatchKey key;
  private final Work<Object, ?> work;
  private final long opened = System.nanoTime();
  private final List<Piece> pieces = new ArrayList<>();
  private final Condition joined;
  private int size;

  /**
   * Creates a batch without inputs.
   *
   * @param joined tells the thread that waits for it to be full that nothing more comes
   */
  Batch(BatchKey key, Work<Object, ?> work, Condition joined) {
    this.key = key;
    this.work = work;
    this.joined = joined;
  }

  BatchKey key() {
    return key;
  }

  /** Returns how many inputs there are. */
  int size() {
    return size;
  }

  Condition joined() {
    return joined;
  }

  /** Returns how long ago it was created, in nanoseconds. */
  long age() {
    return System.nanoTime() - opened;
  }

  void add(Piece piece) {
    pieces.add(piece);
    size += piece.size();
  }

  /** Answers all inputs with an error. */
  void refuse(RuntimeException why) {
    pieces.forEach(each -> each.answers.completeExceptionally(why));
  }

  /**
   * Computes the answers that somebody still waits for, until nobody does.
   *
   * @param ends whether the server ends, and all work with it
   * @param sizes learns how many inputs run together
   */
  void run(BooleanSupplier ends, IntConsumer sizes) {
    List<Piece> wanted = pieces.stream().filter(Piece::isWanted).toList();
    try {
      answer(wanted, ends, sizes);
    } catch (Throwable e) {
      if (wanted.size() == 1) {
        wanted.getFirst().answers.completeExceptionally(e);
      } else {
        wanted.forEach(each -> answerAlone(each, ends, sizes)); // the fault may be that of one
      }
    }
  }

  private void answerAlone(Piece piece, BooleanSupplier ends, IntConsumer sizes) {
    try {
      answer(List.of(piece), ends, sizes);
    } catch (Throwable e) {
      piece.answers.completeExceptionally(e);
    }
  }

  private void answer(List<Piece> some, BooleanSupplier ends, IntConsumer sizes) {
    BooleanSupplier isCanceled = () -> ends.getAsBoolean() || isUnwanted(some);
    if (isCanceled.getAsBoolean()) {
      throw new CancellationException();
    }
    var inputs = new ArrayList<Object>();
    some.forEach(each -> inputs.addAll(each.inputs));
    sizes.accept(inputs.size());
    List<?> answers = Cancellation.<List<?>>until(isCanceled, () -> work.run(inputs));
    int at = 0;
    for (Piece piece : some) {
      piece.answers.complete(answers.subList(at, at + piece.size()));
      at += piece.size();
    }
  }

  private static boolean isUnwanted(List<Piece> some) {
    for (Piece each : some) {
      if (each.isWanted()) {
        return false;
      }
    }
    return true;
  }
}
