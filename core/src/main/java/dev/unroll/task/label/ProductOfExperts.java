package dev.unroll.task.label;

/**
 * How much a network and a regression on n-grams count where both say what a text is (a product of
 * experts, Hinton 2002; a logarithmic opinion pool):
 *
 * <pre>{@code
 * P(label) ∝ network(label)^network · ngrams(label)^ngrams
 * }</pre>
 *
 * @param network exponent of the network's probabilities, 0 or more
 * @param ngrams exponent of those by n-grams, 0 or more
 */
record ProductOfExperts(double network, double ngrams) {

  /** The network by itself. */
  static final ProductOfExperts NETWORK = new ProductOfExperts(1, 0);

  /** Newton's method ends at a gradient of this length, or after so many steps. */
  private static final double FLAT = 1e-9;

  private static final int MOST_STEPS = 100;

  /** In standard errors. */
  private static final double LEAST_GAIN = 0.5;

  /**
   * What both say of texts whose labels are known.
   *
   * @param network log-probabilities of the network, [texts][labels]
   * @param ngrams those by n-grams
   * @param right the number of the label of each text
   */
  record Answers(double[][] network, double[][] ngrams, int[] right) {

    /** Returns the loss of each text in nats. */
    double[] losses(ProductOfExperts experts) {
      double[] losses = new double[right.length];
      for (int i = 0; i < losses.length; i++) {
        double[] logs = experts.logs(network[i], ngrams[i]);
        losses[i] = -logs[right[i]];
      }
      return losses;
    }
  }

  /** Returns the log-probability of each label, of which both say theirs. */
  double[] logs(double[] ofNetwork, double[] ofNgrams) {
    double[] logs = new double[ofNetwork.length];
    double most = Double.NEGATIVE_INFINITY;
    for (int label = 0; label < logs.length; label++) {
      logs[label] = network * ofNetwork[label] + ngrams * ofNgrams[label];
      most = Math.max(most, logs[label]);
    }
    double sum = 0;
    for (double each : logs) {
      sum += StrictMath.exp(each - most);
    }
    double all = most + StrictMath.log(sum);
    for (int label = 0; label < logs.length; label++) {
      logs[label] -= all;
    }
    return logs;
  }

  /**
   * Returns the exponents of the least loss, to which half the squared distance from {@link
   * #NETWORK} is added, so that few texts decide little: {@link #NETWORK} itself unless n-grams
   * lower the loss by more than half its standard error, beside the network with an exponent of its
   * own. A whole one would leave it out where few texts validate, which is where it helps most.
   */
  static ProductOfExperts of(Answers answers) {
    var alone = minimum(answers, false);
    var both = minimum(answers, true);
    if (both.ngrams <= 0) {
      return NETWORK;
    }
    double[] before = answers.losses(alone);
    double[] after = answers.losses(both);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < before.length; i++) {
      double gain = before[i] - after[i];
      sum += gain;
      squares += gain * gain;
    }
    double variance = squares - sum * sum / before.length; // of one text, times their number
    return sum > LEAST_GAIN * StrictMath.sqrt(Math.max(0, variance)) ? both : NETWORK;
  }

  /** The loss is convex: where an exponent would be below 0, it is 0. */
  private static ProductOfExperts minimum(Answers answers, boolean withNgrams) {
    ProductOfExperts found = newton(answers, true, withNgrams);
    if (found.ngrams < 0) {
      found = newton(answers, true, false);
    }
    if (found.network < 0) {
      found = newton(answers, false, withNgrams);
    }
    return new ProductOfExperts(Math.max(0, found.network), Math.max(0, found.ngrams));
  }

  /** An exponent that is not free is 0. */
  private static ProductOfExperts newton(Answers answers, boolean network, boolean ngrams) {
    var at = new ProductOfExperts(network ? 1 : 0, 0);
    var here = Point.of(answers, at);
    for (int step = 0; step < MOST_STEPS; step++) {
      double a = network ? here.ofNetwork : 0;
      double b = ngrams ? here.ofNgrams : 0;
      if (Math.abs(a) + Math.abs(b) < FLAT) {
        break;
      }
      double mixed = network && ngrams ? here.mixed : 0;
      double determinant = here.network2 * here.ngrams2 - mixed * mixed;
      double da = (here.ngrams2 * a - mixed * b) / determinant;
      double db = (here.network2 * b - mixed * a) / determinant;
      Point next = here;
      double length = 1;
      do {
        at = new ProductOfExperts(here.at.network - length * da, here.at.ngrams - length * db);
        next = Point.of(answers, at);
        length /= 2;
      } while (next.loss > here.loss && length > 1e-6);
      if (next.loss >= here.loss) {
        break;
      }
      here = next;
    }
    return here.at;
  }

  /** What is minimized at a point, with its first and second derivatives. */
  private record Point(
      ProductOfExperts at,
      double loss,
      double ofNetwork,
      double ofNgrams,
      double network2,
      double mixed,
      double ngrams2) {

    static Point of(Answers answers, ProductOfExperts at) {
      double fromNetwork = at.network - NETWORK.network;
      double fromNgrams = at.ngrams - NETWORK.ngrams;
      double loss = (fromNetwork * fromNetwork + fromNgrams * fromNgrams) / 2;
      double[] first = {fromNetwork, fromNgrams};
      double[] second = {1, 0, 1};
      for (int i = 0; i < answers.right.length; i++) {
        double[] x = answers.network[i];
        double[] y = answers.ngrams[i];
        double[] logs = at.logs(x, y);
        int right = answers.right[i];
        loss -= logs[right];
        add(logs, x, y, right, first, second);
      }
      return new Point(at, loss, first[0], first[1], second[0], second[1], second[2]);
    }

    /** The gradient is the mean of what both say less that of the right label, and so on. */
    private static void add(
        double[] logs, double[] x, double[] y, int right, double[] first, double[] second) {
      double meanX = 0;
      double meanY = 0;
      double xx = 0;
      double xy = 0;
      double yy = 0;
      for (int label = 0; label < logs.length; label++) {
        double p = StrictMath.exp(logs[label]);
        meanX += p * x[label];
        meanY += p * y[label];
        xx += p * x[label] * x[label];
        xy += p * x[label] * y[label];
        yy += p * y[label] * y[label];
      }
      first[0] += meanX - x[right];
      first[1] += meanY - y[right];
      second[0] += xx - meanX * meanX;
      second[1] += xy - meanX * meanY;
      second[2] += yy - meanY * meanY;
    }
  }
}
