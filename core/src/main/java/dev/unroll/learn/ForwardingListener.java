package dev.unroll.learn;

import dev.unroll.base.InputException;
import dev.unroll.train.TrainingListener;

/** Passes every event on; a subclass does something of its own with some of them. */
public abstract class ForwardingListener implements TrainingListener {

  private final TrainingListener next;

  /** Passes on to {@code next}. */
  protected ForwardingListener(TrainingListener next) {
    this.next = next;
  }

  @Override
  public void onStep(StepReport report) {
    next.onStep(report);
  }

  @Override
  public void onSkipped(StepReport report) {
    next.onSkipped(report);
  }

  @Override
  public void onValidation(ValidationReport report) {
    next.onValidation(report);
  }

  @Override
  public void onImproved(float[] parameters, ValidationReport report) {
    next.onImproved(parameters, report);
  }

  @Override
  public void onAveraging(long step) {
    next.onAveraging(step);
  }

  @Override
  public void onPassedOver(InputException problem) {
    next.onPassedOver(problem);
  }

  @Override
  public void onResumed(long step) {
    next.onResumed(step);
  }

  @Override
  public void beforeCheckpoint(long step) {
    next.beforeCheckpoint(step);
  }

  @Override
  public void onCheckpoint(long step) {
    next.onCheckpoint(step);
  }

  @Override
  public void onWriteFailed(InputException problem) {
    next.onWriteFailed(problem);
  }

  @Override
  public boolean stops() {
    return next.stops();
  }
}
