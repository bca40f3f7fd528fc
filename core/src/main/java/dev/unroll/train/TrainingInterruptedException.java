package dev.unroll.train;

import dev.unroll.store.ModelFile;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Training whose thread was interrupted, by {@code Future.cancel(true)}, {@code shutdownNow} or
 * {@code Thread.interrupt}. It ended with the step at work, after which a checkpoint was written if
 * the run has any, so that the same run resumes there. The thread is still interrupted.
 */
public final class TrainingInterruptedException extends TrainingException {

  private static final long serialVersionUID = 1L;

  private final long step;
  private final double loss;
  private final transient @Nullable ModelFile<?> model;

  private TrainingInterruptedException(
      String message, Reached reached, @Nullable ModelFile<?> model) {
    super(message, reached.best);
    this.step = reached.step;
    this.loss = reached.loss;
    this.model = model;
  }

  /** The last step; the best parameters, if there are any, and their loss. */
  public record Reached(long step, float @Nullable [] best, double loss) {

    /** Returns such as {@code step 120, loss 1.25}. */
    @Override
    public String toString() {
      return "step " + step + (best == null ? "" : ", loss " + loss);
    }
  }

  public static TrainingInterruptedException after(
      Reached reached, boolean kept, @Nullable RuntimeException cause) {
    var stopped =
        new TrainingInterruptedException(
            String.format(
                Locale.ROOT,
                "training was %s after step %,d\n  %s; %s",
                cause == null ? "interrupted" : "stopped by the failure of a listener",
                reached.step,
                kept ? "The same run resumes from its checkpoint" : "There is no checkpoint of it",
                reached.best == null
                    ? "there is no good model yet."
                    : "the best model so far is kept."),
            reached,
            null);
    if (cause != null) {
      stopped.initCause(cause);
    }
    return stopped;
  }

  /** Returns the same with the model of the best parameters. */
  public TrainingInterruptedException with(ModelFile<?> value) {
    var same =
        new TrainingInterruptedException(
            String.valueOf(getMessage()), new Reached(step, best(), loss), value);
    if (getCause() != null) {
      same.initCause(getCause());
    }
    return same;
  }

  /** Returns the number of the last step. */
  public long step() {
    return step;
  }

  /** Returns the loss of the best parameters on the validation part; NaN if there are none. */
  public double loss() {
    return loss;
  }

  /**
   * Returns the best model so far, which says that it is unfinished; nothing if there was no
   * validation yet. It is of the task of the run: {@code write} saves it, and the task opens it.
   */
  public Optional<ModelFile<?>> model() {
    return Optional.ofNullable(model);
  }
}
