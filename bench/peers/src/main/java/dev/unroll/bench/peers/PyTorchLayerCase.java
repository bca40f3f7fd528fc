package dev.unroll.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import dev.unroll.bench.contender.Work;
import java.util.List;

/** Bare layers on a batch of equal sequences: forward, or forward and backward. */
final class PyTorchLayerCase implements Contender.Prepared {

  private final Case work;
  private final NDManager manager;
  private final PyTorchLayers layers;
  private final NDList arguments;
  private final NDArray x;
  private final NDArray dy;

  PyTorchLayerCase(Case work, NDManager manager) {
    this.work = work;
    this.manager = manager;
    layers = new PyTorchLayers(work, manager);
    arguments = layers.arguments(layers.parameters());
    var shape = new Shape(work.steps(), work.batch(), work.units());
    int size = Math.toIntExact(shape.size());
    x = manager.create(Numbers.uniform(Kind.INPUT, 0, size, 1), shape);
    dy = manager.create(Numbers.uniform(Kind.OUTPUT_GRADIENT, 0, size, 1), shape);
  }

  @Override
  public double[] numbers() {
    try (var scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      if (work.work() == Work.FORWARD) {
        float[] y = layers.forward(x, arguments).toFloatArray();
        return new double[] {Numbers.checkSum(y), Numbers.norm(y)};
      }
      Pass pass = trainingPass();
      float[] y = pass.y().toFloatArray();
      return new double[] {
        Numbers.checkSum(y),
        Numbers.norm(y),
        gradientNorm(pass.x()),
        gradientNorm(pass.parameters().get(0)),
        gradientNorm(pass.parameters().get(1)),
        gradientNorm(pass.parameters().get(2))
      };
    }
  }

  @Override
  public void run() {
    try (var scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      if (work.work() == Work.FORWARD) {
        layers.forward(x, arguments);
      } else {
        trainingPass();
      }
    }
  }

  @Override
  public void close() {
    manager.close();
  }

  /** The results of a training pass; inputs and parameters hold their gradients. */
  private record Pass(NDArray x, List<NDArray> parameters, NDArray y) {}

  private Pass trainingPass() {
    NDArray inputs = PyTorchGradients.leaf(x);
    List<NDArray> parameters = PyTorchGradients.leaves(layers.parameters());
    NDArray y =
        PyTorchGradients.backward(
            manager, () -> layers.forward(inputs, layers.arguments(parameters)), dy);
    return new Pass(inputs, parameters, y);
  }

  private static double gradientNorm(NDArray leaf) {
    return Numbers.norm(leaf.getGradient().toFloatArray());
  }
}
