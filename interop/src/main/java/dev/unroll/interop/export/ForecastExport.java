package dev.unroll.interop.export;

import dev.unroll.base.PoolingKind;
import dev.unroll.file.Json;
import dev.unroll.model.Forecaster;
import dev.unroll.network.Network;
import dev.unroll.network.Regression;
import dev.unroll.task.forecast.ForecastSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes forecasters, with their scaling: {@code past} [batch][context][targets, observed, known
 * columns] and, where columns are known ahead, {@code future} [batch][horizon][known columns], both
 * as they are measured, to {@code point} [batch][horizon][targets] in the same units. A Gaussian
 * head also gives {@code deviation} of that shape, quantiles {@code quantiles}
 * [batch][horizon][targets][levels]. NaN is a number that is not known.
 *
 * <p>The streaming form is only the network: scaled {@code inputs} [batch][time][numbers] to its
 * {@code outputs}.
 */
final class ForecastExport {

  private final ForecastSpec spec;
  private final Network network;
  private final Forecaster model;
  private final Parameters parameters;
  private final FileWriter file;
  private final GraphWriter g;
  private final WindowWriter windows;
  private final StackWriter stack;
  private final int context;
  private final int horizon;
  private final int known;

  private ForecastExport(Forecaster model, Form form) {
    this.model = model;
    spec = model.forecasting();
    network = model.network().description().network();
    parameters = Parameters.of(model);
    file = new FileWriter(model, form);
    g = new GraphWriter("forecaster", file.opset());
    windows = new WindowWriter(spec, parameters);
    stack = new StackWriter(parameters, network, "");
    context = spec.window().context();
    horizon = spec.window().horizon();
    known = spec.known().size();
    file.say("targets", Json.write(spec.targets()));
    file.say("observed", Json.write(spec.observed()));
    file.say("known", Json.write(spec.known()));
    file.say("scaling", Json.write(model.scaling().toJson()));
    if (spec.head() instanceof Regression.Quantiles quantiles) {
      file.say("levels", Json.write(quantiles.levels()));
    }
  }

  static Exported write(Forecaster model, Form form) {
    var export = new ForecastExport(model, form);
    if (form.streaming()) {
      StreamWriter.check(export.network);
      export.stream();
    } else {
      export.whole();
    }
    var graph = new Exported.Graph("", export.file.write(export.g));
    var sample = new ForecastSample(model);
    return new Exported(
        List.of(graph),
        export.g.notes(),
        List.of(form.streaming() ? sample.streaming() : sample.whole()));
  }

  // ---- only the network

  private void stream() {
    int inputs = model.network().description().inputs();
    String numbers = g.input("inputs", Type.FLOAT, "batch", "time", inputs);
    var sequences = Sequences.of(g, numbers, g.input("lengths", Type.INT64, "batch"));
    String x = g.transpose(numbers, 1, 0, 2);
    if (spec.perTarget()) {
      String ids = g.transpose(g.input("tokens", Type.INT64, "batch", "time"), 1, 0);
      String vectors = InputWriter.embed(g, parameters, "embedding.weight", ids, 2, false);
      x = g.concat(2, List.of(vectors, x));
    }
    var stream = new StreamWriter(g);
    var starts = stream.receive(stack, stack.starts(g, sequences));
    StackWriter.Output out = stack.write(g, x, sequences, starts);
    int outputs = model.network().description().outputs();
    if (spec.perStep()) {
      String a = g.transpose(out.output(), 1, 0, 2);
      String z = HeadWriter.linear(g, parameters, "head.", a);
      g.output("outputs", z, Type.FLOAT, "batch", "time", outputs);
    } else {
      String z = HeadWriter.linear(g, parameters, "head.", pooled(out, sequences));
      g.output("outputs", z, Type.FLOAT, "batch", outputs);
    }
    stream.give(stack, out.ends());
    g.note("the streaming form of a forecaster is only its network: scaling is left to the caller");
  }

  private String pooled(StackWriter.Output out, Sequences sequences) {
    return new PoolingWriter(g, parameters, stack, sequences, null).write(PoolingKind.LAST, out);
  }

  // ---- from measurements to measurements

  private void whole() {
    String past =
        context == 0 ? null : g.input("past", Type.DOUBLE, "batch", context, spec.columns().size());
    String future = known == 0 ? null : g.input("future", Type.DOUBLE, "batch", horizon, known);
    g.part("scaling");
    int given = spec.past().size();
    String read = past == null ? null : scaled(past, 0, spec.columns().size());
    String ahead = future == null ? null : scaled(future, given, given + known);
    String first = read != null ? read : ahead;
    if (first == null) {
      throw new IllegalStateException("a forecaster that reads nothing");
    }
    String batch = Sequences.of(g, first, null).batch();
    ScaleWriter scales = read == null ? null : scales(read);
    String expected =
        scales == null ? g.number(Type.DOUBLE, 0) : scales.expected(model.season(), horizon);
    if (spec.recursive() && read != null && scales != null) {
      var recursion = new RecursionWriter(g, parameters, spec, stack, scales);
      String values = recursion.write(batch, read, ahead, expected);
      give("point", restored(values));
      g.note(
          "a recursive forecast reads its own rows inside Scan; intervals, which are drawn, are"
              + " left out");
      return;
    }
    heads(outputs(batch, read, ahead, scales), expected, scales);
  }

  private ScaleWriter scales(String read) {
    return new ScaleWriter(g, spec, g.slice(read, 2, 0, spec.targets().size()));
  }

  /** Standardizes columns, [batch][rows][from … to]. */
  private String scaled(String x, int from, int to) {
    var means = model.scaling().means().subList(from, to);
    var deviations = model.scaling().deviations().subList(from, to);
    return g.divide(g.subtract(x, InputWriter.row(g, means)), InputWriter.row(g, deviations));
  }

  /** Returns the outputs of the network, [batch][horizon][targets][outputs of a number]. */
  private String outputs(
      String batch, @Nullable String read, @Nullable String ahead, @Nullable ScaleWriter scales) {
    var parts = new ArrayList<String>();
    if (read != null && scales != null) {
      parts.add(windows.inputs(g, batch, pastRows(read, scales)));
    }
    if (spec.readsOn()) {
      parts.add(windows.inputs(g, batch, new WindowWriter.Rows(horizon, null, null, ahead)));
    }
    String numbers = g.concat(1, parts);
    var sequences = Sequences.of(g, numbers, null);
    if (spec.readsOn()) {
      numbers = g.concat(2, List.of(numbers, onward(sequences)));
    }
    String x = windows.steps(g, batch, numbers);
    StackWriter.Output out = stack.write(g, x, sequences, stack.starts(g, sequences));
    if (!spec.readsOn()) {
      String z = HeadWriter.linear(g, parameters, "head.", pooled(out, sequences));
      return windows.outputs(g, z, horizon);
    }
    String last = g.slice(out.output(), 0, spec.firstOutput(), spec.steps());
    String z = HeadWriter.linear(g, parameters, "head.", g.transpose(last, 1, 0, 2));
    return windows.outputs(g, z, horizon);
  }

  private WindowWriter.Rows pastRows(String read, ScaleWriter scales) {
    int targets = spec.targets().size();
    int given = spec.past().size();
    return new WindowWriter.Rows(
        context,
        scales.relative(g, g.slice(read, 2, 0, targets)),
        given > targets ? g.slice(read, 2, targets, given) : null,
        known == 0 ? null : g.slice(read, 2, given, given + known));
  }

  /** Returns 0 for steps of the context and 1 for those of the horizon, [sequences][steps][1]. */
  private String onward(Sequences sequences) {
    double[] flags = new double[spec.steps()];
    Arrays.fill(flags, spec.firstOutput(), flags.length, 1);
    String row = g.numbers(Type.FLOAT, flags, 1, flags.length, 1);
    return g.expand(row, sequences.batch(), flags.length, 1);
  }

  private void heads(String z, String expected, @Nullable ScaleWriter scales) {
    g.part("head");
    switch (spec.head()) {
      case Regression.Quantiles quantiles -> quantiles(quantiles.levels(), z, expected, scales);
      case Regression.Gaussian gaussian -> {
        give("point", inUnits(number(z, 0), expected, scales));
        String deviation = g.add(g.op("Softplus", number(z, 1)), g.number(Type.FLOAT, 1e-3));
        String wide = g.cast(deviation, Type.DOUBLE);
        String size = scales == null ? wide : scales.size(g, wide);
        give("deviation", g.multiply(size, targetRow(model.scaling().deviations())));
      }
      default -> give("point", inUnits(number(z, 0), expected, scales));
    }
  }

  /** Where outputs are out of order, they are read in order. */
  private void quantiles(
      List<Double> levels, String z, String expected, @Nullable ScaleWriter scales) {
    int count = levels.size();
    var attributes = Map.of("axis", 3, "largest", 0);
    String sorted = g.ops("TopK", attributes, 2, z, g.integers(count)).getFirst();
    var all = new ArrayList<String>();
    for (int k = 0; k < count; k++) {
      all.add(inUnits(number(sorted, k), expected, scales));
    }
    int nearest = 0;
    for (int k = 1; k < count; k++) {
      double own = Math.abs(levels.get(k) - 0.5);
      nearest = own < Math.abs(levels.get(nearest) - 0.5) ? k : nearest;
    }
    give("point", all.get(nearest));
    String together = g.concat(3, all.stream().map(each -> g.unsqueeze(each, 3)).toList());
    int targets = spec.targets().size();
    g.output("quantiles", together, Type.DOUBLE, "batch", horizon, targets, count);
  }

  /** Returns output k of each number, [batch][horizon][targets]. */
  private String number(String z, int k) {
    return g.squeeze(g.slice(z, 3, k, k + 1), 3);
  }

  private String inUnits(String number, String expected, @Nullable ScaleWriter scales) {
    String value = g.add(expected, g.cast(number, Type.DOUBLE));
    return restored(scales == null ? value : scales.absolute(g, value));
  }

  private String targetRow(List<Double> ofColumns) {
    return InputWriter.row(g, ofColumns.subList(0, spec.targets().size()));
  }

  private String restored(String value) {
    var scaling = model.scaling();
    return g.add(targetRow(scaling.means()), g.multiply(value, targetRow(scaling.deviations())));
  }

  private void give(String name, String value) {
    g.output(name, value, Type.DOUBLE, "batch", horizon, spec.targets().size());
  }
}
