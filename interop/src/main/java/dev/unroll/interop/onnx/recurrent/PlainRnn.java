package dev.unroll.interop.onnx.recurrent;

/** {@code H⟨t⟩ = f(W x⟨t⟩ + R H⟨t-1⟩ + Wb + Rb)}. */
final class PlainRnn extends PlainWay {

  PlainRnn(PlainWeights weights, RecurrentForm form, int way) {
    super(weights, form, way);
  }

  @Override
  void step(double[] z, State state) {
    double[] h = state.h();
    weights().addOfState(h, z, 0, z.length);
    for (int j = 0; j < h.length; j++) {
      h[j] = bounded(0, z[j]);
    }
  }
}
