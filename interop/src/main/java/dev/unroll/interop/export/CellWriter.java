package dev.unroll.interop.export;

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

/**
 * Writes one step of each cell, from the input's share of its gates; the equations are the cells'.
 */
final class CellWriter {

  private final GraphWriter g;
  private final WayWeights layer;
  private final Cell cell;
  private final int units;

  /** Wx x⟨t⟩ + b, [batch][G·H]. */
  private final String z;

  CellWriter(GraphWriter g, WayWeights layer, String z) {
    this.g = g;
    this.layer = layer;
    this.z = z;
    cell = layer.layer().cell();
    units = layer.layer().units();
  }

  /** Returns the state after the step; its a⟨t⟩ is not yet projected. */
  State write(State before) {
    String a = before.a();
    return switch (cell) {
      case LstmCell lstm -> lstm(lstm.peepholes(), a, memory(before));
      case FullGruCell gru -> new State(gru(gru.resetAfter(), a), null);
      case SimplifiedGruCell gru -> new State(simplified(a), null);
      case BasicCell basic -> new State(basic(basic.activation(), a), null);
      case IndependentCell independent -> new State(independent(a), null);
      case MinimalGruCell gru -> new State(blend(sigmoid(gate(z, 0)), gate(z, 1), a), null);
      case MinimalLstmCell lstm -> new State(minimalLstm(a), null);
      case MinimalGatedCell gated -> new State(minimalGated(a), null);
      default ->
          throw new InputException(
              "the cell " + cell.label() + " is unknown to the export",
              "Only the cells that Unroll has itself can be exported.");
    };
  }

  private static String memory(State before) {
    String c = before.c();
    if (c == null) {
      throw new IllegalStateException("an LSTM without a memory cell");
    }
    return c;
  }

  private State lstm(Peepholes peepholes, String a, String c) {
    String gates = g.add(z, layer.recurrent(g, a, 0, 4));
    boolean peeks = peepholes != Peepholes.NONE;
    String u = sigmoid(peeks ? peek(gate(gates, 0), 0, c) : gate(gates, 0));
    String f = sigmoid(peeks ? peek(gate(gates, 1), 1, c) : gate(gates, 1));
    String candidate = g.op("Tanh", gate(gates, 2));
    String memory = g.add(g.multiply(f, c), g.multiply(u, candidate));
    String zo = gate(gates, 3);
    String o =
        switch (peepholes) {
          case NONE -> sigmoid(zo);
          case BEFORE -> sigmoid(peek(zo, 2, c));
          case AFTER -> sigmoid(peek(zo, 2, memory));
        };
    return new State(g.multiply(o, g.op("Tanh", layer.squashed(g, memory))), memory);
  }

  private String peek(String gate, int peephole, String memory) {
    return g.add(gate, g.multiply(layer.own(g, "peephole.weight", peephole), memory));
  }

  private String gru(boolean resetAfter, String a) {
    String gates = sigmoid(g.add(g.slice(z, 1, 0, 2L * units), layer.recurrent(g, a, 0, 2)));
    String u = gate(gates, 0);
    String r = gate(gates, 1);
    String inner =
        resetAfter
            ? g.multiply(r, g.add(layer.own(g, "recurrent.bias", 0), layer.recurrent(g, a, 2, 3)))
            : layer.recurrent(g, g.multiply(r, a), 2, 3);
    return blend(u, g.op("Tanh", g.add(gate(z, 2), inner)), a);
  }

  private String simplified(String a) {
    String gates = g.add(z, layer.recurrent(g, a, 0, 2));
    return blend(sigmoid(gate(gates, 0)), g.op("Tanh", gate(gates, 1)), a);
  }

  private String basic(Activation activation, String a) {
    String sum = g.add(z, layer.recurrent(g, a, 0, 1));
    return g.op(activation == Activation.TANH ? "Tanh" : "Relu", sum);
  }

  private String independent(String a) {
    return g.op("Relu", g.add(z, g.multiply(layer.own(g, "diagonal", 0), a)));
  }

  /** Where both gates are shut too tight for a float, the state is kept. */
  private String minimalLstm(String a) {
    String gates = sigmoid(g.slice(z, 1, 0, 2L * units));
    String u = gate(gates, 0);
    String sum = g.add(u, gate(gates, 1));
    String least = g.number(Type.FLOAT, Float.MIN_NORMAL);
    String share = g.divide(u, g.choose(g.op("Less", sum, least), least, sum));
    return blend(share, gate(z, 2), a);
  }

  private String minimalGated(String a) {
    String f = sigmoid(g.add(gate(z, 0), layer.recurrent(g, a, 0, 1)));
    String inner = layer.recurrent(g, g.multiply(f, a), 1, 2);
    return blend(f, g.op("Tanh", g.add(gate(z, 1), inner)), a);
  }

  private String gate(String gates, int gate) {
    return g.slice(gates, 1, (long) gate * units, (gate + 1L) * units);
  }

  private String sigmoid(String x) {
    return g.op("Sigmoid", x);
  }

  /** a⟨t-1⟩ + Γu ∗ (c̃ - a⟨t-1⟩). */
  private String blend(String u, String candidate, String before) {
    return g.add(before, g.multiply(u, g.subtract(candidate, before)));
  }
}
