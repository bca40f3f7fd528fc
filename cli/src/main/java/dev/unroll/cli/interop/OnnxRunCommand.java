package dev.unroll.cli.interop;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.interop.onnx.OnnxModel;
import dev.unroll.interop.onnx.graph.Value;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.tensor.TensorJson;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll onnx run}: tensors in, tensors out. */
@Command(
    name = "run",
    description = "Runs an ONNX model on tensors from files, and prints or writes its outputs.",
    footer = {
      "",
      "Files: .npy (numpy.save), .json (nested lists, or type, shape and data), .pb (TensorProto).",
      "Example:  unroll onnx run model.onnx x=x.npy h0=h0.json -o outputs",
    })
final class OnnxRunCommand extends UnrollCommand {

  @Parameters(index = "0", paramLabel = "MODEL", description = "An ONNX model.")
  Path model = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "NAME=FILE",
      description = "Each input by its name, and the file that holds it.")
  List<String> inputs = List.of();

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FOLDER",
      description = "Write each output to a file of its name. Default: print JSON.")
  @Nullable Path folder;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      description = "Format of output files: npy, json or pb. Default: npy.")
  @Nullable String format;

  @Option(
      names = "--max-steps",
      paramLabel = "N",
      description = "Maximum number of steps of all loops together. Default: 1000000.")
  long maxSteps = OnnxModel.MAX_STEPS;

  @Mixin ThreadOption threads = new ThreadOption();

  @Override
  public Integer call() {
    TensorFiles.Format form = TensorFiles.Format.of(format == null ? "npy" : format);
    if (format != null && folder == null) {
      throw new InputException("--format does nothing without --out", "Name a folder: -o FOLDER.");
    }
    checkMaxSteps(maxSteps);
    OnnxModel opened = OnnxModel.open(model).withMaxSteps(maxSteps);
    Map<String, Tensor> given = inputs(opened);
    Map<String, Tensor> outputs;
    try (Workers workers = threads.workers()) {
      outputs = opened.run(given, workers);
    }
    if (folder == null) {
      out().println(TensorJson.write(outputs));
    } else {
      TensorFiles.write(outputs, folder, form)
          .forEach((file, tensor) -> out().println(file + "  " + tensor));
    }
    return 0;
  }

  static void checkMaxSteps(long steps) {
    if (steps < 1) {
      throw new InputException("--max-steps is " + steps, "It must be 1 or more.");
    }
  }

  private Map<String, Tensor> inputs(OnnxModel opened) {
    var given = new LinkedHashMap<String, Tensor>();
    for (String each : inputs) {
      int equals = each.indexOf('=');
      if (equals < 1) {
        throw new InputException(each + " names no input", "Write NAME=FILE, such as x=x.npy.");
      }
      String name = each.substring(0, equals);
      ElementType expected = type(opened, name);
      Tensor read = TensorFiles.read(Path.of(each.substring(equals + 1)), expected);
      if (given.put(name, read) != null) {
        throw new InputException("the input " + name + " is given twice", "Leave one out.");
      }
    }
    return given;
  }

  private static @Nullable ElementType type(OnnxModel opened, String name) {
    return Stream.concat(opened.inputs().stream(), opened.optionalInputs().stream())
        .filter(each -> each.name().equals(name))
        .map(Value::type)
        .findFirst()
        .orElse(null);
  }
}
