package dev.unroll.interop.onnx.recurrent;

import dev.unroll.cell.Cell;
import dev.unroll.cells.BasicCell;
import dev.unroll.cells.FullGruCell;
import dev.unroll.cells.LstmCell;
import dev.unroll.cells.Peepholes;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which recurrent nodes the engine has a cell for, and why it has none for the others. */
final class EngineChoice {

  private static final List<ActivationFunction> GRU =
      List.of(ActivationFunction.SIGMOID, ActivationFunction.TANH);
  private static final List<ActivationFunction> LSTM =
      List.of(ActivationFunction.SIGMOID, ActivationFunction.TANH, ActivationFunction.TANH);

  private EngineChoice() {}

  /** Why a node of these parameters runs in plain arithmetic; empty if the engine runs it. */
  static String whyPlain(RecurrentParameters parameters) {
    String why = whyPlain(parameters.form(), parameters.type());
    long size = (long) parameters.w().size() + parameters.r().size();
    return why.isEmpty() && size > Shape.MOST_ELEMENTS / 2
        ? "more weights than the engine takes"
        : why;
  }

  /**
   * Why a node of these attributes and numbers runs in plain arithmetic; empty if on the engine.
   */
  static String whyPlain(RecurrentForm form, ElementType type) {
    var reasons = new ArrayList<String>();
    if (type != ElementType.FLOAT) {
      reasons.add("numbers of " + type.label());
    }
    if (Double.isFinite(form.clip())) {
      reasons.add("clip");
    }
    if (form.inputForget()) {
      reasons.add("input_forget");
    }
    for (RecurrentForm.Way way : form.ways()) {
      if (cell(form, way, false).isEmpty()) {
        reasons.add(
            way.activations().stream()
                .map(each -> each.function().label())
                .collect(Collectors.joining(", ", "activations ", "")));
      }
    }
    return reasons.stream().distinct().collect(Collectors.joining("; "));
  }

  /**
   * The cell that computes a direction of a node without clip and input_forget, if there is one.
   */
  static Optional<Cell> cell(RecurrentForm form, RecurrentForm.Way way, boolean peepholes) {
    List<ActivationFunction> functions =
        way.activations().stream().map(Activation::function).toList();
    return switch (form.kind()) {
      case RNN ->
          switch (functions.getFirst()) {
            case TANH -> Optional.of(new BasicCell(dev.unroll.cells.Activation.TANH));
            case RELU -> Optional.of(new BasicCell(dev.unroll.cells.Activation.RELU));
            default -> Optional.empty();
          };
      case GRU ->
          functions.equals(GRU)
              ? Optional.of(new FullGruCell(form.linearBeforeReset()))
              : Optional.empty();
      case LSTM ->
          functions.equals(LSTM)
              ? Optional.of(new LstmCell(peepholes ? Peepholes.AFTER : Peepholes.NONE))
              : Optional.empty();
    };
  }
}
