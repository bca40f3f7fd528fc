package dev.unroll.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.function.Supplier;

/** Gradients computed by PyTorch. */
final class PyTorchGradients {

  private PyTorchGradients() {}

  /**
   * Returns leaf arrays for differentiation, which share the memory of the given ones. They have no
   * gradient yet, so the backward pass sets their gradients instead of adding to old ones that
   * would have to be zeroed; in Python that is {@code zero_grad(set_to_none=True)}.
   */
  static List<NDArray> leaves(List<NDArray> arrays) {
    return arrays.stream().map(PyTorchGradients::leaf).toList();
  }

  static NDArray leaf(NDArray array) {
    NDArray leaf = array.stopGradient();
    leaf.setRequiresGradient(true);
    return leaf;
  }

  /** Computes y, propagates its gradient dy to the leaves that y depends on, and returns y. */
  @SuppressWarnings("try") // recording is on while the block lasts
  static NDArray backward(NDManager manager, Supplier<NDArray> forward, NDArray dy) {
    try (var recording = manager.getEngine().newGradientCollector()) {
      NDArray y = forward.get();
      JniUtils.backward((PtNDArray) y, (PtNDArray) dy, /* keepGraph= */ false, false);
      return y;
    }
  }
}
