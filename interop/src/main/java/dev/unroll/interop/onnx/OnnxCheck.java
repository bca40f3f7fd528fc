package dev.unroll.interop.onnx;

import dev.unroll.interop.onnx.graph.ModelGraph;
import dev.unroll.interop.onnx.run.KnownOperators;
import dev.unroll.interop.onnx.run.Placement;
import dev.unroll.interop.onnx.run.Program;
import java.util.List;

/**
 * What can be checked in a model without running it.
 *
 * @param missing unsupported operators; a model that has any cannot run
 * @param placements what runs each node; none if operators are missing
 */
public record OnnxCheck(List<KnownOperators.Missing> missing, List<Placement> placements) {

  /** Creates a report with copies of the lists. */
  public OnnxCheck {
    missing = List.copyOf(missing);
    placements = List.copyOf(placements);
  }

  /**
   * Checks a model.
   *
   * @throws dev.unroll.base.InputException if graphs in its nodes do not fit
   */
  public static OnnxCheck of(ModelGraph model) {
    List<KnownOperators.Missing> missing = KnownOperators.missing(model);
    return new OnnxCheck(missing, missing.isEmpty() ? Program.of(model).placements() : List.of());
  }
}
