package dev.unroll.task.label;

import dev.unroll.data.LabeledSequence;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Logistic regression on the n-grams that naive Bayes has counted, with a normal prior around its
 * weights: it minimizes
 *
 * <pre>{@code
 * -Σ over texts of log P(label | text) + PRECISION/2 · |weights - SHARE · naive Bayes|²
 * }</pre>
 *
 * <p>Naive Bayes takes the n-grams of a text for independent, and is too sure where they are not;
 * this model learns how far each label follows from all of them. Where an n-gram is rare, it keeps
 * what naive Bayes says of it (compare NB-SVM, Wang and Manning 2012).
 */
final class NgramRegression {

  /** How much of the weights of naive Bayes is the mean of the prior. */
  private static final double SHARE = 0.3;

  /** One over the variance of the prior. */
  private static final double PRECISION = 3;

  /** More change nothing beyond chance: 20 were as good as 40 on questions and polarity. */
  private static final int STEPS = 40;

  private final int labels;
  private final int[][] texts;
  private final int[] right;
  private final double[] prior;

  /**
   * Prepares to learn from texts.
   *
   * @param bayes what naive Bayes has counted in them
   * @param names the labels of the network
   */
  NgramRegression(List<LabeledSequence> training, NgramWeights bayes, List<String> names) {
    labels = names.size();
    texts =
        training.stream()
            .map(each -> bayes.ngrams().numbersIn(each.tokens()))
            .toArray(int[][]::new);
    Map<String, Integer> numbers = Labels.numbers(names);
    right =
        training.stream()
            .mapToInt(each -> numbers.getOrDefault(each.labels().getFirst(), -1))
            .toArray();
    prior = new double[(bayes.ngrams().size() + 1) * labels]; // the last row is that of each text
    for (int number = 0; number <= bayes.ngrams().size(); number++) {
      double[] row = number == bayes.ngrams().size() ? bayes.priors() : bayes.weights()[number];
      for (int label = 0; label < labels; label++) {
        prior[number * labels + label] = SHARE * row[label];
      }
    }
  }

  /**
   * Learns from texts, or from a sample of many.
   *
   * @param order length of the longest n-grams
   * @param names the labels of the network, some of which may be in no text
   */
  static NgramWeights of(List<LabeledSequence> texts, int order, List<String> names) {
    List<LabeledSequence> some = NaiveBayes.sample(texts, order);
    var bayes = NgramWeights.counted(some, order, names);
    var regression = new NgramRegression(some, bayes, names);
    double[] found = regression.minimum();
    int count = bayes.ngrams().size();
    double[][] weights = new double[count][];
    for (int number = 0; number < count; number++) {
      weights[number] = regression.row(found, number);
    }
    return new NgramWeights(bayes.ngrams(), regression.row(found, count), weights);
  }

  /**
   * Returns the weights that minimize it: a row of each n-gram, and at the end one that counts for
   * all texts; a value of each label in each.
   */
  double[] minimum() {
    return Lbfgs.minimum(this::loss, prior, STEPS);
  }

  private double[] row(double[] weights, int number) {
    return Arrays.copyOfRange(weights, number * labels, (number + 1) * labels);
  }

  /** Returns what is minimized, and its gradient. */
  double loss(double[] weights, double[] gradient) {
    double loss = 0;
    for (int i = 0; i < weights.length; i++) {
      double from = weights[i] - prior[i];
      loss += PRECISION / 2 * from * from;
      gradient[i] = PRECISION * from;
    }
    double[] errors = new double[labels];
    for (int text = 0; text < texts.length; text++) {
      loss += errors(text, weights, errors);
      for (int number : texts[text]) {
        add(errors, gradient, number * labels);
      }
      add(errors, gradient, gradient.length - labels);
    }
    return loss;
  }

  /** Returns the loss of a text in nats; {@code errors} receives its derivative by the scores. */
  private double errors(int text, double[] weights, double[] errors) {
    System.arraycopy(weights, weights.length - labels, errors, 0, labels);
    for (int number : texts[text]) {
      for (int label = 0; label < labels; label++) {
        errors[label] += weights[number * labels + label];
      }
    }
    double most = Double.NEGATIVE_INFINITY;
    for (double each : errors) {
      most = Math.max(most, each);
    }
    double own = errors[right[text]] - most;
    double sum = 0;
    for (int label = 0; label < labels; label++) {
      errors[label] = StrictMath.exp(errors[label] - most);
      sum += errors[label];
    }
    for (int label = 0; label < labels; label++) {
      errors[label] /= sum;
    }
    errors[right[text]] -= 1;
    return StrictMath.log(sum) - own;
  }

  private void add(double[] errors, double[] to, int place) {
    for (int label = 0; label < labels; label++) {
      to[place + label] += errors[label];
    }
  }
}
