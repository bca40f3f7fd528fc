package dev.unroll.cli.interop;

import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.report.FieldList;
import dev.unroll.cli.report.JsonLine;
import dev.unroll.interop.onnx.graph.Graph;
import dev.unroll.interop.onnx.graph.ModelGraph;
import dev.unroll.interop.onnx.graph.ModelReader;
import dev.unroll.interop.onnx.graph.Node;
import dev.unroll.interop.onnx.graph.Value;
import dev.unroll.interop.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll onnx info}: what a model says of itself. */
@Command(
    name = "info",
    description = "Shows inputs, outputs, operators and metadata of an ONNX model.",
    footer = {
      "",
      "Axes are numbers, names, or ? if anything is possible.",
      "Example:  unroll onnx info model.onnx",
    })
final class OnnxInfoCommand extends UnrollCommand {

  @Parameters(paramLabel = "MODEL", description = "An ONNX model.")
  Path model = Path.of("");

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  @Override
  public Integer call() {
    Map<String, Object> fields = fields(ModelReader.read(model));
    if (json) {
      JsonLine.print(out(), fields);
    } else {
      FieldList.print(out(), fields);
    }
    return 0;
  }

  private static Map<String, Object> fields(ModelGraph model) {
    ModelGraph.Origin origin = model.origin();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("format", origin.irVersion());
    var opsets = new LinkedHashMap<String, Object>();
    model.opsets().forEach((domain, version) -> opsets.put(named(domain), version));
    fields.put("opsets", opsets);
    putText(fields, "producer", (origin.producer() + " " + origin.producerVersion()).strip());
    putText(fields, "domain", origin.domain());
    if (origin.version() != 0) {
      fields.put("version", origin.version());
    }
    putText(fields, "description", origin.doc());
    fields.put("inputs", values(inputs(model.graph())));
    fields.put("outputs", values(model.graph().outputs()));
    fields.put("parameters", parameters(model.graph()));
    var operators = new TreeMap<String, Integer>();
    count(model.graph(), operators);
    fields.put("operators", operators);
    if (!origin.metadata().isEmpty()) {
      fields.put("metadata", origin.metadata());
    }
    return fields;
  }

  private static String named(String domain) {
    return domain.isEmpty() ? "ai.onnx" : domain;
  }

  private static void putText(Map<String, Object> fields, String name, String text) {
    if (!text.isEmpty()) {
      fields.put(name, text);
    }
  }

  private static List<Value> inputs(Graph graph) {
    return graph.inputs().stream()
        .filter(each -> !graph.initializers().containsKey(each.name()))
        .toList();
  }

  private static Map<String, Object> values(List<Value> values) {
    var fields = new LinkedHashMap<String, Object>();
    values.forEach(each -> fields.put(each.name(), each.described()));
    return fields;
  }

  /** Numbers with a fraction that lie in the file, those in graphs of nodes included. */
  private static long parameters(Graph graph) {
    long parameters = 0;
    for (Tensor each : graph.initializers().values()) {
      parameters += each.type().isFloating() ? each.size() : 0;
    }
    for (Node node : graph.nodes()) {
      for (Object value : node.attributes().values().values()) {
        if (value instanceof Graph inner) {
          parameters += parameters(inner);
        } else if (value instanceof Tensor tensor && tensor.type().isFloating()) {
          parameters += tensor.size();
        }
      }
    }
    return parameters;
  }

  private static void count(Graph graph, Map<String, Integer> operators) {
    for (Node node : graph.nodes()) {
      String name =
          node.domain().isEmpty() ? node.operator() : node.domain() + "." + node.operator();
      operators.merge(name, 1, Integer::sum);
      Graph.in(node).forEach(inner -> count(inner, operators));
    }
  }
}
