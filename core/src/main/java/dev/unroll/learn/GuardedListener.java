package dev.unroll.learn;

import dev.unroll.base.InputException;
import dev.unroll.train.TrainingListener;
import org.jspecify.annotations.Nullable;

/**
 * Passes every event on to a listener whose failure must not lose what was trained: the failure is
 * kept, and the listener receives no further event.
 */
final class GuardedListener implements TrainingListener {

  private final TrainingListener next;
  private @Nullable RuntimeException failure;

  GuardedListener(TrainingListener next) {
    this.next = next;
  }

  private void tell(Runnable event) {
    if (failure != null) {
      return;
    }
    try {
      event.run();
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /** Returns what the listener threw, or null. */
  @Nullable RuntimeException failure() {
    return failure;
  }

  @Override
  public boolean stops() {
    boolean[] stops = {failure != null};
    tell(() -> stops[0] = next.stops());
    return stops[0] || failure != null;
  }

  @Override
  public void onStep(StepReport report) {
    tell(() -> next.onStep(report));
  }

  @Override
  public void onSkipped(StepReport report) {
    tell(() -> next.onSkipped(report));
  }

  @Override
  public void onValidation(ValidationReport report) {
    tell(() -> next.onValidation(report));
  }

  @Override
  public void onImproved(float[] parameters, ValidationReport report) {
    tell(() -> next.onImproved(parameters, report));
  }

  @Override
  public void onAveraging(long step) {
    tell(() -> next.onAveraging(step));
  }

  @Override
  public void onPassedOver(InputException problem) {
    tell(() -> next.onPassedOver(problem));
  }

  @Override
  public void onResumed(long step) {
    tell(() -> next.onResumed(step));
  }

  @Override
  public void beforeCheckpoint(long step) {
    tell(() -> next.beforeCheckpoint(step));
  }

  @Override
  public void onCheckpoint(long step) {
    tell(() -> next.onCheckpoint(step));
  }

  @Override
  public void onWriteFailed(InputException problem) {
    tell(() -> next.onWriteFailed(problem));
  }
}
