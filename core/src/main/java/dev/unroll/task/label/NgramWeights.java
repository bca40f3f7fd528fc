package dev.unroll.task.label;

import dev.unroll.data.LabeledSequence;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * How much each n-gram of a text speaks for each label: what naive Bayes has counted, as
 * logarithms, or what {@link NgramRegression} makes of it. Of logarithms the mean of all labels is
 * taken away, which changes no probability and keeps the weights of common n-grams small.
 *
 * @param ngrams the n-grams that are kept, the most frequent ones
 * @param priors what speaks for a label in any text, as log P(label), [labels]
 * @param weights what each n-gram adds, as log P(n-gram | label), [n-grams][labels]
 */
record NgramWeights(Ngrams ngrams, double[] priors, double[][] weights) {

  /** Weights of n-grams at most, so that the part stays small beside the network. */
  private static final int MOST_WEIGHTS = 2_000_000;

  /**
   * Returns what naive Bayes says.
   *
   * @param texts what it counts
   * @param order length of the longest n-grams
   * @param labels the labels of the network, some of which may be in no text
   */
  static NgramWeights counted(List<LabeledSequence> texts, int order, List<String> labels) {
    var bayes = new NaiveBayes(texts, order);
    Ngrams ngrams = bayes.frequent(MOST_WEIGHTS / labels.size());
    int[] places = labels.stream().mapToInt(bayes.labels()::indexOf).toArray();
    double[][] weights =
        ngrams.texts().stream()
            .map(ngram -> centered(bayes.logLikelihoods(ngram), places))
            .toArray(double[][]::new);
    return new NgramWeights(ngrams, centered(bayes.logPriors(), places), weights);
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

  /** Returns the scores of a text by its n-grams, of those that are kept. */
  double[] scores(List<String> tokens) {
    double[] scores = priors.clone();
    for (int number : ngrams.numbersIn(tokens)) {
      for (int label = 0; label < scores.length; label++) {
        scores[label] += weights[number][label];
      }
    }
    return scores;
  }
}
