package dev.unroll.task;

import dev.unroll.file.Fingerprint;
import dev.unroll.file.Json;
import dev.unroll.task.lm.LanguageModelRun;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A run of training, of whatever task: what decides the bits of its model, and how it is started.
 *
 * @param <M> what it ends with
 */
public interface Run<M extends Model> {

  /** What a model says of itself that was the best so far of a run that had not ended. */
  String UNFINISHED = "unfinished";

  /** Where a model keeps the hash of what decides its bits. */
  String RUN = "run";

  /** Returns the options of the run. */
  Training options();

  /** Returns the hash of the data to learn from, as the model says it. */
  String trainingFingerprint();

  /** Returns the hash of the data that chooses the best parameters, as the model says it. */
  String validationFingerprint();

  /** Returns what decides the bits of the model besides the version and the options, by name. */
  Map<String, String> making();

  /**
   * Trains and returns the model that did best on the validation part.
   *
   * @throws dev.unroll.file.InputException if the model cannot be written; checkpoints, if any, are
   *     kept then
   */
  M run(TrainingListener listener);

  /**
   * Returns all that decides the bits of the model, by name: no other run may go on from this one's
   * checkpoints.
   */
  default Map<String, String> identity() {
    var map = new LinkedHashMap<String, String>();
    map.put("version", LanguageModelRun.VERSION);
    map.putAll(making());
    options().describe().forEach((name, value) -> map.put(name, value.toString()));
    return map;
  }

  /** Returns the hash of all that decides the bits of the model. */
  default String fingerprint() {
    return Fingerprint.of(Json.write(identity()));
  }

  /** Returns whether a model is what this run ends with. */
  default boolean endsWith(Model made) {
    var from = made.provenance();
    return !from.containsKey(UNFINISHED) && fingerprint().equals(from.get(RUN));
  }

  /**
   * Returns what is another in this run than in the one that a model is of, in words; or nothing
   * where all is the same. A version of Unroll with other defaults reads another run out of the
   * same command.
   */
  default Optional<String> difference(Model made) {
    if (fingerprint().equals(made.provenance().get(RUN))) {
      return Optional.empty();
    }
    Object kept = made.provenance().get("options");
    for (var option : options().describe().entrySet()) {
      String now = Json.write(option.getValue());
      Object value = kept instanceof Map<?, ?> map ? map.get(option.getKey()) : null;
      String then = value == null ? "none" : Json.write(value);
      if (!now.equals(then)) {
        return Optional.of("%s is %s now, but was %s".formatted(option.getKey(), now, then));
      }
    }
    return Optional.of("the network or how it is trained is another now");
  }
}
