package dev.unroll.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One step of one sequence through all layers, as lines of a {@link TorchScript}. The vector {@code
 * y} [H] is the input of the first layer and then the output of the last; the states {@code a} and
 * {@code c} are overwritten.
 *
 * <p>Of all variants tried this is the fastest on one and on two threads: matrix-vector products
 * into arrays that are created once, as are the views of their parts. At H 256 {@code
 * torch.lstm_cell} takes a quarter longer and {@code torch::lstm} four times as long, since oneDNN
 * packs the weights at each call.
 *
 * @param names of the lists that the lines use
 * @param lists the lists, in the order of the names
 * @param lines of the step
 * @param output state a of the last layer, [H]
 */
record PyTorchSteps(List<String> names, List<List<NDArray>> lists, String lines, NDArray output) {

  /** {@code xa} [2·H] is input and state, concatenated; {@code x} and {@code a} are its halves. */
  private static final String LSTM =
      """
      z, sigmoids, u, f, o, candidate = parts
      for k in range(len(a)):
        torch.copy_(x[k], y)
        torch.addmv(b[k], w[k], xa[k], out=z)
        torch.sigmoid_(sigmoids)
        torch.tanh_(candidate)
        torch.addcmul_(torch.mul_(c[k], f), u, candidate)
        y = torch.mul(o, torch.tanh(c[k]), out=a[k])
      """;

  /** {@code p} is the product with the input, {@code q} that with the state. */
  private static final String GRU =
      """
      p, sigmoids, r, z, candidate, q, qSigmoids, qCandidate = parts
      for k in range(len(a)):
        torch.addmv(b[k], w[k], y, out=p)
        torch.addmv(d[k], v[k], a[k], out=q)
        torch.sigmoid_(torch.add_(sigmoids, qSigmoids))
        torch.tanh_(torch.addcmul_(candidate, r, qCandidate))
        y = torch.lerp(candidate, a[k], z, out=a[k])
      """;

  /** Returns the steps from the zero state. */
  static PyTorchSteps of(Case work, NDManager manager) {
    return work.cell() == Cell.LSTM ? lstm(work, manager) : gru(work, manager);
  }

  /** Returns the parameters of the lines, with their types. */
  String parameters() {
    return names.stream().map(name -> name + ": List[Tensor]").collect(Collectors.joining(", "));
  }

  /** Returns the arguments for {@link #parameters}, after the caller's own. */
  IValue[] arguments(NDArray... own) {
    return Stream.concat(
            Stream.of(own).map(array -> IValue.from((PtNDArray) array)),
            lists.stream().map(list -> IValue.listFrom(list.toArray(PtNDArray[]::new))))
        .toArray(IValue[]::new);
  }

  private static PyTorchSteps lstm(Case work, NDManager manager) {
    int units = work.units();
    List<NDArray> xa = zeros(work, manager, 2);
    List<NDArray> a = xa.stream().map(both -> part(both, 1, 2, units)).toList();
    List<NDArray> w = new ArrayList<>();
    List<NDArray> b = new ArrayList<>();
    for (LayerWeights layer : layers(work, GateOrder.SIGMOIDS_FIRST)) {
      w.add(manager.create(layer.joined(), new Shape(4L * units, 2L * units)));
      b.add(manager.create(layer.bias()));
    }
    NDArray z = manager.zeros(new Shape(4L * units));
    var parts =
        List.of(
            z,
            part(z, 0, 3, units),
            part(z, 0, 1, units),
            part(z, 1, 2, units),
            part(z, 2, 3, units),
            part(z, 3, 4, units));
    List<NDArray> x = xa.stream().map(both -> part(both, 0, 1, units)).toList();
    return new PyTorchSteps(
        List.of("x", "a", "xa", "c", "w", "b", "parts"),
        List.of(x, a, xa, zeros(work, manager, 1), w, b, parts),
        LSTM,
        a.get(a.size() - 1));
  }

  private static PyTorchSteps gru(Case work, NDManager manager) {
    int units = work.units();
    List<NDArray> a = zeros(work, manager, 1);
    List<NDArray> w = new ArrayList<>();
    List<NDArray> b = new ArrayList<>();
    List<NDArray> v = new ArrayList<>();
    List<NDArray> d = new ArrayList<>();
    var shape = new Shape(3L * units, units);
    for (LayerWeights layer : layers(work, GateOrder.pytorch(Cell.GRU))) {
      w.add(manager.create(layer.input(), shape));
      b.add(manager.create(layer.bias()));
      v.add(manager.create(layer.recurrent(), shape));
      d.add(manager.create(layer.wholeRecurrentBias()));
    }
    NDArray p = manager.zeros(new Shape(3L * units));
    NDArray q = manager.zeros(new Shape(3L * units));
    var parts =
        List.of(
            p,
            part(p, 0, 2, units),
            part(p, 0, 1, units),
            part(p, 1, 2, units),
            part(p, 2, 3, units),
            q,
            part(q, 0, 2, units),
            part(q, 2, 3, units));
    return new PyTorchSteps(
        List.of("a", "w", "b", "v", "d", "parts"),
        List.of(a, w, b, v, d, parts),
        GRU,
        a.get(a.size() - 1));
  }

  private static List<LayerWeights> layers(Case work, GateOrder order) {
    return IntStream.range(0, work.layers())
        .mapToObj(layer -> LayerWeights.of(work, layer, order))
        .toList();
  }

  /** Returns a vector of {@code width} times H zeros for each layer. */
  private static List<NDArray> zeros(Case work, NDManager manager, long width) {
    return IntStream.range(0, work.layers())
        .mapToObj(layer -> manager.zeros(new Shape(width * work.units())))
        .toList();
  }

  /** Returns a view of a vector, from one multiple of H to another. */
  private static NDArray part(NDArray vector, long from, long to, long units) {
    return JniUtils.slice((PtNDArray) vector, 0, from * units, to * units, 1);
  }
}
