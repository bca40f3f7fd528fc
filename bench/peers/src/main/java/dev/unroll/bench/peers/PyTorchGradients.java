package dev.unroll.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.function.Supplier;

/** Gradients by PyTorch. */
final class PyTorchGradients {

  private PyTorchGradients() {}

  /**
   * Returns arrays to differentiate by, which share their memory with those given. They have no
   * gradient yet, so the backward pass hands its gradients over instead of adding them to old ones
   * that must be zeroed before; in Python that is {@code zero_grad(set_to_none=True)}.
   */
  static List<NDArray> leaves(List<NDArray> arrays) {
    return arrays.stream().map(PyTorchGradients::leaf).toList();
  }

  static NDArray leaf(NDArray array) {
    NDArray leaf = array.stopGradient();
    leaf.setRequiresGradient(true);
    return leaf;
  }

  /** Computes y, propagates its gradient dy to the leaves that y is made of, and returns y. */
  @SuppressWarnings("try") // recording is on while the block lasts; nothing else is asked of it
  static NDArray backward(NDManager manager, Supplier<NDArray> forward, NDArray dy) {
    try (var recording = manager.getEngine().newGradientCollector()) {
      NDArray y = forward.get();
      JniUtils.backward((PtNDArray) y, (PtNDArray) dy, /* keepGraph= */ false, false);
      return y;
    }
  }
}
