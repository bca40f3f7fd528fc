package dev.unroll.task.label;

import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Provenance;
import dev.unroll.file.Json;
import dev.unroll.kernel.Slice;
import dev.unroll.store.ModelFile;
import dev.unroll.train.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds a {@linkplain NgramRegression regression on n-grams} to a classifier whose network is
 * trained, as a {@link ProductOfExperts}. The exponents are multiplied into the weights, so that
 * the model adds up scores only:
 *
 * <pre>{@code
 * y = network · (Wy a + by) + ngrams · (bias + Σ over n-grams of their weights)
 * }</pre>
 *
 * <p>The validation part decides with what is learned from the training part. Where it was cut from
 * the training data, the model then gets what is learned from both: where texts are few, each
 * matters.
 */
final class NgramPart {

  /** The name under which a model says that it has this part. */
  static final String NAME = "ngrams";

  /** The share of the validation texts that are labeled correctly before they are learned from. */
  static final String ACCURACY = "validationAccuracy";

  private final int order;
  private final List<String> labels;

  /** What is learned from the training part, which decides. */
  private final NgramWeights learned;

  /** Texts that the model learns from, where these are others. */
  private final @Nullable List<LabeledSequence> all;

  private @Nullable NgramWeights ofAll;

  /**
   * Learns from the training part.
   *
   * @param more texts to learn from besides, once the validation part has decided; or none
   * @param order length of the longest n-grams
   * @param labels the labels of the network, some of which may be in no text to learn from
   */
  NgramPart(
      List<LabeledSequence> training, List<LabeledSequence> more, int order, List<String> labels) {
    this.order = order;
    this.labels = labels;
    learned = NgramRegression.of(training, order, labels);
    all = more.isEmpty() ? null : all(training, more, order);
  }

  /** Returns the texts of both parts, or null where only a sample of so many would be used. */
  private static @Nullable List<LabeledSequence> all(
      List<LabeledSequence> training, List<LabeledSequence> more, int order) {
    var all = new ArrayList<>(training);
    all.addAll(more);
    return NaiveBayes.sample(all, order).size() == all.size() ? all : null;
  }

  /**
   * Returns the model with n-grams, if that has a lower loss on the validation part, and the
   * measure that chose the network does not fall there by more than its standard error.
   *
   * @param judge measures labels of the validation part
   */
  ModelFile<LabelFields> addedTo(
      ModelFile<LabelFields> trained,
      List<LabeledSequence> validation,
      LabelJudge judge,
      Workers workers) {
    ProductOfExperts experts = ProductOfExperts.of(answers(trained, validation, workers));
    if (experts.ngrams() == 0 || learned.ngrams().size() == 0) {
      return trained;
    }
    ModelFile<LabelFields> chosen = product(trained, learned, experts);
    LabelEvaluator.Measured measured = measured(chosen, validation, workers);
    Validation.Measure measure = judge.judge(measured.labels());
    if (measure != null) {
      double alone = alone(trained, validation, judge, workers);
      if (measure.value() < alone - measure.error()) {
        return trained;
      }
    }
    var details = Json.object("networkExponent", experts.network(), "exponent", experts.ngrams());
    if (all != null) {
      details.put(ACCURACY, accuracy(measured.labels(), validation));
    }
    var provenance =
        trained
            .provenance()
            .with(
                new Provenance.Added(NAME, details, all != null),
                measured.meanLoss(),
                measure == null ? null : measure.value());
    return (all == null ? chosen : product(trained, learnedFrom(all), experts))
        .withProvenance(provenance);
  }

  /** A run that is stopped right after it was resumed does not know the measure of its network. */
  private static double alone(
      ModelFile<LabelFields> trained,
      List<LabeledSequence> validation,
      LabelJudge judge,
      Workers workers) {
    double known = trained.provenance().validationMeasure();
    if (!Double.isNaN(known)) {
      return known;
    }
    Validation.Measure own = judge.judge(measured(trained, validation, workers).labels());
    return own == null ? known : own.value();
  }

  private static LabelEvaluator.Measured measured(
      ModelFile<LabelFields> model, List<LabeledSequence> validation, Workers workers) {
    LabelNetwork network = model.fields().network();
    var evaluator =
        new LabelEvaluator(network, new LabelEncoder(model.fields()).of(validation, true));
    return evaluator.measure(network.pack(model.parameters(), model.precision(), workers), workers);
  }

  private double accuracy(List<int[]> found, List<LabeledSequence> validation) {
    var predicted = found.stream().map(each -> List.of(labels.get(each[0]))).toList();
    var known = validation.stream().map(LabeledSequence::labels).toList();
    return LabelMeasures.score(predicted, known, false).accuracy();
  }

  /** Texts are learned from once, for all models of a run. */
  private NgramWeights learnedFrom(List<LabeledSequence> texts) {
    NgramWeights own = ofAll;
    if (own == null) {
      own = NgramRegression.of(texts, order, labels);
      ofAll = own;
    }
    return own;
  }

  private ProductOfExperts.Answers answers(
      ModelFile<LabelFields> trained, List<LabeledSequence> validation, Workers workers) {
    List<float[][]> found = new LabelInference(trained).probabilities(validation, workers);
    double[][] ofNetwork = new double[found.size()][labels.size()];
    double[][] ofNgrams = new double[found.size()][];
    int[] right = new int[found.size()];
    Map<String, Integer> numbers = Labels.numbers(labels);
    for (int i = 0; i < right.length; i++) {
      float[] probabilities = found.get(i)[0];
      for (int label = 0; label < labels.size(); label++) {
        ofNetwork[i][label] = StrictMath.log(Math.max(probabilities[label], Float.MIN_NORMAL));
      }
      LabeledSequence text = validation.get(i);
      ofNgrams[i] = learned.scores(text.tokens());
      right[i] = numbers.getOrDefault(text.labels().getFirst(), -1);
    }
    return new ProductOfExperts.Answers(ofNetwork, ofNgrams, right);
  }

  private static ModelFile<LabelFields> product(
      ModelFile<LabelFields> trained, NgramWeights learned, ProductOfExperts experts) {
    LabelFields fields = trained.fields();
    LabelSpec spec = fields.network().description();
    var whole = ((LabelSpec.PerSequence) spec.output()).withNgrams(learned.ngrams().size());
    var network =
        new LabelNetwork(
            spec.withOutput(whole), fields.lexicon().size(), fields.lexicon().characters());
    float[] parameters = new float[network.size()];
    float[] before = trained.parameters();
    System.arraycopy(before, 0, parameters, 0, before.length); // the n-grams come last
    for (Slice slice : network.slices()) {
      int from = slice.offset();
      switch (slice.name()) {
        case "head.weight" -> {
          for (int i = from; i < from + slice.size(); i++) {
            parameters[i] = (float) (experts.network() * before[i]);
          }
        }
        case "head.bias" -> {
          double[] priors = learned.priors();
          for (int label = 0; label < priors.length; label++) {
            double sum =
                experts.network() * before[from + label] + experts.ngrams() * priors[label];
            parameters[from + label] = (float) sum;
          }
        }
        case LabelNetwork.NGRAMS -> fill(parameters, slice, learned.weights(), experts.ngrams());
        default -> {} // as the network has it
      }
    }
    var with = new LabelFields(network, fields.lexicon(), fields.labels(), learned.ngrams());
    return new ModelFile<>(with, parameters, trained.precision(), trained.provenance());
  }

  private static void fill(float[] parameters, Slice slice, double[][] weights, double exponent) {
    for (int number = 0; number < slice.rows(); number++) {
      for (int label = 0; label < slice.columns(); label++) {
        int place = slice.offset() + number * slice.columns() + label;
        parameters[place] = (float) (exponent * weights[number][label]);
      }
    }
  }
}
