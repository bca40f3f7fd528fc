package dev.unroll.task;

import dev.unroll.model.Json;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run of training, of whatever task: what decides the bits of its model, and how it is started.
 *
 * @param <M> what it ends with
 */
public sealed interface TrainingRun<M extends TrainedModel>
    permits ForecasterTraining,
        LabelTraining,
        LanguageModelTraining,
        RecognizerTraining,
        TransducerTraining {

  /** Returns the options of the run. */
  Training options();

  /** Returns the hash of the data to learn from, as the model says it. */
  String trainingFingerprint();

  /** Returns the hash of the data that chooses the best parameters, as the model says it. */
  String validationFingerprint();

  /** Returns the number of parameters that are trained. */
  int size();

  /** Returns the options of the command line that asks for the run; empty for none. */
  List<String> askedFor();

  /**
   * Trains and returns the model that did best on the validation part.
   *
   * @throws dev.unroll.model.InputException if the model cannot be written; checkpoints, if any,
   *     are kept then
   */
  M run(TrainingListener listener);

  /**
   * Returns which of the options that a model was trained with is another in this run, in words; or
   * nothing where all are the same. A version of Unroll with other defaults reads another run out
   * of the same command.
   */
  default Optional<String> otherOption(TrainedModel made) {
    Object kept = made.provenance().get("options");
    for (var option : options().describe().entrySet()) {
      String now = Json.write(option.getValue());
      Object value = kept instanceof Map<?, ?> map ? map.get(option.getKey()) : null;
      String then = value == null ? "none" : Json.write(value);
      if (!now.equals(then)) {
        return Optional.of("%s is %s now, but was %s".formatted(option.getKey(), now, then));
      }
    }
    return size() == made.size()
        ? Optional.empty()
        : Optional.of(
            "the network has %,d parameters now, but had %,d".formatted(size(), made.size()));
  }

  /**
   * Returns whether a model is what this run ends with: it was made by the same version from the
   * same data with the same options, and its training ended.
   */
  default boolean endsWith(TrainedModel made) {
    var from = made.provenance();
    Object command = from.getOrDefault("command", List.of());
    return !from.containsKey(UNFINISHED)
        && LanguageModelTraining.VERSION.equals(from.get("version"))
        && trainingFingerprint().equals(from.get("training"))
        && validationFingerprint().equals(from.get("validation"))
        && askedFor().equals(command)
        && otherOption(made).isEmpty();
  }

  /** What a model says of itself that was the best so far of a run that had not ended. */
  String UNFINISHED = "unfinished";
}
