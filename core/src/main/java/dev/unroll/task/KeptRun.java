package dev.unroll.task;

import dev.unroll.kernel.Workers;
import dev.unroll.train.Learner;
import dev.unroll.train.Trainer;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A run of training with what is kept of it: checkpoints meanwhile, the best model so far in its
 * file, and the best of all at the end.
 *
 * @param options options of the run
 * @param kept what is kept, and where
 * @param identity what decides the bits of the result, besides the version and the options: no
 *     other run may go on from this one's checkpoints
 */
record KeptRun(Training options, Kept kept, Map<String, String> identity) {

  /** Makes the model of parameters, which may be read only during the call. */
  @FunctionalInterface
  interface Maker<M extends TrainedModel> {
    M model(float[] parameters, long steps, Learner.Validation found, Workers workers);
  }

  /**
   * Trains and returns the model that did best on the validation part.
   *
   * @throws dev.unroll.model.InputException if the model cannot be written; checkpoints, if any,
   *     are kept then
   */
  <M extends TrainedModel> M run(Learner learner, Maker<M> maker, TrainingListener listener) {
    var folder = kept.checkpoints();
    var keeping = folder == null ? null : new Trainer.Keeping(folder, whole());
    try (var workers = new Workers(options.threads())) {
      BestModelFile.Maker best =
          (parameters, report) ->
              maker.model(parameters, report.step(), report.validation(), workers);
      var heard = BestModelFile.keeping(kept.model(), best, listener);
      Trainer.Outcome outcome = new Trainer(learner, options, workers, heard).run(keeping);
      var found = learner.validate(outcome.parameters(), workers);
      M model = maker.model(outcome.parameters(), outcome.steps(), found, workers);
      var file = kept.model();
      if (file != null) {
        model.save(file);
      }
      if (folder != null) {
        folder.clear();
      }
      return model;
    }
  }

  private Map<String, String> whole() {
    var map = new LinkedHashMap<String, String>();
    map.put("version", LanguageModelTraining.VERSION);
    map.putAll(identity);
    options.describe().forEach((name, value) -> map.put(name, value.toString()));
    return map;
  }

  /** Adds to what a model says of its making how it was asked for and what it reached. */
  void describe(Map<String, Object> provenance, long steps, Learner.Validation found) {
    provenance.put("ownValidation", kept.ownValidation());
    if (!kept.command().isEmpty()) {
      provenance.put("command", kept.command());
    }
    provenance.put("steps", steps);
    provenance.put("validationLoss", found.loss());
    var measured = found.measure();
    if (measured != null) {
      provenance.put("validationMeasure", measured.value());
    }
  }
}
