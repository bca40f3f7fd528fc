package dev.unroll.interop.export;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.unroll.interop.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What comes out when exported graphs run, compared with what the model answers.
 *
 * @param largest the largest difference, relative to 1 or to the number, whichever is more
 * @param where the output and the place of it
 * @param compared how many numbers were compared
 */
public record Comparison(double largest, String where, int compared) {

  /** Numbers that differ by less are the same, as floats are summed in another order. */
  public static final double TOLERANCE = 1e-5;

  private static final String STATE = "state_in_";

  /** Runs graphs. */
  @FunctionalInterface
  public interface Runner {
    /** Returns the outputs of one of the graphs by name. */
    Map<String, Tensor> run(int graph, Map<String, Tensor> inputs);
  }

  /** Runs all samples. */
  public static Comparison of(Exported exported, Runner runner) {
    var whole = new Comparison(0, "", 0);
    for (Exported.Sample sample : exported.samples()) {
      var known = new HashMap<String, Tensor>();
      for (Exported.Call call : sample.calls()) {
        known.putAll(call.inputs());
        GraphProto graph = exported.graphs().get(call.graph()).model().getGraph();
        Map<String, Tensor> outputs = runner.run(call.graph(), inputs(graph, known));
        outputs.forEach((name, tensor) -> known.put(name.replace("state_out_", STATE), tensor));
        for (var each : call.expected().entrySet()) {
          whole = whole.with(each.getKey(), each.getValue(), outputs);
        }
      }
    }
    return whole;
  }

  private static Map<String, Tensor> inputs(GraphProto graph, Map<String, Tensor> known) {
    var inputs = new HashMap<String, Tensor>();
    for (ValueInfoProto each : graph.getInputList()) {
      Tensor given = known.get(each.getName());
      if (given == null && each.getName().startsWith(STATE)) {
        given = start(each, known, !declares(graph, "begins"));
      }
      if (given == null) {
        throw new IllegalStateException("the sample has no " + each.getName());
      }
      inputs.put(each.getName(), given);
    }
    return inputs;
  }

  private static boolean declares(GraphProto graph, String name) {
    return graph.getInputList().stream().anyMatch(each -> each.getName().equals(name));
  }

  /** Zeros before the first step, or anything else where the graph does not read it then. */
  private static Tensor start(ValueInfoProto state, Map<String, Tensor> known, boolean isRead) {
    Tensor begins = known.get("begins");
    int width = (int) state.getType().getTensorType().getShape().getDim(1).getDimValue();
    int batch = begins == null ? 1 : begins.size();
    float[] values = new float[batch * width];
    Arrays.fill(values, isRead ? 0 : 7);
    return Tensor.of(values, batch, width);
  }

  /** Compares an output. */
  private Comparison with(String name, Tensor expected, Map<String, Tensor> outputs) {
    Tensor found = outputs.get(name);
    if (found == null || !found.shape().equals(expected.shape())) {
      String shape = found == null ? "missing" : found.shape().toString();
      return new Comparison(
          Double.POSITIVE_INFINITY, name + " is " + shape + ", not " + expected.shape(), compared);
    }
    double[] wanted = expected.doubles();
    double[] own = found.doubles();
    var sum = this;
    for (int i = 0; i < wanted.length; i++) {
      boolean any = Double.isNaN(wanted[i]) || (expected.type().isInteger() && wanted[i] < 0);
      if (!any) {
        sum = sum.with(name, i, wanted[i], own[i]);
      }
    }
    return sum;
  }

  private Comparison with(String name, int place, double wanted, double own) {
    double difference = Math.abs(wanted - own) / Math.max(1, Math.abs(wanted));
    if (!(difference <= largest)) { // also of what is not a number
      String text = String.format(Locale.ROOT, "%s[%d] is %s, not %s", name, place, own, wanted);
      double kept = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
      return new Comparison(kept, text, compared + 1);
    }
    return new Comparison(largest, where, compared + 1);
  }

  /** Returns whether all is the same, and something was compared. */
  public boolean same() {
    return compared > 0 && largest <= TOLERANCE;
  }
}
