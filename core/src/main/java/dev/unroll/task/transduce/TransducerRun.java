package dev.unroll.task.transduce;

import dev.unroll.data.Pair;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.InputException;
import dev.unroll.file.Json;
import dev.unroll.kernel.Precision;
import dev.unroll.task.KeptRun;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.task.lm.LanguageModelRun;
import dev.unroll.train.Learner;
import dev.unroll.train.Trainer;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that the training of an encoder-decoder needs.
 *
 * @param source how sources become ids
 * @param target how targets become ids
 * @param network description of the network
 * @param training pairs to learn from
 * @param validation pairs that choose the best parameters
 * @param options options of the run; those of streams are not used
 * @param ownTokens share of the tokens read that are the network's own at the end of training
 *     (scheduled sampling), in [0, 1]
 * @param exact whether the share of exact matches, written greedily, says which parameters are
 *     best, instead of the loss
 * @param columns how files of such pairs are read, kept in the model
 * @param kept what is kept of the run, and where
 */
public record TransducerRun(
    Tokenizer source,
    Tokenizer target,
    TransducerSpec network,
    List<Pair> training,
    List<Pair> validation,
    Training options,
    double ownTokens,
    boolean exact,
    Map<String, String> columns,
    RunOutput kept)
    implements Run<Transducer> {

  /** Checks that there is something to learn from, and that the options can be used. */
  public TransducerRun {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
    columns = Map.copyOf(columns);
    Pair.checkParts(training, validation);
    if (!(ownTokens >= 0 && ownTokens <= 1)) {
      throw new InputException("scheduled sampling is " + ownTokens, "It must be in [0, 1].");
    }
  }

  /** Returns what a {@link Trainer} trains. */
  public TransducerLearner learner() {
    return learner(new TransducerNetwork(network, source.size(), target.size()));
  }

  private TransducerLearner learner(TransducerNetwork built) {
    var parts =
        List.of(
            Transducer.numbers(source, target, training),
            Transducer.numbers(source, target, validation));
    TransducerLearner.Judge judge =
        (weights, workers) -> {
          var members = List.of(new TransducerSearch.Member(built, weights));
          var own = Transducer.evaluator(members, source, target, Decoding.GREEDY);
          return new Learner.Measure("exact match", own.exactMatch(validation, workers));
        };
    return new TransducerLearner(built, parts, options, ownTokens, exact ? judge : null);
  }

  @Override
  public String trainingFingerprint() {
    return Pair.fingerprint(training);
  }

  @Override
  public String validationFingerprint() {
    return Pair.fingerprint(validation);
  }

  /**
   * Trains and returns the model that did best on the validation part.
   *
   * @throws InputException if the model cannot be written; checkpoints, if any, are kept then
   */
  @Override
  public Transducer run(TrainingListener listener) {
    var built = new TransducerNetwork(network, source.size(), target.size());
    var run = new KeptRun(options, kept, identity());
    return run.run(
        learner(built),
        (parameters, reached, workers) -> model(run, built, parameters, reached),
        listener);
  }

  @Override
  public Map<String, String> making() {
    var map = new LinkedHashMap<String, String>();
    map.put("training data", Pair.fingerprint(training));
    map.put("validation data", Pair.fingerprint(validation));
    map.put("source tokenizer", Fingerprint.of(Json.write(source.describe())));
    map.put("target tokenizer", Fingerprint.of(Json.write(target.describe())));
    map.put("network", Json.write(network.toJson()));
    map.put("scheduled sampling", String.valueOf(ownTokens));
    map.put("exact", String.valueOf(exact));
    return map;
  }

  /** Returns the model with given parameters; equal runs give equal models, byte for byte. */
  private Transducer model(
      KeptRun run, TransducerNetwork built, float[] parameters, KeptRun.Reached reached) {
    var map = new LinkedHashMap<String, Object>();
    map.put("version", LanguageModelRun.VERSION);
    map.putAll(Pair.describe(training, validation, columns));
    map.put("seed", options.seed());
    map.put("options", options.describe());
    map.put("scheduledSampling", ownTokens);
    run.describe(map, reached);
    return new Transducer(built, parameters.clone(), Precision.FLOAT32, source, target, map);
  }
}
