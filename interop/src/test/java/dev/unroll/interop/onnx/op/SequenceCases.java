package dev.unroll.interop.onnx.op;

import static dev.unroll.interop.onnx.op.OperatorCase.of;
import static dev.unroll.interop.onnx.op.Samples.list;
import static dev.unroll.interop.onnx.op.Samples.scalar;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;

/** Sequences, by hand: a test hands ONNX Runtime tensors only. {@link SequencesTest} asks it. */
final class SequenceCases {

  private static final Tensor ONE = Tensor.of(new float[] {1, 2}, 2);
  private static final Tensor TWO = Tensor.of(new float[] {3, 4}, 2);
  private static final Tensor THREE = Tensor.of(new float[] {5, 6}, 2);

  private SequenceCases() {}

  private static Tensor sequence(Tensor... tensors) {
    return Tensor.adopt(ElementType.SEQUENCE, Shape.of(tensors.length), tensors);
  }

  static List<OperatorCase> all() {
    Tensor two = sequence(ONE, TWO);
    Tensor rows = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    return List.of(
        of("SequenceEmpty").gives(sequence()),
        of("SequenceConstruct", ONE, TWO).gives(two),
        of("SequenceInsert", two, THREE).gives(sequence(ONE, TWO, THREE)),
        of("SequenceInsert", two, THREE, scalar(0)).gives(sequence(THREE, ONE, TWO)),
        of("SequenceInsert", two, THREE, scalar(-1)).gives(sequence(ONE, TWO, THREE)),
        of("SequenceErase", two).gives(sequence(ONE)),
        of("SequenceErase", two, scalar(0)).gives(sequence(TWO)),
        of("SequenceAt", two, scalar(-1)).gives(TWO),
        of("SequenceLength", two).gives(scalar(2)),
        of("ConcatFromSequence", two).gives(Tensor.of(new float[] {1, 2, 3, 4}, 4)),
        of("ConcatFromSequence", two).with("new_axis", 1L).gives(rows),
        of("SplitToSequence", rows).with("keepdims", 0L).gives(two),
        of("SplitToSequence", Tensor.of(new float[] {1, 2, 3, 4, 5}, 5), scalar(2))
            .gives(sequence(ONE, TWO, Tensor.of(new float[] {5}, 1))),
        of("SplitToSequence", Tensor.of(new float[] {1, 2, 3, 4}, 4), list(2, 2)).gives(two));
  }
}
