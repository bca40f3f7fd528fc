package dev.unroll.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Sentences;
import dev.unroll.bench.contender.Task;
import dev.unroll.bench.contender.TaskCase;
import dev.unroll.bench.contender.Work;
import java.util.ArrayList;
import java.util.List;

/** The network of a task on all sentences: a pass of training, or all answers. */
final class PyTorchTaskCase implements Contender.Prepared {

  private static final String UPDATE =
      """
      torch._foreach_add_(parameters, gradients, alpha=-%s)
      return torch.norm(torch.stack(torch._foreach_norm(gradients, 2)))
      """
          .formatted(TaskCase.RATE);

  private final TaskCase work;
  private final NDManager manager;
  private final TorchScript network;
  private final TorchScript update;
  private final List<NDArray> parameters = new ArrayList<>();
  private final List<List<NDArray>> batches = new ArrayList<>();

  /** Of each batch one divided by the number of its targets. */
  private final List<NDArray> shares = new ArrayList<>();

  private final int allTargets;

  PyTorchTaskCase(TaskCase work, NDManager manager) {
    this.work = work;
    this.manager = manager;
    TaskScripts scripts = TaskScripts.of(work);
    String lines = work.work() == Work.TRAIN ? scripts.loss() : scripts.answer();
    network = TorchScript.compile(manager, scripts.declaration(), lines);
    update =
        TorchScript.compile(manager, "parameters: List[Tensor], gradients: List[Tensor]", UPDATE);
    for (TaskScripts.Parameter each : scripts.parameters()) {
      var shape = new Shape(each.shape());
      int size = Math.toIntExact(shape.size());
      float[] values = Numbers.parameter(each.name(), size, work.units());
      parameters.add(manager.create(values, shape));
    }
    var sentences = new TaskBatches(work, manager);
    int targets = 0;
    for (int batch = 0; batch < Sentences.batches(); batch++) {
      batches.add(sentences.inputs(batch));
      shares.add(manager.create(1f / sentences.targets(batch)));
      targets += sentences.targets(batch);
    }
    allTargets = targets;
  }

  @Override
  public double[] numbers() {
    try (var scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return work.work() == Work.TRAIN ? trainingNumbers() : answerNumbers();
    }
  }

  @Override
  public void run() {
    for (int batch = 0; batch < batches.size(); batch++) {
      try (var scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        if (work.work() == Work.TRAIN) {
          List<NDArray> leaves = PyTorchGradients.leaves(parameters);
          loss(batch, leaves, shares.get(batch));
          update(leaves);
        } else {
          answer(batch);
        }
      }
    }
  }

  @Override
  public void close() {
    network.close();
    update.close();
    manager.close();
  }

  private NDArray call(int batch, List<NDArray> values) {
    var arguments = new ArrayList<>(batches.get(batch));
    arguments.addAll(values);
    return network.call(work.work() == Work.TRAIN, arguments.toArray(NDArray[]::new));
  }

  /** Returns the sum of the losses; the leaves get the gradient of a share of it in addition. */
  private NDArray loss(int batch, List<NDArray> leaves, NDArray share) {
    return PyTorchGradients.backward(manager, () -> call(batch, leaves), share);
  }

  private void update(List<NDArray> leaves) {
    try (IValue values = list(parameters);
        IValue gradients = list(leaves.stream().map(NDArray::getGradient).toList())) {
      if (!Float.isFinite(update.number(manager, values, gradients))) {
        throw new IllegalStateException("the gradient is not finite");
      }
    }
  }

  private static IValue list(List<NDArray> arrays) {
    return IValue.listFrom(arrays.toArray(PtNDArray[]::new));
  }

  private NDArray answer(int batch) {
    return call(batch, parameters);
  }

  private double[] trainingNumbers() {
    double[] numbers = new double[2 + parameters.size()];
    for (int batch = 0; batch < batches.size(); batch++) {
      List<NDArray> leaves = PyTorchGradients.leaves(parameters);
      loss(batch, leaves, shares.get(batch));
      for (int i = 0; i < leaves.size(); i++) {
        numbers[2 + i] += Numbers.norm(leaves.get(i).getGradient().toFloatArray());
      }
    }
    List<NDArray> leaves = PyTorchGradients.leaves(parameters);
    numbers[0] = meanLoss(leaves);
    update(leaves);
    numbers[1] = meanLoss(PyTorchGradients.leaves(parameters));
    return numbers;
  }

  private double meanLoss(List<NDArray> leaves) {
    NDArray share = manager.create(1f / allTargets);
    double sum = 0;
    for (int batch = 0; batch < batches.size(); batch++) {
      sum += loss(batch, leaves, share).getFloat();
    }
    return sum / allTargets;
  }

  private double[] answerNumbers() {
    var parts = new ArrayList<float[]>();
    for (int batch = 0; batch < batches.size(); batch++) {
      NDArray answer = answer(batch);
      parts.add(
          work.task() == Task.TAG
              ? tags(batch, answer.toLongArray())
              : lastFirst(answer.toFloatArray(), (int) answer.getShape().get(0)));
    }
    float[] all = new float[parts.stream().mapToInt(each -> each.length).sum()];
    int from = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, from, part.length);
      from += part.length;
    }
    return new double[] {Numbers.checkSum(all), Numbers.norm(all)};
  }

  /** Returns the tags of sentence after sentence, from packed rows. */
  private static float[] tags(int batch, long[] packed) {
    int first = Sentences.first(batch * Sentences.BATCH);
    float[] tags = new float[packed.length];
    int row = 0;
    for (int step = 0; row < packed.length; step++) {
      for (int place = 0; place < Sentences.BATCH; place++) {
        int sentence = TaskBatches.sentence(batch, place);
        if (Sentences.length(sentence) > step) {
          tags[Sentences.first(sentence) - first + step] = packed[row++];
        }
      }
    }
    return tags;
  }

  /** Returns rows in the order of sentences, of which the longest is the first here. */
  private static float[] lastFirst(float[] rows, int count) {
    int width = rows.length / count;
    float[] turned = new float[rows.length];
    for (int row = 0; row < count; row++) {
      System.arraycopy(rows, row * width, turned, (count - 1 - row) * width, width);
    }
    return turned;
  }
}
