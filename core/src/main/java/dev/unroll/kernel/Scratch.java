package dev.unroll.kernel;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The places where {@link Products} bring operands and keep sums, which grow to what is needed. A
 * platform thread keeps its own. Virtual threads, of which each may compute one product only,
 * borrow from a few that all of them share.
 */
final class Scratch {

  private static final ThreadLocal<Scratch> OWN = ThreadLocal.withInitial(Scratch::new);

  /** As many as virtual threads can run at a time, and some for those that are put aside. */
  private static final AtomicReferenceArray<Scratch> SHARED =
      new AtomicReferenceArray<>(2 * Runtime.getRuntime().availableProcessors() + 2);

  private float[] left = {};
  private float[] sums = {};

  private Scratch() {}

  /** Returns places that no other thread has until they are {@linkplain #giveBack given back}. */
  static Scratch borrow() {
    if (!Thread.currentThread().isVirtual()) {
      return OWN.get();
    }
    for (int i = 0; i < SHARED.length(); i++) {
      Scratch free = SHARED.getAndSet(i, null);
      if (free != null) {
        return free;
      }
    }
    return new Scratch();
  }

  /** Lets others use the places again. */
  void giveBack() {
    boolean done = !Thread.currentThread().isVirtual();
    for (int i = 0; !done && i < SHARED.length(); i++) {
      done = SHARED.compareAndSet(i, null, this);
    }
  }

  /** Returns room for the rows of a left operand. */
  float[] left(int size) {
    left = Rows.room(left, size, 1);
    return left;
  }

  /** Returns room for the sums of a panel that is wider than what is left of the result. */
  float[] sums(int size) {
    sums = Rows.room(sums, size, 1);
    return sums;
  }
}
