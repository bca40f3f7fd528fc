package dev.unroll.task.transduce;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.batch.SourceReader;
import dev.unroll.data.Pair;
import dev.unroll.data.Provenance;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.Json;
import dev.unroll.learn.Learner;
import dev.unroll.result.Decoding;
import dev.unroll.result.Overview;
import dev.unroll.task.Defaults;
import dev.unroll.task.PairOverview;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.train.Training;
import dev.unroll.train.Validation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All that the training of an encoder-decoder needs. */
public final class TransducerRun extends Run<TransducerFields> {

  /** What a run takes where its user says nothing. */
  public static final Defaults DEFAULTS =
      new Defaults(Defaults.RATE, 0.3, true, 0, Direction.FORWARD, 0.05);

  private final List<Pair> training;
  private final List<Pair> validation;
  private final Goal goal;

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
          var own = new TargetWriter(fields(), members, Decoding.GREEDY);
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
    return map;
  }

  @Override
  protected Map<String, Object> details() {
    return Map.of("scheduledSampling", goal.ownTokens());
  }

  /**
   * What training aims at.
   *
   * @param ownTokens share of the tokens read that are the network's own at the end of training
   *     (scheduled sampling), in [0, 1]
   * @param exact whether the share of exact matches, written greedily, says which parameters are
   *     best, instead of the loss
   */
  public record Goal(double ownTokens, boolean exact) {

    /** The least loss, after reading true tokens only. */
    public static final Goal LOSS = new Goal(0, false);

    /** Checks the share. */
    public Goal {
      if (!(ownTokens >= 0 && ownTokens <= 1)) {
        throw new InputException("scheduled sampling is " + ownTokens, "It must be in [0, 1].");
      }
    }
  }
}
