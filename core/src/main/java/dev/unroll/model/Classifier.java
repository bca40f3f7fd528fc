package dev.unroll.model;

import dev.unroll.base.InputException;
import dev.unroll.base.PoolingKind;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Lexicon;
import dev.unroll.file.Plural;
import dev.unroll.network.Network;
import dev.unroll.result.Calibration;
import dev.unroll.result.Classification;
import dev.unroll.result.LabelMeasure;
import dev.unroll.result.LabelScore;
import dev.unroll.store.ModelFile;
import dev.unroll.store.Task;
import dev.unroll.task.RunOutput;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.label.LabelMeasures;
import dev.unroll.task.label.LabelRun;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.LabelTask;
import dev.unroll.task.label.Labels;
import dev.unroll.task.label.TokenVectors;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Classifies texts: P(label | text) by a network that reads the whole text. It is immutable, and
 * threads may share it.
 *
 * {@snippet file="example/SnippetsTest.java" region="classifier"}
 */
public final class Classifier extends LabelModel {

  /** The task of networks that classify whole sequences. */
  public static final Task<LabelFields, Classifier> TASK =
      new Task<>("classify", "texts", LabelFields.CLASSIFY, Classifier::new);

  /** Creates the model that a run ended with, or that was read from a file. */
  public Classifier(ModelFile<LabelFields> file) {
    super(file);
  }

  /**
   * Trains a classifier; every tenth text is held out to select the best parameters, by accuracy.
   * The output of the layers is max-pooled. {@link LabelRun} has all options.
   *
   * @param data texts with one label each
   * @param lexicon how tokens become ids
   * @param network the layers, which should be bidirectional
   */
  public static Classifier train(
      List<LabeledSequence> data, Lexicon lexicon, Network network, Training options) {
    Labels labels = Labels.of(data, List.of(), Map.of());
    var output = new LabelSpec.PerSequence(labels.names().size(), PoolingKind.MAX, false);
    var task =
        new LabelTask(lexicon, labels, new LabelSpec(network, null, output), TokenVectors.NONE);
    var goal = new LabelRun.Goal(LabelMeasure.ACCURACY, List.of(), false);
    var parts = LabeledSequence.cut(data, 0.1);
    var run = new LabelRun(task, parts, goal, options, RunOutput.NOTHING);
    return new Classifier(run.run(TrainingListener.NONE));
  }

  /**
   * Opens a model file.
   *
   * @throws InputException if it is missing, damaged or not a classifier
   */
  public static Classifier open(Path file) {
    return TASK.open(file);
  }

  /**
   * Opens a model from a stream, which is read up to the end of the model and not closed.
   *
   * @throws InputException if it cannot be read, is damaged or not a classifier
   */
  public static Classifier open(InputStream in) {
    return TASK.open(in);
  }

  @Override
  public Task<?, ?> task() {
    return TASK;
  }

  @Override
  public Classifier withPrecision(Precision other) {
    return new Classifier(file.withPrecision(other));
  }

  /** Returns the labels, in the order of their probabilities. */
  public List<String> labels() {
    return labelNames().names();
  }

  /** Returns whether a text may have several labels, or none. */
  public boolean multiLabel() {
    return network().multiLabel();
  }

  /**
   * Returns the same classifier with another threshold: a text has every label whose probability is
   * at least {@code threshold}.
   *
   * @throws InputException if a text has one label, or the threshold is not in (0, 1)
   */
  public Classifier withThreshold(double threshold) {
    if (!multiLabel()) {
      throw new InputException(
          "a threshold does nothing where a text has one label", "Leave {threshold} out.");
    }
    if (!(threshold > 0 && threshold < 1)) {
      throw new InputException("the threshold is " + threshold, "It must be in (0, 1).");
    }
    var all = Collections.nCopies(labels().size(), threshold);
    var own = file.fields().withLabels(labelNames().withThresholds(all));
    return new Classifier(file.withFields(own));
  }

  /** Classifies one text. */
  public Classification classify(String text) {
    return classify(List.of(Objects.requireNonNull(text, "text")), Workers.single()).getFirst();
  }

  /** Classifies texts, in input order, with all processors. */
  public List<Classification> classify(List<String> texts) {
    return Workers.use(texts.size(), workers -> classify(texts, workers));
  }

  /**
   * Classifies texts, in input order; each answer has the same bits as if its text were the only
   * one.
   */
  public List<Classification> classify(List<String> texts, Workers workers) {
    return answers(texts.stream().map(text -> labeled(text, List.of())).toList(), workers);
  }

  /** Returns a text as the network reads it, with its labels. */
  public LabeledSequence labeled(String text, List<String> labels) {
    return new LabeledSequence(lexicon().cut(text), labels);
  }

  private List<Classification> answers(List<LabeledSequence> texts, Workers workers) {
    List<Double> thresholds = multiLabel() ? labelNames().thresholds() : List.of();
    return inference.probabilities(texts, workers).stream()
        .map(rows -> Classification.of(labels(), thresholds, rows[0]))
        .toList();
  }

  /**
   * How well texts are classified.
   *
   * @param score accuracy, and precision, recall and F1 of each label
   * @param calibration how well probabilities say how often an answer is right; where a text may
   *     have several labels, each label of each text is an answer
   * @param crossEntropy mean loss of a text, in nats, of those whose labels the model has (where a
   *     text may have several: of all, without those that it has not)
   * @param unknown labels of the texts that the model has not: they can only be missed
   */
  public record Report(
      LabelScore score, Calibration calibration, double crossEntropy, Set<String> unknown) {

    /** Copies the set, whose order stays. */
    public Report {
      unknown = Collections.unmodifiableSet(new LinkedHashSet<>(unknown));
    }

    /** Returns a summary such as {@code accuracy 92.51%, macro F1 91.14% of 500 texts}. */
    @Override
    public String toString() {
      return score + " of " + Plural.of(score.items(), "text");
    }
  }

  /** Evaluates the classifier on objects that have a text and a label. */
  public <T> Report evaluate(
      Iterable<T> data, Function<? super T, String> text, Function<? super T, String> label) {
    var texts = new ArrayList<LabeledSequence>();
    data.forEach(each -> texts.add(labeled(text.apply(each), List.of(label.apply(each)))));
    return evaluate(texts);
  }

  /** Evaluates the classifier on texts with known labels, with all processors. */
  public Report evaluate(List<LabeledSequence> texts) {
    return Workers.use(texts.size(), workers -> evaluate(texts, workers));
  }

  /**
   * Evaluates the classifier on texts with known labels.
   *
   * @throws InputException if there are none
   */
  public Report evaluate(List<LabeledSequence> texts, Workers workers) {
    Measuring.check(texts.size(), "text with its label");
    List<Classification> found = answers(texts, workers);
    var score =
        LabelMeasures.score(
            found.stream().map(Classification::labels).toList(),
            texts.stream().map(LabeledSequence::labels).toList(),
            false);
    var unknown = new TreeSet<String>();
    texts.forEach(text -> unknown.addAll(text.labels()));
    labels().forEach(unknown::remove);
    return new Report(score, calibration(found, texts), crossEntropy(found, texts), unknown);
  }

  private Calibration calibration(List<Classification> found, List<LabeledSequence> texts) {
    int answers = multiLabel() ? labels().size() : 1;
    double[] probabilities = new double[texts.size() * answers];
    boolean[] right = new boolean[probabilities.length];
    for (int i = 0; i < probabilities.length; i++) {
      Classification own = found.get(i / answers);
      String label = multiLabel() ? labels().get(i % answers) : own.label();
      probabilities[i] = own.probability(label);
      right[i] = texts.get(i / answers).labels().contains(label);
    }
    return Calibration.of(probabilities, right);
  }

  private double crossEntropy(List<Classification> found, List<LabeledSequence> texts) {
    double sum = 0;
    long known = 0;
    for (int i = 0; i < texts.size(); i++) {
      known += multiLabel() || labels().containsAll(texts.get(i).labels()) ? 1 : 0;
      for (String label : labels()) {
        double own = found.get(i).probability(label);
        if (texts.get(i).labels().contains(label)) {
          sum -= StrictMath.log(Math.max(own, Float.MIN_NORMAL));
        } else if (multiLabel()) {
          sum -= StrictMath.log(Math.max(1 - own, Float.MIN_NORMAL));
        }
      }
    }
    return sum / Math.max(1, known);
  }
}
