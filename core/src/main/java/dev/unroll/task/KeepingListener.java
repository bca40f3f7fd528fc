package dev.unroll.task;

import dev.unroll.model.InputException;
import dev.unroll.model.LanguageNetwork;
import dev.unroll.train.ForwardingListener;
import dev.unroll.train.TrainingListener;
import java.nio.file.Path;

/** Writes each best model to its file, and passes everything on. */
final class KeepingListener extends ForwardingListener {

  private final LanguageModelTraining run;
  private final LanguageNetwork network;
  private final Path file;

  KeepingListener(
      TrainingListener next, LanguageModelTraining run, LanguageNetwork network, Path file) {
    super(next);
    this.run = run;
    this.network = network;
    this.file = file;
  }

  @Override
  public void onImproved(float[] parameters, ValidationReport report) {
    try {
      run.model(network, parameters, report.loss(), report.step()).save(file);
    } catch (InputException e) {
      onWriteFailed(e); // the run goes on, and the model is written again at its end
    }
    super.onImproved(parameters, report);
  }
}
