package dev.unroll.cli.interop;

import dev.unroll.base.InputException;
import dev.unroll.base.PoolingKind;
import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.OutputFile;
import dev.unroll.cli.report.Printable;
import dev.unroll.data.Reading;
import dev.unroll.interop.ModelImport;
import dev.unroll.model.Classifier;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Tagger;
import dev.unroll.result.Model;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.text.Segmentation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll import}: a network that was trained elsewhere becomes a model. */
@Command(
    name = "import",
    description = {
      "Imports a network that was trained elsewhere: an embedding, recurrent layers and a linear"
          + " layer, as a PyTorch state_dict (.pt, .safetensors), an ONNX graph of these (.onnx) or a Keras model (.keras,"
          + " .weights.h5, .h5).",
      "No code in the file is run. Every command accepts the model, and train --from trains it"
          + " further.",
    },
    footer = {
      "",
      "Save it in Python:  torch.save(model.state_dict(), \"weights.pt\")",
      "               or:  model.save(\"model.keras\")",
      "Example:  unroll import weights.pt --task lm --vocabulary vocab.txt -o model.safetensors",
    })
public final class ImportCommand extends UnrollCommand {

  @Parameters(paramLabel = "FILE", description = "The network.")
  Path file = Path.of("");

  @Option(
      names = "--task",
      paramLabel = "TASK",
      required = true,
      description = "Task of the model: lm, classify or tag.")
  String task = "";

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      required = true,
      description = "The model file.")
  Path output = Path.of("");

  @Option(
      names = "--vocabulary",
      paramLabel = "FILE",
      required = true,
      description =
          "File of tokens in the order of their ids, one per line; a line end is written \\n,"
              + " a tab \\t.")
  Path vocabulary = Path.of("");

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "File of labels in the order of the outputs, one per line.")
  @Nullable Path labels;

  @Option(
      names = "--like",
      paramLabel = "FILE",
      description =
          "What the file does not tell, as JSON: layers (cell, units and direction of each),"
              + " recurrent, embedding and head (prefixes of their names). Every part is optional.")
  @Nullable Path like;

  @Option(
      names = "--unit",
      paramLabel = "UNIT",
      description =
          "What a token is: tokens (separated by whitespace), words (Unicode) or characters."
              + " Default: characters if all tokens are, else tokens.")
  @Nullable String unit;

  @Option(
      names = "--lower-case",
      description = "Convert text to lower case before it is tokenized.")
  boolean lowerCase;

  @Option(
      names = "--unknown",
      paramLabel = "TOKEN",
      description = "Token for words that are not in the vocabulary. Default: <unk> or similar.")
  @Nullable String unknown;

  @Option(
      names = "--end",
      paramLabel = "TOKEN",
      description = "Token that ends a sentence or line. Default: </s>, <eos> or similar.")
  @Nullable String end;

  @Option(
      names = "--start",
      paramLabel = "TOKEN",
      description =
          "Token that a language model reads before each sentence. Default: <s>, <bos> or"
              + " similar.")
  @Nullable String start;

  @Option(
      names = "--reading",
      paramLabel = "WAY",
      description =
          "How a language model reads: stream or sentences. Default: sentences if there is a"
              + " start token, else stream.")
  @Nullable String reading;

  @Option(
      names = "--pooling",
      paramLabel = "KIND",
      description =
          "How a classifier turns a text into one vector: last, mean or max. Default: last.")
  @Nullable String pooling;

  @Option(
      names = "--several",
      description = "A text may have several labels: each output is a probability of its own.")
  boolean several;

  @Option(
      names = "--fresh-head",
      description = "Drop the linear layer, and start with a new one for other labels.")
  boolean freshHead;

  /** Created by the command line. */
  public ImportCommand() {}

  @Override
  public Integer call() {
    if (!List.of("lm", "classify", "tag").contains(task)) {
      throw new InputException(
          "no network can be imported for the task " + task, "--task takes lm, classify or tag.");
    }
    OutputFile.check(
        output,
        Stream.of(file, vocabulary, labels, like)
            .filter(path -> path != null)
            .<Path>map(path -> path)
            .toList());
    var found = new ArrayList<String>();
    ModelImport asked = asked().findings(found::add);
    Model model =
        switch (task) {
          case "lm" -> languageModel(asked);
          case "classify" -> classifier(asked);
          default -> tagger(asked);
        };
    found.forEach(line -> out().println(Printable.line(line)));
    model.save(output);
    out()
        .println(
            "%s: %,d parameters, imported from %s"
                .formatted(output, model.size(), Printable.line(file.toString())));
    out().println("Next:  unroll %s eval %s FILE".formatted(task, output));
    return 0;
  }

  private ModelImport asked() {
    ModelImport asked = ModelImport.of(file).vocabulary(vocabulary);
    if (like != null) {
      asked.like(like);
    }
    if (unit != null) {
      asked.unit(Segmentation.Unit.of(unit));
    }
    if (lowerCase) {
      asked.lowerCase();
    }
    if (unknown != null) {
      asked.unknown(unknown);
    }
    if (end != null) {
      asked.end(end);
    }
    return asked;
  }

  private LanguageModel languageModel(ModelImport asked) {
    refuse(labels != null, "--labels");
    refuse(pooling != null, "--pooling");
    refuse(several, "--several");
    refuse(freshHead, "--fresh-head");
    if (start != null) {
      asked.start(start);
    }
    if (reading != null) {
      asked.reading(Reading.of(reading));
    }
    return asked.languageModel();
  }

  private Classifier classifier(ModelImport asked) {
    if (pooling != null) {
      PoolingKind kind = LabelSpec.pooling(pooling);
      refuse(kind == PoolingKind.ATTENTION, "--pooling attention");
      asked.pooling(kind);
    }
    if (several) {
      asked.several();
    }
    return labeled(asked).classifier();
  }

  private Tagger tagger(ModelImport asked) {
    refuse(pooling != null, "--pooling");
    refuse(several, "--several");
    return labeled(asked).tagger();
  }

  private ModelImport labeled(ModelImport asked) {
    refuse(start != null, "--start");
    refuse(reading != null, "--reading");
    if (labels != null) {
      asked.labels(labels);
    }
    return freshHead ? asked.freshHead() : asked;
  }

  private void refuse(boolean given, String option) {
    if (given) {
      throw new InputException(
          "%s does nothing in a model of the task %s".formatted(option, task), "Leave it out.");
    }
  }
}
