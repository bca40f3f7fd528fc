package dev.unroll.interop.onnx.recurrent;

/**
 * Long short-term memory; gates lie in the order i, o, f, c, peepholes in the order i, o, f.
 *
 * <pre>{@code
 * i = f(Wi x⟨t⟩ + Ri H⟨t-1⟩ + Pi ∗ C⟨t-1⟩ + Wbi + Rbi)
 * f = f(Wf x⟨t⟩ + Rf H⟨t-1⟩ + Pf ∗ C⟨t-1⟩ + Wbf + Rbf)          or 1 - i with input_forget
 * c = g(Wc x⟨t⟩ + Rc H⟨t-1⟩ + Wbc + Rbc)                         C⟨t⟩ = f ∗ C⟨t-1⟩ + i ∗ c
 * o = f(Wo x⟨t⟩ + Ro H⟨t-1⟩ + Po ∗ C⟨t⟩ + Wbo + Rbo)            H⟨t⟩ = o ∗ h(C⟨t⟩)
 * }</pre>
 */
final class PlainLstm extends PlainWay {

  private final boolean inputForget;

  PlainLstm(PlainWeights weights, RecurrentForm form, int way) {
    super(weights, form, way);
    inputForget = form.inputForget();
  }

  @Override
  void step(double[] z, State state) {
    weights().addOfState(state.h(), z, 0, z.length);
    gates(z, state);
  }

  /**
   * Computes the new state.
   *
   * @param z the arguments of all gates, but for the peepholes' share
   */
  void gates(double[] z, State state) {
    double[] h = state.h();
    double[] c = state.c();
    double[] p = weights().p();
    int units = h.length;
    for (int j = 0; j < units; j++) {
      double input = bounded(0, z[j] + p[j] * c[j]);
      double forget =
          inputForget ? 1 - input : bounded(0, z[2 * units + j] + p[2 * units + j] * c[j]);
      double candidate = bounded(1, z[3 * units + j]);
      c[j] = forget * c[j] + input * candidate;
      double output = bounded(0, z[units + j] + p[units + j] * c[j]);
      h[j] = output * apply(2, c[j]);
    }
  }
}
