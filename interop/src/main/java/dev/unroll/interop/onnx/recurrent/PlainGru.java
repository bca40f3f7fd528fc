package dev.unroll.interop.onnx.recurrent;

/**
 * The gated recurrent unit; gates lie in the order z, r, h.
 *
 * <pre>{@code
 * z = f(Wz x⟨t⟩ + Rz H⟨t-1⟩ + Wbz + Rbz)     r = f(Wr x⟨t⟩ + Rr H⟨t-1⟩ + Wbr + Rbr)
 * h = g(Wh x⟨t⟩ + Rh (r ∗ H⟨t-1⟩) + Rbh + Wbh)
 * h = g(Wh x⟨t⟩ + r ∗ (Rh H⟨t-1⟩ + Rbh) + Wbh)          with linear_before_reset
 * H⟨t⟩ = (1 - z) ∗ h + z ∗ H⟨t-1⟩
 * }</pre>
 */
final class PlainGru extends PlainWay {

  private final boolean linearBeforeReset;

  PlainGru(PlainWeights weights, RecurrentForm form, int way) {
    super(weights, form, way);
    linearBeforeReset = form.linearBeforeReset();
  }

  @Override
  void step(double[] z, State state) {
    double[] h = state.h();
    int units = h.length;
    weights().addOfState(h, z, 0, 2 * units);
    var reset = new double[units];
    for (int j = 0; j < units; j++) {
      reset[j] = bounded(0, z[units + j]);
    }
    if (linearBeforeReset) {
      var inner = new double[3 * units];
      weights().addOfState(h, inner, 2 * units, 3 * units);
      for (int j = 0; j < units; j++) {
        z[2 * units + j] += reset[j] * inner[2 * units + j];
      }
    } else {
      for (int j = 0; j < units; j++) {
        reset[j] *= h[j];
      }
      weights().addOfState(reset, z, 2 * units, 3 * units);
    }
    for (int j = 0; j < units; j++) {
      double update = bounded(0, z[j]);
      h[j] = (1 - update) * bounded(1, z[2 * units + j]) + update * h[j];
    }
  }
}
