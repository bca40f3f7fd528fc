package dev.unroll.task.label;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Provenance;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.Json;
import dev.unroll.file.Numbers;
import dev.unroll.result.LabelMeasure;
import dev.unroll.result.Overview;
import dev.unroll.store.ModelFile;
import dev.unroll.task.Defaults;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.train.Training;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that the training of a network that labels needs. Where a text may have several labels, the
 * threshold of each is the one with the best F1 on the validation part; where it has one, a
 * regression on n-grams may be added to the network.
 */
public final class LabelRun extends Run<LabelFields> {

  /** What a run takes where its user says nothing. */
  public static final Defaults DEFAULTS =
      new Defaults(Defaults.RATE, 0.5, false, 100, Direction.BOTH, 0.1);

  /**
   * What a run takes where labels of steps describe spans: names are to be recognized by their
   * letters and neighbors, because most names in new text are new.
   */
  public static final Defaults OF_SPANS = DEFAULTS.withWordDropout(0.1);

  private final LabelTask task;
  private final List<LabeledSequence> training;
  private final List<LabeledSequence> validation;
  private final Goal goal;
  private @Nullable NgramPart ngrams;

  /**
   * What training aims at.
   *
   * @param measure what says which parameters are best
   * @param labelWeights how much the losses of each label count; empty for all alike
   * @param strict whether the measure decides even where it differs by less than its standard
   *     error; else the lower loss does there
   * @param counting n-grams that are counted; what is learned of them is added to the trained
   *     network where that lowers the validation loss by more than chance may
   */
  public record Goal(
      LabelMeasure measure, List<Double> labelWeights, boolean strict, Counting counting) {
    /** Copies the list. */
    public Goal {
      labelWeights = List.copyOf(labelWeights);
      labelWeights.forEach(each -> Numbers.check("the weight of a label", each, 0, 1e30));
    }

    /** The network labels alone. */
    public Goal(LabelMeasure measure, List<Double> labelWeights, boolean strict) {
      this(measure, labelWeights, strict, Counting.NONE);
    }

    /** All labels count alike, and the measure decides by itself. */
    public Goal(LabelMeasure measure) {
      this(measure, List.of(), true);
    }
  }

  /**
   * The n-grams that are counted.
   *
   * @param order length of the longest n-grams; 0 for none, as where a text may have several labels
   *     or each token has one
   * @param more texts that are counted besides those to learn from, once the validation part has
   *     decided: those of that part, where it was cut from the same data. None of them may later
   *     measure the model
   */
  public record Counting(int order, List<LabeledSequence> more) {

    /** No n-gram is counted. */
    public static final Counting NONE = new Counting(0, List.of());

    /** Copies the list. */
    public Counting {
      Numbers.check("the length of n-grams", order, 0, Ngrams.LONGEST);
      more = List.copyOf(more);
    }

    private String describe() {
      String own = "n-grams of up to " + order;
      return more.isEmpty() ? own : own + ", at the end of " + LabeledSequence.fingerprint(more);
    }
  }

  /**
   * Prepares a run.
   *
   * @param task the network, and what it reads and writes
   * @param parts sequences to learn from, and those that choose the best parameters
   * @param goal what training aims at
   * @param options options of the run; those of streams are not used
   * @param output what is kept of the run, and where
   * @throws InputException if there is nothing to learn from, or options cannot be used
   */
  public LabelRun(
      LabelTask task,
      List<List<LabeledSequence>> parts,
      Goal goal,
      Training options,
      RunOutput output) {
    super(new LabelFields(task.build(), task.lexicon(), task.labels()), options, output);
    this.task = task;
    this.goal = goal;
    training = List.copyOf(parts.get(0));
    validation = List.copyOf(parts.get(1));
    check();
  }

  private void check() {
    if (training.isEmpty() || validation.isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%,d to train on and %,d to validate on",
              training.size(),
              validation.size()),
          "Give more data, or some for {valid}.");
    }
    boolean crf = task.network().output() instanceof LabelSpec.PerStep steps && steps.crf();
    if (!goal.labelWeights.isEmpty() && (crf || task.multiLabel())) {
      throw new InputException(
          "labels cannot be weighted " + (crf ? "with a CRF" : "where there are several"),
          "Leave {class-weights} out" + (crf ? ", or {crf}." : "."));
    }
    if (options().objective().labelSmoothing() > 0 && (crf || task.multiLabel())) {
      throw new InputException(
          "label smoothing does nothing " + (crf ? "with a CRF" : "where there are several labels"),
          "Leave {label-smoothing} out" + (crf ? ", or {crf}." : "."));
    }
    if (goal.counting.order > 0 && (task.perStep() || task.multiLabel())) {
      throw new IllegalArgumentException("n-grams give a text one label");
    }
    if (task.vectors().frozen() && options().weightDecay().value() > 0) {
      throw new InputException(
          "frozen vectors would change by weight decay", "Leave one or the other out.");
    }
    LabelMeasures.check(goal.measure, task);
  }

  /** Returns the network, and what it reads and writes. */
  public LabelTask task() {
    return task;
  }

  /** Returns the sequences to learn from. */
  public List<LabeledSequence> training() {
    return training;
  }

  /** Returns the sequences that choose the best parameters. */
  public List<LabeledSequence> validation() {
    return validation;
  }

  /** Returns what says which parameters are best. */
  public LabelMeasure measure() {
    return goal.measure;
  }

  /** Returns how much each label counts so that all weigh alike: N / (labels · its count). */
  public static List<Double> balanced(List<LabeledSequence> training, List<String> labels) {
    var counts = new LinkedHashMap<String, Long>();
    training.forEach(each -> each.labels().forEach(label -> counts.merge(label, 1L, Long::sum)));
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    return labels.stream()
        .map(label -> (double) all / (labels.size() * (double) counts.getOrDefault(label, all)))
        .toList();
  }

  @Override
  protected Overview understood() {
    return LabelOverview.of(task, training, validation);
  }

  @Override
  public LabelLearner learner() {
    var numbers = new LabelEncoder(fields());
    float[] weights = new float[goal.labelWeights.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = goal.labelWeights.get(i).floatValue();
    }
    return new LabelLearner(
        fields().network(),
        List.of(
            numbers.of(training, true).weighted(weightsOfSequences(), task.perStep()),
            numbers.of(validation, true)),
        options(),
        judge(),
        new LabelLearner.Given(weights, task.vectors()));
  }

  private LabelJudge judge() {
    return LabelMeasures.judge(goal.measure, validation, task, goal.strict);
  }

  /**
   * Returns the share of the validation texts that a model of this run labels right, as far as it
   * says so; NaN where it can be measured instead, as the model has counted none of them.
   */
  public double validationAccuracy(Provenance made) {
    return made.part(NgramPart.NAME).get(NgramPart.ACCURACY) instanceof Number share
        ? share.doubleValue()
        : Double.NaN;
  }

  /** Texts are counted once. */
  private NgramPart ngrams() {
    NgramPart own = ngrams;
    if (own == null) {
      Counting counting = goal.counting;
      own = new NgramPart(training, counting.more, counting.order, task.labels().names());
      ngrams = own;
    }
    return own;
  }

  private double[] weightsOfSequences() {
    return training.stream().mapToDouble(LabeledSequence::weight).toArray();
  }

  @Override
  protected Provenance.Part trainingPart() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("Sequences", (long) training.size());
    sizes.put("Tokens", LabeledSequence.tokens(training));
    return new Provenance.Part(LabeledSequence.fingerprint(training), sizes);
  }

  @Override
  protected Provenance.Part validationPart() {
    return new Provenance.Part(
        LabeledSequence.fingerprint(validation), Map.of("Sequences", (long) validation.size()));
  }

  /** Vectors that training begins with are read too. */
  @Override
  public Map<String, String> inputs() {
    Map<String, String> inputs = super.inputs();
    inputs.put("vectors", vectors());
    return inputs;
  }

  @Override
  protected Map<String, String> making() {
    var map = new LinkedHashMap<String, String>();
    map.put("training data", LabeledSequence.fingerprint(training));
    map.put("validation data", LabeledSequence.fingerprint(validation));
    map.put("lexicon", Fingerprint.of(Json.write(task.lexicon().describe())));
    map.put("labels", Fingerprint.of(Json.write(task.labels().toJson())));
    map.put("network", Json.write(task.network().toJson()));
    map.put("vectors", vectors());
    map.put(
        "measure", goal.measure.label() + (goal.strict ? "" : ", or the loss within its error"));
    map.put(
        "label weights",
        goal.labelWeights.stream()
            .map(String::valueOf)
            .collect(Collectors.joining(", ", "[", "]")));
    if (goal.counting.order > 0) {
      map.put("counted", goal.counting.describe());
    }
    return map;
  }

  @Override
  protected Map<String, Object> details() {
    var map = new LinkedHashMap<String, Object>();
    map.put("measure", goal.measure.label());
    if (!goal.labelWeights.isEmpty()) {
      map.put("labelWeights", goal.labelWeights);
    }
    map.put("vectors", vectors());
    return map;
  }

  /** Returns the hash of the vectors that training begins with, as the model says it. */
  private String vectors() {
    var rows = task.vectors().rows();
    if (rows.isEmpty()) {
      return "none";
    }
    var fingerprint = new Fingerprint();
    rows.forEach(
        (token, row) -> {
          fingerprint.add(List.of(task.lexicon().token(token)));
          fingerprint.add(row);
        });
    return fingerprint.text() + (task.vectors().frozen() ? ", frozen" : "");
  }

  @Override
  protected ModelFile<LabelFields> finished(ModelFile<LabelFields> trained, Workers workers) {
    if (goal.counting.order > 0) {
      return ngrams().addedTo(trained, validation, judge(), workers);
    }
    if (!task.multiLabel()) {
      return trained;
    }
    var found = new LabelInference(trained).probabilities(validation, workers);
    var thresholds = Thresholds.tuned(task.labels().names(), found, validation);
    return trained.withFields(fields().withLabels(task.labels().withThresholds(thresholds)));
  }
}
