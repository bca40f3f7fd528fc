package dev.unroll.interop.onnx.recurrent;

import dev.unroll.base.Workers;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/** A recurrent node of standard cells on the engine: its weights are packed once, when created. */
final class EngineRecurrent implements RecurrentRun {

  private final List<EngineWay> ways;

  EngineRecurrent(RecurrentParameters parameters, Workers workers) {
    ways =
        IntStream.range(0, parameters.form().directions())
            .mapToObj(way -> new EngineWay(parameters, way, workers))
            .toList();
  }

  /** Two threads take one direction each, without waiting for each other; more share each one. */
  @Override
  public List<Tensor> run(RecurrentInput input, Workers workers) {
    var out = new EngineOutput(input);
    if (ways.size() == 2 && workers.threads() == 2) {
      workers.run(
          2,
          1,
          (from, to) -> {
            for (int way = from; way < to; way++) {
              ways.get(way).run(input, out, Workers.single());
            }
          });
    } else {
      for (EngineWay way : ways) {
        way.run(input, out, workers);
      }
    }
    return out.tensors();
  }
}
