package dev.unroll.task.label;

import dev.unroll.data.LabeledSequence;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.InputException;
import dev.unroll.file.Json;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Workers;
import dev.unroll.measure.Span;
import dev.unroll.task.KeptRun;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.task.lm.LanguageModelRun;
import dev.unroll.train.Trainer;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that the training of a network that labels needs.
 *
 * @param task the network, and what it reads and writes
 * @param training sequences to learn from
 * @param validation sequences that choose the best parameters
 * @param options options of the run; those of streams are not used
 * @param measure what says which parameters are best
 * @param labelWeights how much the losses of each label count; empty for all alike
 * @param kept what is kept of the run, and where
 */
public record LabelRun(
    LabelTask task,
    List<LabeledSequence> training,
    List<LabeledSequence> validation,
    Training options,
    LabelMeasure measure,
    List<Double> labelWeights,
    RunOutput kept)
    implements Run<LabelModel> {

  /** Checks that there is something to learn from, and that the options can be used. */
  public LabelRun {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
    labelWeights = List.copyOf(labelWeights);
    if (training.isEmpty() || validation.isEmpty()) {
      throw new InputException(
          "%,d to train on and %,d to validate on".formatted(training.size(), validation.size()),
          "Give more data, or a validation file of its own.");
    }
    boolean crf = task.network().output() instanceof LabelSpec.OfSteps steps && steps.crf();
    if (!labelWeights.isEmpty() && (crf || task.several())) {
      throw new InputException(
          "labels cannot be weighted " + (crf ? "with a CRF" : "where there are several"),
          "Leave the weights out" + (crf ? ", or the CRF." : "."));
    }
    if (options.objective().labelSmoothing() > 0 && (crf || task.several())) {
      throw new InputException(
          "label smoothing does nothing " + (crf ? "with a CRF" : "where there are several labels"),
          "Leave it out" + (crf ? ", or the CRF." : "."));
    }
    if (task.vectors().frozen() && options.weightDecay().value() > 0) {
      throw new InputException(
          "frozen vectors would change by weight decay", "Leave one or the other out.");
    }
    check(measure, task);
  }

  /**
   * A run that keeps nothing but its result.
   *
   * @param parts sequences to learn from, and those that choose the best parameters
   */
  static LabelRun of(
      LabelTask task, List<List<LabeledSequence>> parts, Training options, LabelMeasure measure) {
    return new LabelRun(
        task, parts.get(0), parts.get(1), options, measure, List.of(), RunOutput.NOTHING);
  }

  private static void check(LabelMeasure measure, LabelTask task) {
    boolean fits =
        switch (measure) {
          case SPAN_F1 -> task.ofSteps() && Span.areDescribedBy(task.labels().names());
          case MICRO_F1 -> task.several();
          default -> true;
        };
    if (!fits) {
      throw new InputException(
          measure == LabelMeasure.SPAN_F1
              ? "the measure span-f1 is of tags that describe spans, which these do not"
              : "the measure micro-f1 is of texts that may have several labels",
          "Use loss, accuracy or macro-f1.");
    }
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

  /** Returns what a {@link Trainer} trains. */
  public LabelLearner learner() {
    return learner(task.build());
  }

  private LabelLearner learner(LabelNetwork network) {
    var numbers = new LabelEncoder(task.lexicon(), task.labels(), task.network());
    float[] weights = new float[labelWeights.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = labelWeights.get(i).floatValue();
    }
    return new LabelLearner(
        network,
        numbers.of(training, true),
        numbers.of(validation, true),
        options,
        measure.judge(validation, task.labels().names(), task.ofSteps()),
        weights,
        task.vectors());
  }

  @Override
  public String trainingFingerprint() {
    return LabeledSequence.fingerprint(training);
  }

  @Override
  public String validationFingerprint() {
    return LabeledSequence.fingerprint(validation);
  }

  /**
   * Trains and returns the model that did best on the validation part. Of several labels, the
   * threshold of each is the one with the best F1 there.
   *
   * @throws InputException if the model cannot be written; checkpoints, if any, are kept then
   */
  @Override
  public LabelModel run(TrainingListener listener) {
    LabelNetwork network = task.build();
    var run = new KeptRun(options, kept, identity());
    return run.run(
        learner(network),
        (parameters, reached, workers) -> model(run, network, parameters, reached, workers),
        listener);
  }

  @Override
  public Map<String, String> making() {
    var map = new LinkedHashMap<String, String>();
    map.put("training data", LabeledSequence.fingerprint(training));
    map.put("validation data", LabeledSequence.fingerprint(validation));
    map.put("lexicon", Fingerprint.of(Json.write(task.lexicon().describe())));
    map.put("labels", Fingerprint.of(Json.write(task.labels().toJson())));
    map.put("network", Json.write(task.network().toJson()));
    map.put("vectors", vectors());
    map.put("measure", measure.label());
    map.put("label weights", labelWeights.toString());
    return map;
  }

  /** Returns the hash of the vectors that training begins with, as the model says it. */
  public String vectors() {
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

  /** Returns the model with given parameters; equal runs give equal models, byte for byte. */
  private LabelModel model(
      KeptRun run,
      LabelNetwork network,
      float[] parameters,
      KeptRun.Reached reached,
      Workers workers) {
    var map = new LinkedHashMap<String, Object>();
    map.put("version", LanguageModelRun.VERSION);
    map.put("training", LabeledSequence.fingerprint(training));
    map.put("trainingSequences", (long) training.size());
    map.put("trainingTokens", LabeledSequence.tokens(training));
    map.put("validation", LabeledSequence.fingerprint(validation));
    map.put("validationSequences", (long) validation.size());
    map.put("seed", options.seed());
    map.put("options", options.describe());
    map.put("measure", measure.label());
    if (!labelWeights.isEmpty()) {
      map.put("labelWeights", labelWeights);
    }
    map.put("vectors", vectors());
    run.describe(map, reached);
    var model =
        new LabelModel(
            network, parameters.clone(), Precision.FLOAT32, task.lexicon(), task.labels(), map);
    return task.several() ? Thresholds.tuned(model, validation, workers) : model;
  }
}
