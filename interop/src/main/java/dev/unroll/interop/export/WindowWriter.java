package dev.unroll.interop.export;

import dev.unroll.task.forecast.ForecastSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes how the rows of a window become the steps that a forecaster reads, and its outputs numbers
 * of the rows again. Where each target is read by itself, a window is as many sequences as there
 * are targets.
 */
final class WindowWriter {

  private final ForecastSpec spec;
  private final Parameters parameters;

  WindowWriter(ForecastSpec spec, Parameters parameters) {
    this.spec = spec;
    this.parameters = parameters;
  }

  /**
   * The numbers of some rows, doubles.
   *
   * @param count how many rows there are
   * @param targets [batch][count][targets], relative to their center; null for zeros
   * @param observed [batch][count][observed]; null for zeros, or where there are none
   * @param known [batch][count][known]; null where there are none
   */
  record Rows(
      int count, @Nullable String targets, @Nullable String observed, @Nullable String known) {}

  /** Returns the rows as inputs of the network, [sequences][count / segment][numbers], floats. */
  String inputs(GraphWriter g, String batch, Rows rows) {
    var columns = new ArrayList<String>();
    int targets = spec.together();
    String own = rows.targets();
    columns.add(own == null ? zeros(g, batch, rows.count(), targets) : ofTargets(g, own, rows));
    int observed = spec.observed().size();
    String seen = rows.observed();
    if (observed > 0) {
      columns.add(
          seen == null
              ? zeros(g, batch, rows.count(), observed)
              : forEach(g, seen, rows, observed));
    }
    String known = rows.known();
    if (known != null) {
      columns.add(forEach(g, known, rows, spec.known().size()));
    }
    String all = g.concat(2, columns);
    String numbers = g.cast(spec.masked() ? withFlags(g, all, rows.count()) : all, Type.FLOAT);
    int segment = spec.window().segment();
    return g.reshape(numbers, -1, rows.count() / segment, (long) segment * spec.rowInputs());
  }

  private String zeros(GraphWriter g, String batch, int count, int width) {
    String zero = g.numbers(Type.DOUBLE, new double[1], 1, 1, 1, 1);
    String all = g.expand(zero, batch, spec.sequences(), count, width);
    return g.reshape(all, -1, count, width);
  }

  /** Each target of a window belongs to its sequence. */
  private String ofTargets(GraphWriter g, String x, Rows rows) {
    return spec.perTarget() ? g.reshape(g.transpose(x, 0, 2, 1), -1, rows.count(), 1) : x;
  }

  /** All sequences of a window read the same. */
  private String forEach(GraphWriter g, String x, Rows rows, int width) {
    if (!spec.perTarget()) {
      return x;
    }
    var copies = new ArrayList<String>();
    for (int i = 0; i < spec.sequences(); i++) {
      copies.add(g.unsqueeze(x, 1));
    }
    return g.reshape(g.concat(1, copies), -1, rows.count(), width);
  }

  /** Puts beside each number whether it is missing. */
  private String withFlags(GraphWriter g, String x, int count) {
    String known = g.isKnown(x);
    String zero = g.number(Type.DOUBLE, 0);
    String numbers = g.choose(known, x, zero);
    String flags = g.choose(known, zero, g.number(Type.DOUBLE, 1));
    String both = g.concat(3, List.of(g.unsqueeze(numbers, 3), g.unsqueeze(flags, 3)));
    return g.reshape(both, -1, count, spec.rowInputs());
  }

  /**
   * Returns what the first layer reads, [steps][sequences][inputs]: where each target is read by
   * itself, its vector and then the numbers.
   *
   * @param numbers [sequences][steps][numbers]
   */
  String steps(GraphWriter g, String batch, String numbers) {
    String x = g.transpose(numbers, 1, 0, 2);
    if (!spec.perTarget()) {
      return x;
    }
    String name = "embedding.weight";
    int width = parameters.columns(name);
    String table = g.unsqueeze(parameters.matrix(g, name), 0);
    String each = g.reshape(g.expand(table, batch, spec.sequences(), width), -1, width);
    var sequences = Sequences.of(g, numbers, null);
    return g.concat(2, List.of(sequences.eachStep(each, width), x));
  }

  /**
   * Returns the outputs of the network by rows and targets, [batch][rows][targets][outputs of a
   * number].
   *
   * @param z [sequences][any]
   */
  String outputs(GraphWriter g, String z, int rows) {
    int width = spec.head().parameters();
    int targets = spec.targets().size();
    if (!spec.perTarget()) {
      return g.reshape(z, -1, rows, targets, width);
    }
    return g.transpose(g.reshape(z, -1, targets, rows, width), 0, 2, 1, 3);
  }
}
