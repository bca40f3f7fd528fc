package dev.unroll.interop.export;

import dev.unroll.cells.BasicCell;
import dev.unroll.cells.FullGruCell;
import dev.unroll.cells.LstmCell;
import dev.unroll.cells.Peepholes;
import dev.unroll.layer.Zoneout;
import dev.unroll.network.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * A recurrent layer that is to be written, of one way or both.
 *
 * @param parameters those of the model
 * @param layer its description
 * @param zoneout what elements keep of the step before
 * @param prefix what the names of its parameters begin with
 */
record LayerPlan(Parameters parameters, Network.Layer layer, Zoneout zoneout, String prefix) {

  /**
   * What a layer gives.
   *
   * @param output a⟨t⟩, [steps][batch][outputs]
   * @param ends of each way, its state after the last step of each sequence
   */
  record Output(String output, List<State> ends) {}

  /** Returns the name of the layer for people, such as {@code layers.0}. */
  String name() {
    return prefix.substring(0, prefix.length() - 1);
  }

  int ways() {
    return layer.direction().ways();
  }

  /** Returns the width of a⟨t⟩ of one way. */
  int outputs() {
    return layer.projection() > 0 ? layer.projection() : layer.units();
  }

  boolean hasMemory() {
    return layer.cell().hasMemory();
  }

  /** Returns what the names of the parameters of a way begin with. */
  String prefix(int way) {
    return way == 0 ? prefix : prefix + "reverse.";
  }

  /** Returns whether ONNX has an operator for the layer. */
  boolean isOperator() {
    boolean cell =
        switch (layer.cell()) {
          case LstmCell lstm -> lstm.peepholes() != Peepholes.BEFORE;
          case FullGruCell gru -> true;
          case BasicCell basic -> true;
          default -> false;
        };
    boolean zones = zoneout.state() > 0 || (zoneout.memory() > 0 && hasMemory());
    return cell && !layer.normalized() && layer.projection() == 0 && !zones;
  }

  /** Returns why the layer is written as basic operators: what ONNX has no operator for. */
  String why() {
    var reasons = new ArrayList<String>();
    var plain =
        new LayerPlan(
            parameters, new Network.Layer(layer.cell(), layer.units()), Zoneout.NONE, prefix);
    if (!plain.isOperator()) {
      reasons.add("the cell " + layer.cell().label());
    }
    if (layer.normalized()) {
      reasons.add("layer normalization in the cell");
    }
    if (layer.projection() > 0) {
      reasons.add("a projection");
    }
    if (zoneout.state() > 0 || (zoneout.memory() > 0 && hasMemory())) {
      reasons.add("zoneout");
    }
    return String.join(", ", reasons);
  }
}
