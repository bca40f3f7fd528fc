package dev.unroll.task.transduce;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.batch.SourceReader;
import dev.unroll.data.Pair;
import dev.unroll.data.Provenance;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.Json;
import dev.unroll.learn.Learner;
import dev.unroll.result.Decoding;
import dev.unroll.result.Overview;
import dev.unroll.store.ModelFile;
import dev.unroll.task.Defaults;
import dev.unroll.task.PairOverview;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.train.Training;
import dev.unroll.train.Validation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that the training of an encoder-decoder needs. */
public final class TransducerRun extends Run<TransducerFields> {

  /** What a run takes where its user says nothing. */
  public static final Defaults DEFAULTS =
      new Defaults(Defaults.RATE, 0.3, true, 0, Direction.FORWARD, 0.05);

  /** Label smoothing where targets are byte pairs and their user says nothing. */
  public static final double SMOOTHING = 0.1;

  private final List<Pair> training;
  private final List<Pair> validation;
  private final Goal goal;
  private @Nullable CountedChoice counts;

  /**
   * Prepares a run.
   *
   * @param fields the network, and how sources and targets become ids
   * @param parts pairs to learn from, and those that choose the best parameters
   * @param goal what training aims at
   * @param options options of the run; those of streams are not used
   * @param output what is kept of the run, and where
   * @throws InputException if there is nothing to learn from
   */
  public TransducerRun(
      TransducerFields fields,
      List<List<Pair>> parts,
      Goal goal,
      Training options,
      RunOutput output) {
    super(fields, options, output);
    training = List.copyOf(parts.get(0));
    validation = List.copyOf(parts.get(1));
    this.goal = goal;
    Pair.checkParts(training, validation);
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
    return PairOverview.of(
        List.of(training, validation), SourceReader.ofText(fields().source()), fields().target());
  }

  @Override
  public Learner learner() {
    Tokenizer source = fields().source();
    Tokenizer target = fields().target();
    var parts =
        List.of(
            TransducerPairs.of(source, target, training),
            TransducerPairs.of(source, target, validation));
    TransducerLearner.Judge judge =
        (weights, workers) -> {
          var members = List.of(new TransducerSearch.Member(fields().network(), weights));
          var own = new TargetWriter(List.of(fields()), members, Decoding.GREEDY);
          return new Validation.Measure("exact match", own.exactMatch(validation, workers));
        };
    return new TransducerLearner(
        fields().network(), parts, options(), goal.ownTokens(), goal.exact() ? judge : null);
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
    map.put("source tokenizer", Fingerprint.of(Json.write(fields().source().describe())));
    map.put("target tokenizer", Fingerprint.of(Json.write(fields().target().describe())));
    map.put("network", Json.write(fields().network().description().toJson()));
    map.put("scheduled sampling", String.valueOf(goal.ownTokens()));
    map.put("exact", String.valueOf(goal.exact()));
    if (goal.counting != Counting.NONE) {
      map.put("counts", goal.counting == Counting.ALL ? "of both parts at the end" : "of one part");
    }
    return map;
  }

  @Override
  protected ModelFile<TransducerFields> finished(
      ModelFile<TransducerFields> trained, Workers workers) {
    return goal.counting == Counting.NONE ? trained : counts().addedTo(trained, workers);
  }

  /**
   * Returns a model of this run as the validation part chose it, which can be measured there: what
   * is counted beside its network is counted in the training part alone.
   */
  public ModelFile<TransducerFields> chosen(ModelFile<TransducerFields> ended) {
    return goal.counting == Counting.NONE ? ended : counts().chosen(ended);
  }

  /**
   * Returns what counts of the training part write by themselves for sources, by what they are:
   * joint n-grams and a dictionary, as far as there are not too many pairs for them.
   */
  public Map<String, List<String>> writtenByCounts(List<String> sources) {
    return counts().written(sources);
  }

  /** Pairs are counted once. */
  private CountedChoice counts() {
    CountedChoice own = counts;
    if (own == null) {
      own = new CountedChoice(fields(), training, validation, goal.counting == Counting.ALL);
      counts = own;
    }
    return own;
  }

  @Override
  protected Map<String, Object> details() {
    return Map.of("scheduledSampling", goal.ownTokens());
  }

  /** What is counted to be added to the trained network where that leaves clearly fewer errors. */
  public enum Counting {
    /** Nothing: the network writes by itself. */
    NONE,
    /** The pairs to learn from. */
    TRAINING,
    /** The pairs to learn from and, once the validation part has decided, those of that part. */
    ALL
  }

  /**
   * What training aims at.
   *
   * @param ownTokens share of the tokens read that are the network's own at the end of training
   *     (scheduled sampling), in [0, 1]
   * @param exact whether the share of exact matches, written greedily, says which parameters are
   *     best, instead of the loss
   * @param counting joint n-grams or a dictionary, which may stand beside the trained network
   */
  public record Goal(double ownTokens, boolean exact, Counting counting) {

    /** The least loss, after reading true tokens only. */
    public static final Goal LOSS = new Goal(0, false);

    /** The network writes by itself. */
    public Goal(double ownTokens, boolean exact) {
      this(ownTokens, exact, Counting.NONE);
    }

    /** Returns the same with something else counted. */
    public Goal withCounting(Counting value) {
      return new Goal(ownTokens, exact, value);
    }

    /** Checks the share. */
    public Goal {
      if (!(ownTokens >= 0 && ownTokens <= 1)) {
        throw new InputException("scheduled sampling is " + ownTokens, "It must be in [0, 1].");
      }
    }
  }
}
