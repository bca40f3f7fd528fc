package dev.unroll.task.recognize;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.batch.RecognizedSequences;
import dev.unroll.batch.SourceReader;
import dev.unroll.data.Pair;
import dev.unroll.data.Provenance;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.Json;
import dev.unroll.head.Ctc;
import dev.unroll.learn.Learner;
import dev.unroll.result.Overview;
import dev.unroll.task.Defaults;
import dev.unroll.task.PairOverview;
import dev.unroll.task.Pool;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.train.Training;
import dev.unroll.train.Validation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All that the training of a network that labels without alignment needs. The best parameters are
 * those with the least label error rate, found greedily; of equal ones the first.
 */
public final class RecognizerRun extends Run<RecognizerFields> {

  /** What a run takes where its user says nothing. */
  public static final Defaults DEFAULTS =
      new Defaults(Defaults.RATE, 0.2, false, 0, Direction.BOTH, 0.05);

  private final List<Pair> training;
  private final List<Pair> validation;

  /**
   * Prepares a run.
   *
   * @param fields the network, and how sources and targets are read
   * @param parts pairs to learn from, and those that choose the best parameters
   * @param options options of the run; those of streams are not used
   * @param output what is kept of the run, and where
   * @throws InputException if there is nothing to learn from, or options cannot be used
   */
  public RecognizerRun(
      RecognizerFields fields, List<List<Pair>> parts, Training options, RunOutput output) {
    super(fields, options, output);
    training = List.copyOf(parts.get(0));
    validation = List.copyOf(parts.get(1));
    Pair.checkParts(training, validation);
    if (options.objective().labelSmoothing() > 0) {
      throw new InputException(
          "label smoothing does nothing with CTC", "Leave {label-smoothing} out.");
    }
    training.forEach(pair -> check(fields.source(), fields.target(), pair));
    validation.forEach(pair -> check(fields.source(), fields.target(), pair));
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
          String.format(
              Locale.ROOT,
              "the target «%s» needs %,d steps (its labels, and one between equal ones), but its source has %,d",
              InputException.quoted(pair.target(), 40),
              needed,
              given),
          "Take the pair out, or cut the source into shorter steps.");
    }
  }

  /** Returns the pairs to learn from. */
  public List<Pair> training() {
    return training;
  }

  /** Returns the pairs that choose the best parameters. */
  public List<Pair> validation() {
    return validation;
  }

  @Override
  protected Overview understood() {
    return PairOverview.of(List.of(training, validation), fields().source(), fields().target());
  }

  @Override
  public Learner learner() {
    Tokenizer target = fields().target();
    var buffers = new Pool<>(() -> fields().network().newBuffers(false));
    long labels = validation.stream().mapToLong(each -> target.encode(each.target()).length).sum();
    RecognizerLearner.Judge judge =
        (weights, workers) -> {
          var greedy = new CtcSearch(target.endOfSentence(), 1, null);
          var found = new LabelFinder(fields(), weights, buffers, greedy);
          return Validation.Measure.ofShare(
              "label accuracy", found.labelAccuracy(validation, workers), labels);
        };
    var ctc = new Ctc(target.size(), target.endOfSentence());
    return new RecognizerLearner(
        fields().network(), List.of(numbers(training), numbers(validation)), ctc, options(), judge);
  }

  private RecognizedSequences numbers(List<Pair> pairs) {
    SourceReader source = fields().source();
    return new RecognizedSequences(
        pairs.stream()
            .map(pair -> source.sequence(pair.source(), fields().target().encode(pair.target())))
            .toList(),
        source.inputs());
  }

  @Override
  protected Provenance.Part trainingPart() {
    return Pair.describe(training);
  }

  @Override
  protected Provenance.Part validationPart() {
    return Pair.describe(validation);
  }

  @Override
  protected Map<String, String> making() {
    var map = new LinkedHashMap<String, String>();
    map.put("training data", Pair.fingerprint(training));
    map.put("validation data", Pair.fingerprint(validation));
    Tokenizer tokens = fields().source().tokens();
    map.put("source", tokens == null ? "numbers" : Fingerprint.of(Json.write(tokens.describe())));
    map.put("target tokenizer", Fingerprint.of(Json.write(fields().target().describe())));
    map.put("network", Json.write(fields().network().description().network().toJson()));
    return map;
  }
}
