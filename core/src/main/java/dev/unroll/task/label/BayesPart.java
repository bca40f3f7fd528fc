package dev.unroll.task.label;

import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.file.Json;
import dev.unroll.kernel.Slice;
import dev.unroll.store.ModelFile;
import dev.unroll.train.Validation;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Adds naive Bayes to a classifier whose network is trained, as a {@link ProductOfExperts}. The
 * exponents are multiplied into the weights, so that the model adds up scores only:
 *
 * <pre>{@code
 * y = network · (Wy a + by) + bayes · (log P(label) + Σ over n-grams of log P(n-gram | label))
 * }</pre>
 *
 * Of the logarithms the mean of all labels is taken away, which changes no probability and keeps
 * the weights of common n-grams small.
 */
final class BayesPart {

  /** The name under which a model says that it has this part. */
  static final String NAME = "naiveBayes";

  /** Weights of n-grams at most, so that the part stays small beside the network. */
  private static final int MOST_WEIGHTS = 2_000_000;

  private final List<String> labels;
  private final Ngrams ngrams;

  /** log P(label), [labels], and log P(n-gram | label), [n-grams][labels], less their means. */
  private final double[] priors;

  private final double[][] weights;

  /**
   * Takes over what naive Bayes has counted.
   *
   * @param labels the labels of the network, some of which may be in no text to learn from
   */
  BayesPart(NaiveBayes bayes, List<String> labels) {
    this.labels = labels;
    ngrams = bayes.frequent(MOST_WEIGHTS / labels.size());
    int[] places = labels.stream().mapToInt(bayes.labels()::indexOf).toArray();
    priors = centered(bayes.logPriors(), places);
    weights =
        ngrams.texts().stream()
            .map(ngram -> centered(bayes.logLikelihoods(ngram), places))
            .toArray(double[][]::new);
  }

  /** A label that no text has to learn from is as unlikely as the least likely one. */
  private static double[] centered(double[] logs, int[] places) {
    double least = DoubleStream.of(logs).min().orElse(0);
    double[] all = new double[places.length];
    double mean = 0;
    for (int label = 0; label < all.length; label++) {
      all[label] = places[label] < 0 ? least : logs[places[label]];
      mean += all[label] / all.length;
    }
    for (int label = 0; label < all.length; label++) {
      all[label] -= mean;
    }
    return all;
  }

  /**
   * Returns the model with naive Bayes, if that has a lower loss on the validation part, and the
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
    if (experts.bayes() == 0 || ngrams.size() == 0) {
      return trained;
    }
    ModelFile<LabelFields> both = product(trained, experts);
    LabelNetwork network = both.fields().network();
    var evaluator =
        new LabelEvaluator(network, new LabelEncoder(both.fields()).of(validation, true));
    var packed = network.pack(both.parameters(), both.precision(), workers);
    LabelEvaluator.Measured measured = evaluator.measure(packed, workers);
    Validation.Measure measure = judge.judge(measured.labels());
    double alone = trained.provenance().validationMeasure();
    if (measure != null && measure.value() < alone - measure.error()) {
      return trained;
    }
    var said = Json.object("networkExponent", experts.network(), "exponent", experts.bayes());
    var provenance =
        both.provenance()
            .with(
                Map.entry(NAME, said),
                measured.meanLoss(),
                measure == null ? null : measure.value());
    return new ModelFile<>(both.fields(), both.parameters(), both.precision(), provenance);
  }

  private ProductOfExperts.Answers answers(
      ModelFile<LabelFields> trained, List<LabeledSequence> validation, Workers workers) {
    List<float[][]> found = new LabelInference(trained).probabilities(validation, workers);
    double[][] ofNetwork = new double[found.size()][labels.size()];
    double[][] ofBayes = new double[found.size()][];
    int[] right = new int[found.size()];
    for (int i = 0; i < right.length; i++) {
      float[] probabilities = found.get(i)[0];
      for (int label = 0; label < labels.size(); label++) {
        ofNetwork[i][label] = StrictMath.log(Math.max(probabilities[label], Float.MIN_NORMAL));
      }
      LabeledSequence text = validation.get(i);
      ofBayes[i] = scores(text.tokens());
      right[i] = labels.indexOf(text.labels().getFirst());
    }
    return new ProductOfExperts.Answers(ofNetwork, ofBayes, right);
  }

  /** Returns what naive Bayes says of a text, by the n-grams that are kept. */
  private double[] scores(List<String> tokens) {
    double[] scores = priors.clone();
    for (int number : ngrams.numbersIn(tokens)) {
      for (int label = 0; label < scores.length; label++) {
        scores[label] += weights[number][label];
      }
    }
    return scores;
  }

  private ModelFile<LabelFields> product(ModelFile<LabelFields> trained, ProductOfExperts experts) {
    LabelFields fields = trained.fields();
    LabelSpec spec = fields.network().description();
    var whole = ((LabelSpec.PerSequence) spec.output()).withNgrams(ngrams.size());
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
          for (int label = 0; label < priors.length; label++) {
            double sum = experts.network() * before[from + label] + experts.bayes() * priors[label];
            parameters[from + label] = (float) sum;
          }
        }
        case LabelNetwork.NGRAMS -> fill(parameters, slice, experts.bayes());
        default -> {} // as the network has it
      }
    }
    var with = new LabelFields(network, fields.lexicon(), fields.labels(), ngrams);
    return new ModelFile<>(with, parameters, trained.precision(), trained.provenance());
  }

  private void fill(float[] parameters, Slice slice, double exponent) {
    for (int number = 0; number < slice.rows(); number++) {
      for (int label = 0; label < slice.columns(); label++) {
        int place = slice.offset() + number * slice.columns() + label;
        parameters[place] = (float) (exponent * weights[number][label]);
      }
    }
  }
}
