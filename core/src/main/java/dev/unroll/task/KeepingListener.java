package dev.unroll.task;

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
    run.model(network, parameters, report.loss(), report.step()).save(file);
    next.onImproved(parameters, report);
  }
}
