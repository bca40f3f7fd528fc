package dev.unroll.task;

import dev.unroll.model.InputException;
import dev.unroll.model.LanguageNetwork;
import dev.unroll.train.TrainingListener;
import java.nio.file.Path;

/** Writes each best model to its file, and passes everything on. */
final class KeepingListener implements TrainingListener {

  private final TrainingListener next;
  private final LanguageModelTraining run;
  private final LanguageNetwork network;
  private final Path file;

  KeepingListener(
      TrainingListener next, LanguageModelTraining run, LanguageNetwork network, Path file) {
    this.next = next;
    this.run = run;
    this.network = network;
    this.file = file;
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
    try {
      run.model(network, parameters, report.loss(), report.step()).save(file);
    } catch (InputException e) {
      next.onWriteFailed(e); // the run goes on, and the model is written again at its end
    }
    next.onImproved(parameters, report);
  }

  @Override
  public void onAveraging(long step) {
    next.onAveraging(step);
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
}
