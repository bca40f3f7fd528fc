package dev.unroll.layer;

import dev.unroll.file.InputException;
import java.util.Locale;

/** Which recurrent cell a layer is made of, with the options of its form. */
public sealed interface CellType
    permits CellType.Basic, CellType.Gru, CellType.Lstm, CellType.Minimal {

  /** Returns the name that users give and model files have, such as {@code lstm}. */
  String label();

  /**
   * The basic (Elman) cell.
   *
   * @param activation tanh (default) or ReLU
   */
  record Basic(Activation activation) implements CellType {
    @Override
    public String label() {
      return "rnn-" + activation.name().toLowerCase(Locale.ROOT);
    }
  }

  /** The forms of the gated recurrent unit. */
  enum GruForm {
    /** No reset gate. */
    SIMPLIFIED,
    /** The reset gate acts before the recurrent product (Cho et al. 2014). */
    RESET_BEFORE,
    /** The reset gate acts after the recurrent product (PyTorch, cuDNN, Keras). */
    RESET_AFTER
  }

  /**
   * The gated recurrent unit.
   *
   * @param form which of the three forms
   */
  record Gru(GruForm form) implements CellType {
    @Override
    public String label() {
      return switch (form) {
        case SIMPLIFIED -> "gru-simplified";
        case RESET_BEFORE -> "gru";
        case RESET_AFTER -> "gru-reset-after";
      };
    }
  }

  /**
   * Long short-term memory.
   *
   * @param peepholes which memory cell the gates see; none by default
   */
  record Lstm(Peepholes peepholes) implements CellType {
    @Override
    public String label() {
      return switch (peepholes) {
        case NONE -> "lstm";
        case BEFORE -> "lstm-peephole-before";
        case AFTER -> "lstm-peephole";
      };
    }
  }

  /**
   * The minimal cells (Feng et al. 2024), whose gates know the input alone.
   *
   * @param forgets whether there is a forget gate (minLSTM), or the update gate alone (minGRU)
   */
  record Minimal(boolean forgets) implements CellType {
    @Override
    public String label() {
      return forgets ? "min-lstm" : "min-gru";
    }
  }

  /** Returns whether there are recurrent weights. */
  default boolean hasRecurrentWeights() {
    return !(this instanceof Minimal);
  }

  /** Returns all types there are. */
  static CellType[] values() {
    return new CellType[] {
      new Lstm(Peepholes.NONE),
      new Lstm(Peepholes.AFTER),
      new Lstm(Peepholes.BEFORE),
      new Gru(GruForm.RESET_BEFORE),
      new Gru(GruForm.RESET_AFTER),
      new Gru(GruForm.SIMPLIFIED),
      new Basic(Activation.TANH),
      new Basic(Activation.RELU),
      new Minimal(false),
      new Minimal(true)
    };
  }

  /** Returns the type with a label; {@code rnn} stands for {@code rnn-tanh}. */
  static CellType of(String label) {
    for (CellType type : values()) {
      if (type.label().equals(label) || (label + "-tanh").equals(type.label())) {
        return type;
      }
    }
    var labels = new java.util.StringJoiner(", ");
    for (CellType type : values()) {
      labels.add(type.label());
    }
    throw new InputException("no cell is called " + label, "Use one of " + labels + ".");
  }
}
