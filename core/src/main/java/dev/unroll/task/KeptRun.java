package dev.unroll.task;

import dev.unroll.file.Fingerprint;
import dev.unroll.file.Json;
import dev.unroll.kernel.Workers;
import dev.unroll.train.Learner;
import dev.unroll.train.Trainer;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.util.Map;

/**
 * A run of training with what is kept of it: checkpoints meanwhile, the best model so far in its
 * file, and the best of all at the end.
 *
 * @param options options of the run
 * @param kept what is kept, and where
 * @param identity all that decides the bits of the result: no other run may go on from this one's
 *     checkpoints
 */
public record KeptRun(Training options, RunOutput kept, Map<String, String> identity) {

  /**
   * What a run has come to.
   *
   * @param steps number of steps after which the parameters were the best
   * @param found what they do on the validation part
   * @param ended whether the run has ended, so that they are the best of all
   */
  public record Reached(long steps, Learner.Validation found, boolean ended) {}

  /** Makes the model of parameters, which may be read only during the call. */
  @FunctionalInterface
  public interface Maker<M extends Model> {
    M model(float[] parameters, Reached reached, Workers workers);
  }

  /**
   * Trains and returns the model that did best on the validation part.
   *
   * @throws dev.unroll.file.InputException if the model cannot be written; checkpoints, if any, are
   *     kept then
   */
  public <M extends Model> M run(Learner learner, Maker<M> maker, TrainingListener listener) {
    var folder = kept.checkpoints();
    var keeping = folder == null ? null : new Trainer.Checkpointing(folder, identity);
    try (var workers = new Workers(options.threads())) {
      BestModelFile.Maker best =
          (parameters, report) ->
              maker.model(
                  parameters, new Reached(report.step(), report.validation(), false), workers);
      var heard = BestModelFile.keeping(kept.model(), best, listener);
      Trainer.Outcome outcome = new Trainer(learner, options, workers, heard).run(keeping);
      var found = learner.validate(outcome.parameters(), workers);
      var reached = new Reached(outcome.steps(), found, true);
      M model = maker.model(outcome.parameters(), reached, workers);
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

  /** Adds to what a model says of its making how it was asked for and what it reached. */
  public void describe(Map<String, Object> provenance, Reached reached) {
    provenance.put("ownValidation", kept.ownValidation());
    if (!kept.command().isEmpty()) {
      provenance.put("command", kept.command());
    }
    describe(provenance, Fingerprint.of(Json.write(identity)), reached);
    var measured = reached.found().measure();
    if (measured != null) {
      provenance.put("validationMeasure", measured.value());
    }
  }

  /** Adds of which run a model is, and what that reached. */
  public static void describe(Map<String, Object> provenance, String run, Reached reached) {
    provenance.put(Run.RUN, run);
    if (!reached.ended()) {
      provenance.put(Run.UNFINISHED, true);
    }
    provenance.put("steps", reached.steps());
    provenance.put("validationLoss", reached.found().loss());
  }
}
