package dev.unroll.base;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Lets whoever waits for an answer give up on it: what models compute within {@link #until} ends
 * before its next step in time. Nothing else is affected, neither training nor other threads.
 */
public final class Cancellation {

  private static final ScopedValue<BooleanSupplier> IS_CANCELED = ScopedValue.newInstance();

  private Cancellation() {}

  /**
   * Does some work, unless it is canceled before its end.
   *
   * @param isCanceled is asked before each step, by each thread that works
   * @param <T> what comes of it
   * @throws CancellationException if it was canceled
   */
  public static <T> T until(BooleanSupplier isCanceled, Supplier<T> work) {
    return ScopedValue.where(IS_CANCELED, isCanceled).call(work::get);
  }

  /**
   * Ends work that was canceled; called by loops over time.
   *
   * @throws CancellationException if it was
   */
  public static void check() {
    if (IS_CANCELED.isBound() && IS_CANCELED.get().getAsBoolean()) {
      throw new CancellationException("nobody waits for the answer any more");
    }
  }

  /**
   * Returns a task that ends where the caller's work is canceled, whichever thread runs it.
   *
   * @param task a part of the work that is canceled
   */
  public static Workers.RangeTask carried(Workers.RangeTask task) {
    if (!IS_CANCELED.isBound()) {
      return task;
    }
    BooleanSupplier asked = IS_CANCELED.get();
    return (from, to) -> ScopedValue.where(IS_CANCELED, asked).run(() -> task.run(from, to));
  }
}
