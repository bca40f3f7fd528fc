package dev.unroll.network;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How outputs z of a network represent a real number y, with the loss that trains them. Outputs may
 * be in other units than the loss: {@code u} is how large one unit of them is, so that the loss of
 * y is that of numbers u·z, in the units of u·y.
 *
 * <pre>{@code
 * SQUARED    one output      L = u²(z - y)²                            z is the mean of y
 * ABSOLUTE   one output      L = u|z - y|                              z is the median
 * Gaussian   μ, s            L = ln(σu) + (y - μ)²/2σ² + ln(2π)/2      σ = ln(1 + eˢ) + 0.001
 * Quantiles  q⟨1⟩ … q⟨K⟩     L = u/K Σ over k of max(p⟨k⟩d, (p⟨k⟩ - 1)d)   d = y - q⟨k⟩
 * }</pre>
 *
 * <p>Gaussian: Nix and Weigend 1994, σ as in Salinas et al. 2020. Quantiles: Koenker and Bassett
 * 1978.
 */
public sealed interface Regression {

  /** The mean, by least squares. */
  Regression SQUARED = new Squared();

  /** The median, by least absolute errors. */
  Regression ABSOLUTE = new Absolute();

  /** Returns the number of outputs for a number. */
  int parameters();

  /**
   * Returns the loss of a number, and its gradient.
   *
   * @param z the outputs
   * @param y the number, in the units of the outputs
   * @param u one unit of them
   * @param dz receives the gradient of the outputs
   */
  double loss(double[] z, double y, double u, double[] dz);

  /** Returns the point forecast: mean, median, or what is nearest to that. */
  double point(double[] z);

  /**
   * Moves the point forecast toward 0 and all else with it, so that a spread stays as it is: a
   * linear function of the outputs.
   *
   * @param share what is left of the point forecast, from 0 to 1
   */
  void shrink(double[] z, double share);

  /** Returns whether {@link #quantile} can be asked for any level. */
  boolean known(double level);

  /**
   * Returns the number below which y lies with probability {@code level}.
   *
   * @throws IllegalArgumentException if it is not {@link #known}
   */
  double quantile(double[] z, double level);

  /** Returns the name that options and files use. */
  String label();

  /** See {@link #SQUARED}. */
  record Squared() implements Regression {
    @Override
    public int parameters() {
      return 1;
    }

    @Override
    public double loss(double[] z, double y, double u, double[] dz) {
      double difference = u * (z[0] - y);
      dz[0] = 2 * u * difference;
      return difference * difference;
    }

    @Override
    public double point(double[] z) {
      return z[0];
    }

    @Override
    public void shrink(double[] z, double share) {
      z[0] *= share;
    }

    @Override
    public boolean known(double level) {
      return false;
    }

    @Override
    public double quantile(double[] z, double level) {
      throw new IllegalArgumentException("a mean has no quantile");
    }

    @Override
    public String label() {
      return "mean";
    }
  }

  /** See {@link #ABSOLUTE}. */
  record Absolute() implements Regression {
    @Override
    public int parameters() {
      return 1;
    }

    @Override
    public double loss(double[] z, double y, double u, double[] dz) {
      dz[0] = u * Math.signum(z[0] - y);
      return u * Math.abs(z[0] - y);
    }

    @Override
    public double point(double[] z) {
      return z[0];
    }

    @Override
    public void shrink(double[] z, double share) {
      z[0] *= share;
    }

    @Override
    public boolean known(double level) {
      return level == 0.5;
    }

    @Override
    public double quantile(double[] z, double level) {
      if (!known(level)) {
        throw new IllegalArgumentException("a median has no other quantile");
      }
      return z[0];
    }

    @Override
    public String label() {
      return "median";
    }
  }

  /** A normal distribution with its own mean and standard deviation for each number. */
  record Gaussian() implements Regression {

    private static final double LEAST_DEVIATION = 1e-3;

    @Override
    public int parameters() {
      return 2;
    }

    /** Returns σ of the outputs. */
    public static double deviation(double[] z) {
      return Math.max(z[1], 0)
          + StrictMath.log1p(StrictMath.exp(-Math.abs(z[1])))
          + LEAST_DEVIATION;
    }

    @Override
    public double loss(double[] z, double y, double u, double[] dz) {
      double deviation = deviation(z);
      double distance = (y - z[0]) / deviation;
      dz[0] = -distance / deviation;
      dz[1] = (1 - distance * distance) / deviation / (1 + StrictMath.exp(-z[1]));
      return StrictMath.log(deviation * u)
          + distance * distance / 2
          + StrictMath.log(2 * Math.PI) / 2;
    }

    @Override
    public double point(double[] z) {
      return z[0];
    }

    @Override
    public void shrink(double[] z, double share) {
      z[0] *= share;
    }

    @Override
    public boolean known(double level) {
      return level > 0 && level < 1;
    }

    @Override
    public double quantile(double[] z, double level) {
      return z[0] + deviation(z) * NormalQuantile.of(level);
    }

    @Override
    public String label() {
      return "gaussian";
    }
  }

  /**
   * Some quantiles of each number. Where outputs are out of order, they are read in order.
   *
   * @param levels of the quantiles, each in (0, 1), ascending; the one next to 0.5 is the guess
   */
  record Quantiles(List<Double> levels) implements Regression {

    /** Checks the levels. */
    public Quantiles {
      levels = List.copyOf(levels);
      double before = 0;
      boolean ascending = !levels.isEmpty();
      for (double level : levels) {
        ascending &= level > before && level < 1;
        before = level;
      }
      if (!ascending) {
        throw new IllegalArgumentException("quantiles " + levels);
      }
    }

    @Override
    public int parameters() {
      return levels.size();
    }

    @Override
    public double loss(double[] z, double y, double u, double[] dz) {
      double sum = 0;
      double share = u / levels.size();
      for (int k = 0; k < levels.size(); k++) {
        double level = levels.get(k);
        double difference = y - z[k];
        sum += share * Math.max(level * difference, (level - 1) * difference);
        dz[k] = share * (difference > 0 ? -level : difference < 0 ? 1 - level : 0);
      }
      return sum;
    }

    @Override
    public double point(double[] z) {
      return inOrder(z, middle());
    }

    /** Returns the place of the level next to 0.5. */
    private int middle() {
      int nearest = 0;
      for (int k = 1; k < levels.size(); k++) {
        if (Math.abs(levels.get(k) - 0.5) < Math.abs(levels.get(nearest) - 0.5)) {
          nearest = k;
        }
      }
      return nearest;
    }

    @Override
    public void shrink(double[] z, double share) {
      double shift = (1 - share) * z[middle()];
      for (int k = 0; k < z.length; k++) {
        z[k] -= shift;
      }
    }

    @Override
    public boolean known(double level) {
      return levels.contains(level);
    }

    @Override
    public double quantile(double[] z, double level) {
      int place = levels.indexOf(level);
      if (place < 0) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "no quantile %s among %s", level, levels));
      }
      return inOrder(z, place);
    }

    private double inOrder(double[] z, int place) {
      double[] sorted = Arrays.copyOf(z, levels.size());
      Arrays.sort(sorted);
      return sorted[place];
    }

    @Override
    public String label() {
      return "quantiles";
    }
  }
}
