package dev.unroll.task;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.data.Provenance;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.Json;
import dev.unroll.learn.BitChanges;
import dev.unroll.learn.ForwardingListener;
import dev.unroll.learn.Learner;
import dev.unroll.learn.Shards;
import dev.unroll.learn.Trainer;
import dev.unroll.network.Network;
import dev.unroll.result.Model;
import dev.unroll.result.Overview;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelFile;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingInterruptedException;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.TrainingListener.ValidationReport;
import dev.unroll.train.Validation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run of training, of whatever task: what it trains on what data, what decides the bits of its
 * result, its checkpoints, and the file that always holds the best model so far. It ends with what
 * the file of the model holds, of which the model is created.
 *
 * @param <F> the fields of the model's file
 */
public abstract class Run<F extends ModelFields> {

  private final F fields;
  private final Training options;
  private final RunOutput output;
  private Provenance.@Nullable Data data;
  private @Nullable String fingerprint;
  private @Nullable ModelFile<F> stopped;
  private @Nullable Overview overview;
  private final List<ValidationReport> validations = new ArrayList<>();

  /**
   * Prepares a run.
   *
   * @param fields the network to be trained, built, and what belongs to it
   */
  protected Run(F fields, Training options, RunOutput output) {
    this.fields = fields;
    this.options = options;
    this.output = output;
  }

  /** Returns the network to be trained, built, and what belongs to it. */
  public final F fields() {
    return fields;
  }

  /** Returns the options of the run. */
  public final Training options() {
    return options;
  }

  /** Returns what is kept of the run, and where. */
  protected final RunOutput output() {
    return output;
  }

  /** Returns the number of parameters. */
  public final int size() {
    return fields.layout().size();
  }

  /** Returns what was understood of the data. */
  public final Overview overview() {
    Overview found = overview;
    if (found == null) {
      found = understood();
      overview = found;
    }
    return found;
  }

  /** Describes the data, which is done once. */
  protected Overview understood() {
    return Overview.NOTHING;
  }

  /**
   * Returns what to try where the network is not good enough, by how its training went.
   *
   * @param layers its recurrent layers
   * @param own what fits the task, the most promising first
   */
  public final List<String> advice(Network layers, List<String> own) {
    int units = layers.layers().stream().mapToInt(Network.Layer::units).max().orElse(0);
    var all = new ArrayList<String>(course().advice(layers.dropouts().output(), units));
    all.addAll(own);
    all.add("more data");
    return all;
  }

  /** Returns how the training went so far; since it was resumed, if it was. */
  final Course course() {
    return Course.of(options.epochs(), validations);
  }

  /** Returns what a {@link Trainer} trains. */
  public abstract Learner learner();

  /** Returns what the model says of the data to learn from. */
  protected abstract Provenance.Part trainingPart();

  /** Returns what the model says of the data that chooses the best parameters. */
  protected abstract Provenance.Part validationPart();

  /** Returns what decides the bits of the model besides the version and the options, by name. */
  protected abstract Map<String, String> making();

  /** Returns what the model says of choices of the task, by name. */
  protected Map<String, Object> details() {
    return Map.of();
  }

  /**
   * Returns whether the model says if the data that chose it was data of its own; else the
   * fingerprints of its data say so.
   */
  protected boolean saysOwnValidation() {
    return true;
  }

  /** Returns what the best parameters do on the validation part. */
  protected Validation validation(Learner learner, Trainer.Outcome outcome, Workers workers) {
    return learner.validate(outcome.parameters(), workers);
  }

  /** Returns a model that was trained, with what else is chosen by the validation part. */
  protected ModelFile<F> finished(ModelFile<F> trained, Workers workers) {
    return trained;
  }

  /**
   * Returns the hash of all data that the run reads, by the name under which its model says it:
   * {@code training}, {@code validation}, and what else the task reads.
   */
  public Map<String, String> inputs() {
    var inputs = new LinkedHashMap<String, String>();
    inputs.put("training", data().training().fingerprint());
    inputs.put("validation", data().validation().fingerprint());
    return inputs;
  }

  /** What the model says of the data is found once: hashing it takes a while. */
  private Provenance.Data data() {
    Provenance.Data found = data;
    if (found == null) {
      found = new Provenance.Data(trainingPart(), validationPart(), output.reading());
      data = found;
    }
    return found;
  }

  /**
   * Returns all that decides the bits of the model, by name: no other run may resume from the
   * checkpoints of this one.
   */
  public final Map<String, String> identity() {
    var map = new LinkedHashMap<String, String>();
    map.put("version", Provenance.VERSION);
    map.putAll(making());
    options.describe().forEach((name, value) -> map.put(name, value.toString()));
    return map;
  }

  /** Returns the hash of all that decides the bits of the model. */
  public final String fingerprint() {
    String found = fingerprint;
    if (found == null) {
      found = Fingerprint.of(Json.write(identity()));
      fingerprint = found;
    }
    return found;
  }

  /** Returns whether a model is what this run ends with. */
  public final boolean endsWith(Model made) {
    return !made.provenance().unfinished() && fingerprint().equals(made.provenance().run());
  }

  /**
   * Returns what differs between this run and the one that a model is of, in words; or nothing
   * where all is the same. A version of Unroll with other defaults reads another run out of the
   * same command.
   */
  public final Optional<String> difference(Model made) {
    if (fingerprint().equals(made.provenance().run())) {
      return Optional.empty();
    }
    String changes = BitChanges.since(made.provenance().version());
    if (!changes.isEmpty()) {
      return Optional.of(changes);
    }
    for (var option : options.describe().entrySet()) {
      String now = Json.write(option.getValue());
      Object value = made.provenance().option(option.getKey());
      String then = value == null ? "none" : Json.write(value);
      if (!now.equals(then)) {
        return Optional.of(
            String.format(Locale.ROOT, "%s is %s now, but was %s", option.getKey(), now, then));
      }
    }
    return Optional.of("the network or how it is trained has changed");
  }

  /**
   * Trains and returns the model that did best on the validation part; equal runs give equal
   * models, byte for byte.
   *
   * @throws InputException if the model cannot be written; checkpoints, if any, are kept then
   * @throws TrainingInterruptedException if the thread is interrupted: at the end of the step, with
   *     a checkpoint, if the run has any, and with the best model so far
   */
  public final ModelFile<F> run(TrainingListener listener) {
    return run(listener, null);
  }

  /**
   * Trains as {@link #run(TrainingListener)} does.
   *
   * @param elsewhere where the shards of steps are computed; null for here
   */
  public final ModelFile<F> run(TrainingListener listener, @Nullable Shards elsewhere) {
    validations.clear(); // those of a run that was stopped
    stopped = null;
    var folder = output.checkpoints();
    var keeping = folder == null ? null : new Trainer.Checkpointing(folder, identity());
    Learner learner = learner();
    try (var workers = new Workers(options.threads())) {
      Path file = output.model();
      var watched = new BestModel(listener, file, workers);
      Trainer.Outcome outcome =
          watched.run(new Trainer(learner, elsewhere, options, workers, watched), keeping);
      var reached = new Reached(outcome.steps(), validation(learner, outcome, workers), true);
      ModelFile<F> best = model(outcome.parameters(), reached, workers);
      if (file != null) {
        best.write(file);
      }
      if (folder != null) {
        folder.clear();
      }
      return best;
    }
  }

  /** Returns the best model of this run where {@link #run} was stopped, if there was one yet. */
  public final Optional<ModelFile<F>> stopped() {
    return Optional.ofNullable(stopped);
  }

  /**
   * What a run has come to.
   *
   * @param steps number of steps after which the parameters were the best
   * @param validation what they do on the validation part
   * @param ended whether the run has ended, so that they are the best of all
   */
  record Reached(long steps, Validation validation, boolean ended) {}

  /** Returns the model of parameters, which are copied. */
  final ModelFile<F> model(float[] parameters, Reached reached, Workers workers) {
    return finished(new ModelFile<>(fields, parameters.clone(), provenance(reached)), workers);
  }

  private Provenance provenance(Reached reached) {
    Validation.Measure measure = reached.validation.measure();
    return Provenance.of(
        data(),
        new Provenance.Request(
            options.seed(),
            options.describe(),
            details(),
            saysOwnValidation() ? output.ownValidation() : null,
            output.command()),
        new Provenance.Outcome(
            fingerprint(),
            reached.ended,
            reached.steps,
            reached.validation.loss(),
            measure == null ? null : measure.value()));
  }

  /** Writes each best model to its file, if there is one, and passes everything on. */
  private final class BestModel extends ForwardingListener {

    private final @Nullable Path file;
    private final Workers workers;
    private @Nullable ValidationReport latest;

    BestModel(TrainingListener next, @Nullable Path file, Workers workers) {
      super(next);
      this.file = file;
      this.workers = workers;
    }

    /** Gives an interrupted run its best model. */
    Trainer.Outcome run(Trainer trainer, Trainer.@Nullable Checkpointing keeping) {
      try {
        return trainer.run(keeping);
      } catch (TrainingInterruptedException e) {
        float[] best = e.best();
        if (best == null) {
          throw e;
        }
        ModelFile<F> model = model(best, reached(e), workers);
        stopped = model;
        throw e.with(model);
      }
    }

    /** The best may be that of the run before this one, of which the loss alone is known. */
    private Reached reached(TrainingInterruptedException e) {
      ValidationReport report = latest;
      return report == null
          ? new Reached(e.step(), new Validation(e.loss(), null), false)
          : new Reached(report.step(), report.validation(), false);
    }

    @Override
    public void onValidation(ValidationReport report) {
      validations.add(report);
      super.onValidation(report);
    }

    @Override
    public void onImproved(float[] parameters, ValidationReport report) {
      latest = report;
      try {
        if (file != null) {
          var reached = new Reached(report.step(), report.validation(), false);
          model(parameters, reached, workers).write(file);
        }
      } catch (InputException e) {
        onWriteFailed(e); // the run continues, and the model is written again at its end
      }
      super.onImproved(parameters, report);
    }
  }
}
