package dev.unroll.task.forecast;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.data.Provenance;
import dev.unroll.file.Json;
import dev.unroll.kernel.Slice;
import dev.unroll.network.Regression;
import dev.unroll.network.Relative;
import dev.unroll.store.ModelFile;

/**
 * Moves the forecasts of a trained network toward the simple ones that they are relative to, the
 * last number or the one a season before, where the validation part then has less error: much of
 * what a network learns from a short series is chance, and a mean of two forecasts is often better
 * than both (Bates and Granger 1969).
 *
 * <pre>{@code
 * forecast = simple + share · (network - simple)
 * }</pre>
 *
 * <p>The share is multiplied into the weights of the head, so that the model has no further part.
 */
final class Shrinkage {

  /** The name under which a model says that it was shrunk. */
  static final String NAME = "shrinkage";

  /** The share of the network. */
  static final String SHARE = "share";

  /** Shares are tenths: the validation part knows no more. */
  private static final int PARTS = 10;

  private final ForecasterLearner learner;
  private final Regression head;

  /**
   * Prepares to choose a share.
   *
   * @param learner validates parameters
   * @param head how outputs say numbers
   */
  Shrinkage(ForecasterLearner learner, Regression head) {
    this.learner = learner;
    this.head = head;
  }

  /** Returns whether forecasts are relative to simple ones. */
  static boolean applies(ForecastSpec forecasting) {
    return forecasting.relative() == Relative.LAST || forecasting.relative() == Relative.SEASON;
  }

  /** Returns the model with the share whose point forecasts have the least absolute error. */
  ModelFile<ForecasterFields> of(ModelFile<ForecasterFields> trained, Workers workers) {
    double[] shares = new double[PARTS + 1];
    for (int i = 0; i <= PARTS; i++) {
      shares[i] = (double) (PARTS - i) / PARTS; // from 1 on
    }
    double[] errors = learner.absoluteErrors(trained.parameters(), shares, workers);
    int best = 0;
    for (int i = 1; i <= PARTS; i++) {
      best = errors[i] < errors[best] ? i : best;
    }
    if (best == 0) {
      return trained;
    }
    float[] parameters = shrunk(trained, shares[best]);
    var added = new Provenance.Added(NAME, Json.object(SHARE, shares[best]), false);
    double loss = learner.validate(parameters, workers).loss();
    return new ModelFile<>(
        trained.fields(),
        parameters,
        trained.precision(),
        trained.provenance().with(added, loss, null));
  }

  private float[] shrunk(ModelFile<ForecasterFields> trained, double share) {
    float[] parameters = trained.parameters().clone();
    for (Slice slice : trained.fields().network().slices()) {
      if (slice.name().startsWith("head.")) {
        Matrix rows = slice.of(parameters);
        shrink(slice.isWeightMatrix() ? rows : rows.transposed(), share);
      }
    }
    return parameters;
  }

  /**
   * Shrinks weights, [outputs][units], or biases, [outputs][1]: outputs are linear in them, and so
   * is what becomes of these.
   */
  private void shrink(Matrix weights, double share) {
    double[] z = new double[head.parameters()];
    float[] data = weights.data();
    for (int first = 0; first < weights.rows(); first += z.length) {
      for (int unit = 0; unit < weights.columns(); unit++) {
        int at = weights.row(first) + unit * weights.columnStride();
        for (int i = 0; i < z.length; i++) {
          z[i] = data[at + i * weights.rowStride()];
        }
        head.shrink(z, share);
        for (int i = 0; i < z.length; i++) {
          data[at + i * weights.rowStride()] = (float) z[i];
        }
      }
    }
  }
}
