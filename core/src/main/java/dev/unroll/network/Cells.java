package dev.unroll.network;

import dev.unroll.base.InputException;
import dev.unroll.cell.Cell;
import dev.unroll.cells.Activation;
import dev.unroll.cells.BasicCell;
import dev.unroll.cells.FullGruCell;
import dev.unroll.cells.IndependentCell;
import dev.unroll.cells.LstmCell;
import dev.unroll.cells.MinimalGatedCell;
import dev.unroll.cells.MinimalGruCell;
import dev.unroll.cells.MinimalLstmCell;
import dev.unroll.cells.Peepholes;
import dev.unroll.cells.SimplifiedGruCell;
import java.util.List;
import java.util.stream.Collectors;

/** All cells. */
public final class Cells {

  /** Long short-term memory. */
  public static final Cell LSTM = new LstmCell(Peepholes.NONE);

  /** With peepholes, the output gate's to the new memory cell. */
  public static final Cell LSTM_PEEPHOLES_AFTER = new LstmCell(Peepholes.AFTER);

  /** With peepholes, all of them to the memory cell before. */
  public static final Cell LSTM_PEEPHOLES_BEFORE = new LstmCell(Peepholes.BEFORE);

  /** Gated recurrent unit. */
  public static final Cell GRU = new FullGruCell(false);

  /** With the reset after the product. */
  public static final Cell GRU_RESET_AFTER = new FullGruCell(true);

  /** Without a reset gate. */
  public static final Cell GRU_SIMPLIFIED = new SimplifiedGruCell();

  /** No gates, tanh. */
  public static final Cell RNN_TANH = new BasicCell(Activation.TANH);

  /** No gates, the greater of x and 0. */
  public static final Cell RNN_RELU = new BasicCell(Activation.RELU);

  /** Gates that do not see the state. */
  public static final Cell MIN_GRU = new MinimalGruCell();

  /** The same with two gates. */
  public static final Cell MIN_LSTM = new MinimalLstmCell();

  /** Units that see only their own state. */
  public static final Cell IND_RNN = new IndependentCell();

  /** One gate. */
  public static final Cell MGU = new MinimalGatedCell();

  /** Every cell, in display order. */
  public static final List<Cell> ALL =
      List.of(
          LSTM,
          LSTM_PEEPHOLES_AFTER,
          LSTM_PEEPHOLES_BEFORE,
          GRU,
          GRU_RESET_AFTER,
          GRU_SIMPLIFIED,
          RNN_TANH,
          RNN_RELU,
          MIN_GRU,
          MIN_LSTM,
          IND_RNN,
          MGU);

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
