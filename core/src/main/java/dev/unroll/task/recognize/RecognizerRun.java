package dev.unroll.task.recognize;

import dev.unroll.data.Pair;
import dev.unroll.data.RecognizedSequences;
import dev.unroll.data.SourceReader;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.InputException;
import dev.unroll.file.Json;
import dev.unroll.head.Ctc;
import dev.unroll.kernel.Precision;
import dev.unroll.network.Network;
import dev.unroll.network.SignalNetwork;
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
 * All that the training of a network that labels without alignment needs. The best parameters are
 * those with the least label error rate, found greedily; of equal ones the first.
 *
 * @param source how sources are read
 * @param target how targets become ids
 * @param network the layers
 * @param training pairs to learn from
 * @param validation pairs that choose the best parameters
 * @param options options of the run; those of streams are not used
 * @param columns how files of such pairs are read, kept in the model
 * @param kept what is kept of the run, and where
 */
public record RecognizerRun(
    SourceReader source,
    Tokenizer target,
    Network network,
    List<Pair> training,
    List<Pair> validation,
    Training options,
    Map<String, String> columns,
    RunOutput kept)
    implements Run<Recognizer> {

  /** Checks that there is something to learn from, and that the options can be used. */
  public RecognizerRun {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
    columns = Map.copyOf(columns);
    Pair.checkParts(training, validation);
    if (options.objective().labelSmoothing() > 0) {
      throw new InputException("label smoothing does nothing with CTC", "Leave it out.");
    }
    training.forEach(pair -> check(source, target, pair));
    validation.forEach(pair -> check(source, target, pair));
  }

  /**
   * Refuses a target that is longer than its source can give.
   *
   * @throws InputException that says how long it may be
   */
  public static void check(SourceReader source, Tokenizer target, Pair pair) {
    int needed = Ctc.leastSteps(target.encode(pair.target()));
    int given = source.steps(pair.source());
    if (needed > given) {
      throw new InputException(
          "the target «%s» needs %,d steps (its labels, and one between equal ones), but its source has %,d"
              .formatted(shortened(pair.target()), needed, given),
          "Take the pair out, or cut the source into shorter steps.");
    }
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }

  /** Returns what a {@link Trainer} trains. */
  public RecognizerLearner learner() {
    return learner(Recognizer.network(network, source, target));
  }

  private RecognizerLearner learner(SignalNetwork built) {
    RecognizerLearner.Judge judge =
        (weights, workers) -> {
          var found =
              Recognizer.evaluator(built, weights, source, target, Recognizer.Search.GREEDY);
          return new Learner.Measure("label accuracy", found.labelAccuracy(validation, workers));
        };
    var ctc = new Ctc(target.size(), target.endOfSentence());
    return new RecognizerLearner(
        built, List.of(numbers(training), numbers(validation)), ctc, options, judge);
  }

  private RecognizedSequences numbers(List<Pair> pairs) {
    return new RecognizedSequences(
        pairs.stream()
            .map(pair -> source.sequence(pair.source(), target.encode(pair.target())))
            .toList(),
        source.inputs());
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
  public Recognizer run(TrainingListener listener) {
    var built = Recognizer.network(network, source, target);
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
    Tokenizer tokens = source.tokens();
    map.put("source", tokens == null ? "numbers" : Fingerprint.of(Json.write(tokens.describe())));
    map.put("target tokenizer", Fingerprint.of(Json.write(target.describe())));
    map.put("network", Json.write(network.toJson()));
    return map;
  }

  /** Returns the model with given parameters; equal runs give equal models, byte for byte. */
  private Recognizer model(
      KeptRun run, SignalNetwork built, float[] parameters, KeptRun.Reached reached) {
    var map = new LinkedHashMap<String, Object>();
    map.put("version", LanguageModelRun.VERSION);
    map.putAll(Pair.describe(training, validation, columns));
    map.put("seed", options.seed());
    map.put("options", options.describe());
    run.describe(map, reached);
    return new Recognizer(built, parameters.clone(), Precision.FLOAT32, source, target, map);
  }
}
