package dev.unroll.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import dev.unroll.bench.contender.Work;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A whole training step of a language model, or only its loss. */
final class PyTorchLanguageModelCase implements Contender.Prepared {

  private final Case work;
  private final NDManager manager;
  private final PyTorchLayers layers;
  private final List<NDArray> parameters;
  private final NDList arguments;
  private final TorchScript crossEntropy;
  private final NDArray tokens;
  private final NDArray targets;
  private final NDArray one;
  private float loss;

  PyTorchLanguageModelCase(Case work, NDManager manager) {
    this.work = work;
    this.manager = manager;
    layers = new PyTorchLayers(work, manager);
    arguments = layers.arguments(layers.parameters());
    var table = new Shape(work.vocabulary(), work.units());
    parameters = new ArrayList<>(layers.parameters());
    parameters.add(manager.create(Numbers.parameters(Kind.EMBEDDING, 0, work), table));
    parameters.add(manager.create(Numbers.parameters(Kind.HEAD_WEIGHT, 0, work), table));
    parameters.add(manager.create(Numbers.parameters(Kind.HEAD_BIAS, 0, work)));
    crossEntropy =
        TorchScript.compile(
            manager,
            "logits: Tensor, targets: Tensor",
            "return torch.cross_entropy_loss(logits, targets)");
    tokens = tokens(Kind.INPUT_TOKEN, new Shape(work.steps(), work.batch()));
    targets = tokens(Kind.TARGET_TOKEN, new Shape((long) work.steps() * work.batch()));
    one = manager.create(1f);
  }

  @Override
  public double[] numbers() {
    double[] numbers = new double[work.work() == Work.TRAIN ? 3 : 1];
    for (int i = 0; i < numbers.length; i++) {
      run();
      numbers[i] = loss;
    }
    return numbers;
  }

  @Override
  public void run() {
    try (var scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      loss = work.work() == Work.TRAIN ? trainingStep() : loss(parameters, arguments).getFloat();
    }
  }

  @Override
  public void close() {
    crossEntropy.close();
    manager.close();
  }

  private float trainingStep() {
    List<NDArray> leaves = PyTorchGradients.leaves(parameters);
    NDArray mean =
        PyTorchGradients.backward(manager, () -> loss(leaves, layers.arguments(leaves)), one);
    List<NDArray> gradients = leaves.stream().map(NDArray::getGradient).toList();
    if (!Float.isFinite(norm(gradients))) {
      throw new IllegalStateException("the gradient is not finite");
    }
    for (int i = 0; i < gradients.size(); i++) {
      parameters.get(i).subi(gradients.get(i));
    }
    return mean.getFloat();
  }

  /** Returns the mean cross-entropy; the last three parameters are embedding and output layer. */
  private NDArray loss(List<NDArray> parameters, NDList arguments) {
    int recurrent = layers.parameters().size();
    NDArray embedding = parameters.get(recurrent);
    NDArray headWeight = parameters.get(recurrent + 1);
    NDArray headBias = parameters.get(recurrent + 2);
    var operations = tokens.getNDArrayInternal();
    NDArray x = operations.embedding(tokens, embedding, SparseFormat.DENSE).singletonOrThrow();
    NDArray y = layers.forward(x, arguments).reshape(targets.size(), work.units());
    NDArray logits = operations.linear(y, headWeight, headBias).singletonOrThrow();
    return crossEntropy.call(work.work() == Work.TRAIN, logits, targets);
  }

  /** Returns the Euclidean norm over all arrays, as {@code clip_grad_norm_} computes it. */
  private static float norm(List<NDArray> arrays) {
    var norms = new NDList(arrays.stream().map(NDArray::norm).toList());
    return NDArrays.stack(norms).norm().getFloat();
  }

  private NDArray tokens(Kind kind, Shape shape) {
    int[] values = Numbers.tokens(kind, Math.toIntExact(shape.size()), work.vocabulary());
    return manager.create(Arrays.stream(values).asLongStream().toArray(), shape);
  }
}
