package dev.unroll.interop.onnx.recurrent;

import dev.unroll.interop.onnx.op.Call;
import dev.unroll.interop.onnx.op.Operator;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A recurrent node whose weights are constants: they are checked and packed when it is created. */
final class PreparedRecurrent implements Operator {

  /** The places of X, sequence_lens, initial_h and initial_c: all others are parameters. */
  private static final Set<Integer> GIVEN = Set.of(0, 4, 5, 6);

  private final Operator unprepared;
  private final List<@Nullable Tensor> known;
  private final RecurrentSizes sizes;
  private final RecurrentRun run;
  private final String whyPlain;

  /**
   * Creates a prepared node.
   *
   * @param unprepared runs the node where its parameters are others
   * @param constants what {@code run} was created with
   * @param whyPlain why it runs in plain arithmetic; empty on the engine
   */
  PreparedRecurrent(
      Operator unprepared,
      Call constants,
      RecurrentSizes sizes,
      RecurrentRun run,
      String whyPlain) {
    this.unprepared = unprepared;
    known = constants.inputs();
    this.sizes = sizes;
    this.run = run;
    this.whyPlain = whyPlain;
  }

  @Override
  public List<Tensor> run(Call call) {
    if (!isAsPrepared(call.inputs())) {
      return unprepared.run(call); // of biases or peepholes that are computed, which looked absent
    }
    return run.run(RecurrentInput.of(sizes, call.inputs()), call.workers());
  }

  @SuppressWarnings("ReferenceEquality") // a constant is the same tensor in each run
  private boolean isAsPrepared(List<@Nullable Tensor> inputs) {
    boolean same = true;
    for (int place = 0; same && place < Math.max(known.size(), inputs.size()); place++) {
      same = GIVEN.contains(place) || Shapes.at(inputs, place) == Shapes.at(known, place);
    }
    return same;
  }

  @Override
  public boolean isOnEngine() {
    return whyPlain.isEmpty();
  }

  /** Why it runs in plain arithmetic; empty on the engine. */
  String whyPlain() {
    return whyPlain;
  }
}
