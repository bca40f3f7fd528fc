package dev.unroll.cli.interop;

import dev.unroll.base.InputException;
import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.OutputFile;
import dev.unroll.cli.report.Printable;
import dev.unroll.interop.ModelExport;
import dev.unroll.interop.torch.TorchExport;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Transducer;
import dev.unroll.result.Model;
import dev.unroll.tasks.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll export}: a model for other programs. */
@Command(
    name = "export",
    description = {
      "Writes a model for other programs: as an ONNX file, which ONNX Runtime and others run, or"
          + " for PyTorch.",
      "An ONNX file is first run here on a sample; if its answers differ from the model's, that is an"
          + " error. It reads token ids; the vocabulary is in its metadata.",
    },
    footer = {
      "",
      "An encoder-decoder becomes NAME.encode.onnx and NAME.step.onnx; beam search is up to the caller.",
      "For PyTorch a folder is written: tensors, and a program that builds the network and checks"
          + " itself.",
      "Example:  unroll export names.safetensors -o names.onnx",
    })
public final class ExportCommand extends UnrollCommand {

  @Parameters(paramLabel = "MODEL", description = "A model file, of any task.")
  Path model = Path.of("");

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      required = true,
      description = "The file to write; for PyTorch the folder.")
  Path output = Path.of("");

  @Option(
      names = "--to",
      paramLabel = "FORMAT",
      defaultValue = "onnx",
      description = "onnx or pytorch. Default: onnx.")
  String format = "onnx";

  @Option(
      names = "--opset",
      paramLabel = "N",
      description =
          "Version of ONNX's operators, 7 to 24. If a model needs a later one, export says"
              + " so. Default: 17.")
  @Nullable Integer opset;

  @Option(
      names = "--streaming",
      description = "Allow sequences in chunks: the states of the layers are inputs and outputs.")
  boolean streaming;

  @Option(
      names = "--no-ngrams",
      description = "Leave out the n-grams of a language model and export its network only.")
  boolean noNgrams;

  @Option(
      names = "--no-counts",
      description =
          "Leave out the joint n-grams or the dictionary of an encoder-decoder and export its network"
              + " only.")
  boolean noCounts;

  /** Created by the command line. */
  public ExportCommand() {}

  @Override
  public Integer call() throws IOException {
    Model opened = Tasks.open(model);
    if (noNgrams && opened instanceof LanguageModel own) {
      opened = own.withoutNgrams();
    }
    if (noCounts && opened instanceof Transducer own) {
      opened = own.withoutCounts();
    }
    return switch (format) {
      case "onnx" -> onnx(opened);
      case "pytorch" -> pytorch(opened);
      default ->
          throw new InputException("no format is called " + format, "--to takes onnx or pytorch.");
    };
  }

  private int pytorch(Model opened) throws IOException {
    refuse(opset != null, "--opset");
    refuse(streaming, "--streaming");
    checkFolder();
    for (Path file : TorchExport.write(opened, output)) {
      out().println(Printable.line(file.toString()));
    }
    Path program = output.resolve(TorchExport.PROGRAM);
    out().println("Check it:  python3 " + Printable.line(program.toString()));
    return 0;
  }

  /** A folder of this command may be written again, one of anything else may not. */
  private void checkFolder() throws IOException {
    if (Files.exists(output) && !Files.isDirectory(output)) {
      throw InputException.in(output, "is a file", "Name a folder: several files are written.");
    }
    if (Files.isDirectory(output) && !Files.exists(output.resolve(TorchExport.PROGRAM))) {
      try (var files = Files.list(output)) {
        if (files.findAny().isPresent()) {
          throw InputException.in(
              output, "is a folder with other files", "Name one that is empty or not there.");
        }
      }
    }
  }

  private static void refuse(boolean given, String option) {
    if (given) {
      throw new InputException(option + " does nothing for PyTorch", "Leave it out.");
    }
  }

  private int onnx(Model opened) throws IOException {
    ModelExport export =
        ModelExport.of(opened)
            .opset(opset == null ? ModelExport.OPSET : opset)
            .streaming(streaming);
    List<Path> files = export.files(output);
    for (Path file : files) {
      OutputFile.checkPlace(file, List.of(model));
      if (Files.exists(file) && !file.toString().endsWith(".onnx")) {
        throw InputException.in(
            file,
            "exists and is not named as an ONNX file, so it will not be replaced",
            "Choose a name that ends in .onnx, or delete it first.");
      }
    }
    OutputFile.checkDistinct(files, null);
    ModelExport.Written written = export.write(output);
    for (Path file : written.files()) {
      out()
          .println(
              String.format(
                  Locale.ROOT,
                  "%s: %s, %.2f MB",
                  Printable.line(file.toString()),
                  opened.task(),
                  Files.size(file) / 1e6));
    }
    written.notes().forEach(note -> out().println("  " + Printable.line(note)));
    out()
        .println(
            String.format(
                Locale.ROOT,
                "Run here on a sample: %,d numbers, largest difference from the model %.1e.",
                written.compared(),
                written.difference()));
    return 0;
  }
}
