package dev.unroll.interop.onnx.op;

import static dev.unroll.interop.onnx.op.OperatorCase.of;
import static dev.unroll.interop.onnx.op.Samples.list;
import static dev.unroll.interop.onnx.op.Samples.scalar;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;

/** Sequences of tensors, by hand: what ONNX Runtime gives is no tensor. */
final class SequenceCases {

  private SequenceCases() {}

  private static Tensor sequence(Tensor... tensors) {
    return Tensor.adopt(ElementType.SEQUENCE, Shape.of(tensors.length), tensors);
  }

  static List<OperatorCase> all() {
    Tensor three = sequence(list(1), list(2, 3), list(4));
    Tensor rows = Tensor.of(new long[] {1, 2, 3, 4, 5, 6}, 3, 2);
    return List.of(
        of("SequenceEmpty").gives(sequence()),
        of("SequenceConstruct", list(1), list(2, 3)).gives(sequence(list(1), list(2, 3))),
        of("SequenceInsert", three, list(9)).gives(sequence(list(1), list(2, 3), list(4), list(9))),
        of("SequenceInsert", three, list(9), scalar(-1))
            .gives(sequence(list(1), list(2, 3), list(9), list(4))),
        of("SequenceInsert", three, list(9), scalar(1))
            .gives(sequence(list(1), list(9), list(2, 3), list(4))),
        of("SequenceErase", three).gives(sequence(list(1), list(2, 3))),
        of("SequenceErase", three, scalar(-3)).gives(sequence(list(2, 3), list(4))),
        of("SequenceAt", three, scalar(1)).gives(list(2, 3)),
        of("SequenceAt", three, scalar(-1)).gives(list(4)),
        of("SequenceLength", three).gives(scalar(3)),
        of("ConcatFromSequence", three).with("axis", 0L).gives(list(1, 2, 3, 4)),
        of("ConcatFromSequence", sequence(list(1, 2), list(3, 4)))
            .with("axis", 1L)
            .with("new_axis", 1L)
            .gives(Tensor.of(new long[] {1, 3, 2, 4}, 2, 2)),
        of("SplitToSequence", rows)
            .gives(
                sequence(
                    list(1, 2).reshaped(Shape.of(1, 2)),
                    list(3, 4).reshaped(Shape.of(1, 2)),
                    list(5, 6).reshaped(Shape.of(1, 2)))),
        of("SplitToSequence", rows)
            .with("keepdims", 0L)
            .gives(sequence(list(1, 2), list(3, 4), list(5, 6))),
        of("SplitToSequence", rows, scalar(2))
            .gives(
                sequence(
                    Tensor.of(new long[] {1, 2, 3, 4}, 2, 2), list(5, 6).reshaped(Shape.of(1, 2)))),
        of("SplitToSequence", rows, list(1, 1))
            .with("axis", 1L)
            .gives(
                sequence(
                    list(1, 3, 5).reshaped(Shape.of(3, 1)),
                    list(2, 4, 6).reshaped(Shape.of(3, 1)))));
  }
}
