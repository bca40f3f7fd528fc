package dev.unroll.cli.interop;

import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.OutputFile;
import dev.unroll.cli.report.FieldList;
import dev.unroll.cli.report.JsonLine;
import dev.unroll.file.Plural;
import dev.unroll.interop.onnx.Finding;
import dev.unroll.interop.onnx.OnnxCheck;
import dev.unroll.interop.onnx.OnnxDiagnosis;
import dev.unroll.interop.onnx.OnnxRepair;
import dev.unroll.interop.onnx.graph.ModelGraph;
import dev.unroll.interop.onnx.graph.ModelReader;
import dev.unroll.interop.onnx.graph.Node;
import dev.unroll.interop.onnx.run.KnownOperators;
import dev.unroll.interop.onnx.run.Placement;
import dev.unroll.interop.tensor.ForeignFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll onnx check}: whether and how a model can run. */
@Command(
    name = "check",
    description =
        "Shows what runs each node of an ONNX model (the recurrent engine or plain arithmetic), which"
            + " operators are not supported, and which known exporter bugs it has.",
    footer = {
      "",
      "Exit status: 0 it can run, 1 operators are missing.",
      "Example:  unroll onnx check model.onnx --repair repaired.onnx",
    })
final class OnnxCheckCommand extends UnrollCommand {

  private static final Set<String> RECURRENT = Set.of("RNN", "GRU", "LSTM");

  private static final String VARYING = "its weights are not constants";

  @Parameters(paramLabel = "MODEL", description = "An ONNX model.")
  Path model = Path.of("");

  @Option(
      names = "--repair",
      paramLabel = "FILE",
      description = "Write a copy of the model without the bugs whose fix is exact.")
  @Nullable Path repaired;

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  @Override
  public Integer call() {
    Path target = repaired;
    if (target != null) {
      OutputFile.checkPlace(target, List.of(model));
    }
    ModelGraph graph = ModelReader.read(model);
    OnnxCheck check = ForeignFiles.named(model.toString(), () -> OnnxCheck.of(graph));
    Map<String, Object> fields = fields(check);
    if (target == null) {
      var faults = OnnxDiagnosis.of(model).stream().map(OnnxCheckCommand::shown).toList();
      putIfAny(fields, "faults", faults);
    } else {
      OnnxRepair.Repaired result = OnnxRepair.write(model, target);
      putIfAny(fields, "cured", result.cured());
      putIfAny(fields, "faults that are left", result.left());
      fields.put("repaired", target.toString());
    }
    if (json) {
      JsonLine.print(out(), fields);
    } else {
      FieldList.print(out(), fields);
    }
    return check.missing().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static void putIfAny(Map<String, Object> fields, String name, List<?> found) {
    if (!found.isEmpty()) {
      fields.put(name, found.stream().map(Object::toString).toList());
    }
  }

  private static String shown(Finding finding) {
    return finding + (finding.repairable() ? " (--repair does so)" : "");
  }

  private static Map<String, Object> fields(OnnxCheck check) {
    var fields = new LinkedHashMap<String, Object>();
    if (!check.missing().isEmpty()) {
      fields.put(
          "not supported", check.missing().stream().map(KnownOperators.Missing::toString).toList());
      return fields;
    }
    var engine = new ArrayList<String>();
    var plain = new LinkedHashMap<String, String>();
    var others = new TreeMap<String, Integer>();
    long constants = 0;
    for (Placement each : check.placements()) {
      Node node = each.node();
      switch (each.where()) {
        case CONSTANT -> constants++;
        case ENGINE -> engine.add(node.title());
        case EVALUATOR -> {
          if (RECURRENT.contains(node.operator())) {
            plain.put(node.title(), each.why().isEmpty() ? VARYING : each.why());
          } else {
            others.merge(node.operator(), 1, Integer::sum);
          }
        }
      }
    }
    fields.put("engine", engine);
    putIfAny(fields, "recurrent, not on the engine", plain);
    putIfAny(fields, "plain arithmetic", others);
    fields.put("computed once", Plural.of(constants, "constant"));
    return fields;
  }

  private static void putIfAny(Map<String, Object> fields, String name, Map<String, ?> found) {
    if (!found.isEmpty()) {
      fields.put(name, found);
    }
  }
}
