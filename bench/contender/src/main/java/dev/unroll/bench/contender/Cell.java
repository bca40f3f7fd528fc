package dev.unroll.bench.contender;

/** The cells that all contenders support with the same equations. */
public enum Cell {
  /** Long short-term memory; gates in the order u, f, c, o. */
  LSTM(4),
  /** The gated recurrent unit with the reset gate after the product; gates u, r, c. */
  GRU(3);

  private final int gates;

  Cell(int gates) {
    this.gates = gates;
  }

  /** Returns the number of gates. */
  public int gates() {
    return gates;
  }
}
