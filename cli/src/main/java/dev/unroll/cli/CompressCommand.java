package dev.unroll.cli;

import dev.unroll.base.Precision;
import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.OutputFile;
import dev.unroll.result.Model;
import dev.unroll.tasks.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll compress}: the same model in a smaller file. */
@Command(
    name = "compress",
    description = "Writes a model with its weight matrices in 8 or 16 bits instead of 32.",
    footer = {
      "",
      "The smaller model is used like any other. From about 512 units on it processes single tokens in",
      "half the time or less, because most of the time goes into reading weights. int8 keeps a scale per",
      "row. Biases stay as they are. Rounding cannot be undone.",
    })
final class CompressCommand extends UnrollCommand {

  @Parameters(paramLabel = "MODEL", description = "A model file.")
  Path model = Path.of("");

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      required = true,
      description = "The smaller model file.")
  Path output = Path.of("");

  @Option(
      names = "--weights",
      paramLabel = "KIND",
      defaultValue = "int8",
      description = "int8 or bfloat16. Default: int8.")
  Precision precision = Precision.INT8;

  @Override
  public Integer call() throws IOException {
    OutputFile.check(output, List.of(model));
    Model smaller = Tasks.open(model).withPrecision(precision);
    smaller.save(output);
    var out = out();
    out.println(
        "%s: %s, %s written, %.0f%% of %s"
            .formatted(
                output,
                precision.label(),
                megabytes(Files.size(output)),
                100.0 * Files.size(output) / Files.size(model),
                megabytes(Files.size(model))));
    out.println(
        "What it lost:  unroll %s eval %s FILE   and the same with %s"
            .formatted(smaller.task(), output, model));
    return 0;
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.2f MB", bytes / 1e6);
  }
}
