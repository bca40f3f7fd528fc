package dev.unroll.cli.interop;

import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.report.JsonLine;
import dev.unroll.cli.report.Printable;
import dev.unroll.file.Numbers;
import dev.unroll.file.Plural;
import dev.unroll.interop.onnx.ConformanceCase;
import dev.unroll.interop.onnx.OnnxModel;
import dev.unroll.interop.tensor.Difference;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll onnx verify}: whether models compute what they should. */
@Command(
    name = "verify",
    description = "Runs ONNX's conformance tests, and compares the outputs.",
    footer = {
      "",
      "A case is a folder with model.onnx and test_data_set_0, …, which hold input_0.pb, … and",
      "output_0.pb, ….",
      "Exit status: 0 none failed, 1 some failed.",
      "Example:  unroll onnx verify onnx/backend/test/data/node",
    })
final class OnnxVerifyCommand extends UnrollCommand {

  @Parameters(paramLabel = "FOLDER", arity = "1..*", description = "A case, or a folder of cases.")
  List<Path> folders = List.of();

  @Option(
      names = "--relative",
      paramLabel = "X",
      description = "Relative tolerance. Default: 1e-5.")
  double relative = 1e-5;

  @Option(
      names = "--absolute",
      paramLabel = "X",
      description = "Absolute tolerance, in addition. Default: 1e-6.")
  double absolute = 1e-6;

  @Option(
      names = "--max-steps",
      paramLabel = "N",
      description = "Maximum number of steps of all loops of a run together. Default: 1000000.")
  long maxSteps = OnnxModel.MAX_STEPS;

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  @Override
  public Integer call() {
    Numbers.check("--relative", relative, 0, 1);
    Numbers.check("--absolute", absolute, 0, Double.MAX_VALUE);
    OnnxRunCommand.checkMaxSteps(maxSteps);
    var tolerance = new Difference.Tolerance(relative, absolute);
    var counts = new EnumMap<ConformanceCase.Verdict, Integer>(ConformanceCase.Verdict.class);
    for (Path folder : folders) {
      for (ConformanceCase each : ConformanceCase.in(folder)) {
        ConformanceCase.Result result = each.run(tolerance, maxSteps);
        counts.merge(result.verdict(), 1, Integer::sum);
        print(each, result);
      }
    }
    int failed = counts.getOrDefault(ConformanceCase.Verdict.FAILED, 0);
    if (!json) {
      int all = counts.values().stream().mapToInt(Integer::intValue).sum();
      out()
          .println(
              "%s: %d passed, %d failed, %d refused"
                  .formatted(
                      Plural.of(all, "case"),
                      counts.getOrDefault(ConformanceCase.Verdict.PASSED, 0),
                      failed,
                      counts.getOrDefault(ConformanceCase.Verdict.REFUSED, 0)));
    }
    return failed == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private void print(ConformanceCase each, ConformanceCase.Result result) {
    if (json) {
      JsonLine.print(out(), fields(each, result));
      return;
    }
    String verdict = label(result);
    String detail =
        switch (result.verdict()) {
          case PASSED -> "largest difference " + number(result.largest());
          case FAILED -> "largest difference " + number(result.largest()) + "; " + result.reason();
          case REFUSED -> result.reason();
        };
    out().println(Printable.line("%-8s %s: %s".formatted(verdict, name(each), detail)));
  }

  private static Map<String, Object> fields(ConformanceCase each, ConformanceCase.Result result) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("case", name(each));
    fields.put("verdict", label(result));
    if (result.verdict() != ConformanceCase.Verdict.REFUSED) {
      fields.put("largest", result.largest());
    }
    if (!result.reason().isEmpty()) {
      fields.put("reason", result.reason());
    }
    return fields;
  }

  private static String label(ConformanceCase.Result result) {
    return result.verdict().name().toLowerCase(Locale.ROOT);
  }

  private static String number(double difference) {
    return difference == 0 ? "0" : String.format(Locale.ROOT, "%.1e", difference);
  }

  private static String name(ConformanceCase each) {
    Path name = each.folder().toAbsolutePath().normalize().getFileName();
    return String.valueOf(name == null ? each.folder() : name);
  }
}
