package dev.unroll.interop.export;

import dev.unroll.network.Relative;
import dev.unroll.task.forecast.ForecastSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes forecasters that read in turn what they forecast: the rows of a step inside Scan. */
final class RecursionWriter {

  private final GraphWriter g;
  private final Parameters parameters;
  private final ForecastSpec spec;
  private final StackWriter stack;
  private final ScaleWriter scales;
  private final WindowWriter windows;
  private final int context;
  private final int segment;
  private final int targets;

  RecursionWriter(
      GraphWriter g,
      Parameters parameters,
      ForecastSpec spec,
      StackWriter stack,
      ScaleWriter scales) {
    this.g = g;
    this.parameters = parameters;
    this.spec = spec;
    this.stack = stack;
    this.scales = scales;
    windows = new WindowWriter(spec, parameters);
    context = spec.window().context();
    segment = spec.window().segment();
    targets = spec.targets().size();
  }

  /**
   * Returns the forecast as the network reads numbers, [batch][horizon][targets].
   *
   * @param read the context, [batch][context][columns]
   * @param ahead the known columns of the horizon, or null for none
   * @param expected what is expected of the horizon, or 0
   */
  String write(String batch, String read, @Nullable String ahead, String expected) {
    int horizon = spec.window().horizon();
    String known = null;
    if (ahead != null) {
      String before = g.slice(read, 2, targets, targets + spec.known().size());
      known = g.concat(1, List.of(before, ahead));
    }
    String history = scales.relative(g, g.slice(read, 2, 0, targets));
    String own = known == null ? null : g.slice(known, 1, segment, segment + context);
    var rows = new WindowWriter.Rows(context, history, null, own);
    String numbers = windows.inputs(g, batch, rows);
    var sequences = Sequences.of(g, numbers, null);
    String x = windows.steps(g, batch, numbers);
    StackWriter.Output out = stack.write(g, x, sequences, stack.starts(g, sequences));
    String last = g.slice(out.output(), 0, spec.firstOutput(), spec.firstOutput() + 1);
    boolean seasonal = spec.relative() == Relative.SEASON;
    String ofFirst = seasonal ? g.slice(expected, 1, 0, segment) : expected;
    String first = rows(g, g.squeeze(last, 0), ofFirst);
    int further = horizon / segment - 1;
    if (further == 0) {
      return first;
    }
    var scanned = new ArrayList<String>();
    if (known != null) {
      int from = context + segment;
      scanned.add(bySteps(g.slice(known, 1, from, context + horizon), further));
    }
    if (seasonal) {
      scanned.add(bySteps(g.slice(expected, 1, segment, horizon), further));
    }
    if (scanned.isEmpty()) {
      scanned.add(g.numbers(Type.FLOAT, new double[further], further)); // says how many steps
    }
    return g.concat(1, List.of(first, turns(batch, out.ends(), first, scanned, further)));
  }

  /** [batch][rows][columns] as [steps][batch][segment][columns]. */
  private String bySteps(String x, int steps) {
    return g.transpose(g.reshape(x, 0, steps, segment, -1), 1, 0, 2, 3);
  }

  /** Returns the rows of all steps but the first, [batch][rows][targets]. */
  private String turns(
      String batch, List<List<State>> ends, String first, List<String> scanned, int steps) {
    GraphWriter body = g.body("turn");
    var states = new ArrayList<String>();
    var before = new ArrayList<List<State>>();
    for (List<State> end : ends) {
      var ways = new ArrayList<State>();
      for (State way : end) {
        states.addAll(way.values());
        String a = body.input("a", Type.FLOAT);
        ways.add(new State(a, way.c() == null ? null : body.input("c", Type.FLOAT)));
      }
      before.add(ways);
    }
    states.add(first);
    String values = body.input("values", Type.DOUBLE);
    boolean seasonal = spec.relative() == Relative.SEASON;
    String known = spec.known().isEmpty() ? null : body.input("known", Type.DOUBLE);
    String expected = seasonal ? body.input("expected", Type.DOUBLE) : null;
    if (known == null && expected == null) {
      body.input("step", Type.FLOAT);
    }
    var rows = new WindowWriter.Rows(segment, scales.relative(body, values), null, known);
    String numbers = windows.inputs(body, batch, rows);
    String x = windows.steps(body, batch, numbers);
    StackWriter.Output out = stack.write(body, x, Sequences.of(body, numbers, null), before);
    String zero = body.number(Type.DOUBLE, 0);
    String next = rows(body, body.squeeze(out.output(), 0), expected == null ? zero : expected);
    for (List<State> end : out.ends()) {
      end.forEach(way -> way.values().forEach(value -> body.output(value, Type.FLOAT)));
    }
    body.output(next, Type.DOUBLE);
    body.output(next, Type.DOUBLE);
    String all = g.scan(body, states, scanned, false).getLast(); // [steps][batch][segment][targets]
    return g.reshape(g.transpose(all, 1, 0, 2, 3), 0, (long) steps * segment, targets);
  }

  /**
   * Returns the rows that a step gives out, as they are read in turn, [batch][segment][targets].
   */
  private String rows(GraphWriter in, String a, String expected) {
    String z = windows.outputs(in, HeadWriter.linear(in, parameters, "head.", a), segment);
    String point = in.squeeze(in.slice(z, 3, 0, 1), 3);
    String value = in.add(expected, in.cast(point, Type.DOUBLE));
    return scales.rounded(in, scales.absolute(in, value));
  }
}
