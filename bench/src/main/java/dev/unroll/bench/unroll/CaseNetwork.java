package dev.unroll.bench.unroll;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import dev.unroll.cell.Cell;
import dev.unroll.cells.FullGruCell;
import dev.unroll.cells.LstmCell;
import dev.unroll.cells.Peepholes;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Slice;
import dev.unroll.network.Network;
import java.util.Arrays;
import java.util.List;

/** The networks of the cases, with the parameter values that all contenders share. */
final class CaseNetwork {

  private CaseNetwork() {}

  static Cell cell(dev.unroll.bench.contender.Cell cell) {
    return switch (cell) {
      case LSTM -> new LstmCell(Peepholes.NONE);
      case GRU -> new FullGruCell(true);
    };
  }

  static Network network(Case work) {
    int[] units = new int[work.layers()];
    Arrays.fill(units, work.units());
    return switch (work.cell()) {
      case LSTM -> Network.lstm(units);
      case GRU -> Network.of(new FullGruCell(true), units);
    };
  }

  /** Returns the shared values at the place of each slice. */
  static float[] parameters(Layout layout, Case work) {
    return parameters(layout.slices(), layout.size(), work);
  }

  static float[] parameters(List<Slice> slices, int size, Case work) {
    float[] parameters = new float[size];
    for (Slice slice : slices) {
      float[] values = Numbers.parameters(kind(slice.name()), layer(slice.name()), work);
      System.arraycopy(values, 0, parameters, slice.offset(), slice.size());
    }
    return parameters;
  }

  private static Kind kind(String name) {
    if (name.startsWith("layers.")) {
      return switch (name.substring(name.indexOf('.', 7) + 1)) {
        case "input.weight" -> Kind.INPUT_WEIGHT;
        case "recurrent.weight" -> Kind.RECURRENT_WEIGHT;
        case "bias" -> Kind.BIAS;
        case "recurrent.bias" -> Kind.RECURRENT_BIAS;
        default -> throw new IllegalArgumentException(name);
      };
    }
    return switch (name) {
      case "embedding.weight" -> Kind.EMBEDDING;
      case "head.weight" -> Kind.HEAD_WEIGHT;
      case "head.bias" -> Kind.HEAD_BIAS;
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static int layer(String name) {
    return name.startsWith("layers.")
        ? Integer.parseInt(name.substring(7, name.indexOf('.', 7)))
        : 0;
  }
}
