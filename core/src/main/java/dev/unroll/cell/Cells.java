package dev.unroll.cell;

import dev.unroll.file.InputException;
import java.util.List;
import java.util.stream.Collectors;

/** All cells there are. */
public final class Cells {

  /** Every cell, in the order in which people see them. */
  public static final List<Cell> ALL =
      List.of(
          new LstmCell(Peepholes.NONE),
          new LstmCell(Peepholes.AFTER),
          new LstmCell(Peepholes.BEFORE),
          new FullGruCell(false),
          new FullGruCell(true),
          new SimplifiedGruCell(),
          new BasicCell(Activation.TANH),
          new BasicCell(Activation.RELU),
          new MinimalGruCell(),
          new MinimalLstmCell(),
          new IndependentCell(),
          new MinimalGatedCell());

  private Cells() {}

  /** Returns the labels of all cells, in their order. */
  private static List<String> labels() {
    return ALL.stream().map(Cell::label).toList();
  }

  /**
   * Returns the cell with a label; {@code rnn} stands for {@code rnn-tanh}.
   *
   * @throws InputException if there is none, with the labels there are
   */
  public static Cell of(String label) {
    for (Cell cell : ALL) {
      if (cell.label().equals(label) || (label + "-tanh").equals(cell.label())) {
        return cell;
      }
    }
    throw new InputException(
        "no cell is called " + label,
        "Use one of " + labels().stream().collect(Collectors.joining(", ")) + ".");
  }
}
