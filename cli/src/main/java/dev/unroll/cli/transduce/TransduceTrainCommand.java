package dev.unroll.cli.transduce;

import dev.unroll.cli.command.PairTrainCommand;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.report.Progress;
import dev.unroll.data.Pair;
import dev.unroll.file.InputException;
import dev.unroll.file.Provenance;
import dev.unroll.network.Network;
import dev.unroll.task.Defaults;
import dev.unroll.task.RunOutput;
import dev.unroll.task.transduce.TransducerFields;
import dev.unroll.task.transduce.TransducerRun;
import dev.unroll.task.transduce.TransducerSpec;
import dev.unroll.text.table.PairTable;
import dev.unroll.train.Training;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code unroll transduce train}: pairs of texts in, model file out. */
@Command(
    name = "train",
    description =
        "Trains an encoder-decoder on pairs of a source and a target, and writes it to one file.",
    footer = {
      "",
      "Examples:",
      "  unroll transduce train cmudict.tsv --target-unit tokens -o sounds.safetensors",
      "  unroll transduce train captions.tsv --source english --target german \\",
      "      --source-unit byte-pairs --target-unit byte-pairs --units 512 --tied -o german.safetensors",
      "A line is a pair; a source may have several, of which any target is right.",
    })
@KeptInModel
final class TransduceTrainCommand extends PairTrainCommand<TransducerFields, TransducerRun> {

  @Option(
      names = "--attention",
      paramLabel = "KIND",
      defaultValue = "multiplicative",
      description =
          "How each step looks back at the source: additive (Bahdanau et al. 2015), multiplicative (Luong et"
              + " al. 2015) or none. Default: ${DEFAULT-VALUE}.")
  String attention = "multiplicative";

  @Option(
      names = "--no-input-feeding",
      negatable = false,
      description =
          "Do not read again at the next step what attention gave, which is done otherwise (Luong et al. 2015).")
  boolean noInputFeeding;

  @Option(
      names = "--direction",
      paramLabel = "WAY",
      defaultValue = "both",
      description =
          "Which way the encoder reads: both (the outputs side by side, each half as wide as the decoder), sum"
              + " (both, added up) or forward. Default: ${DEFAULT-VALUE}.")
  String direction = "both";

  @Option(
      names = "--encoder-units",
      paramLabel = "N",
      split = ",",
      description =
          "Units of each layer of the encoder, of each way it reads. Default: as --units, half as many where"
              + " it reads both ways.")
  int @Nullable [] encoderUnits;

  @Option(
      names = "--tied",
      description = "The head uses the vectors of the target's tokens as its weights.")
  boolean tied;

  @Option(
      names = "--scheduled-sampling",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "Share of the tokens that the decoder reads which are its own, at the end of training; it grows from"
              + " 0 (Bengio et al. 2015). Default: ${DEFAULT-VALUE}, the target's always.")
  double scheduledSampling;

  @Option(
      names = "--measure",
      paramLabel = "NAME",
      defaultValue = "loss",
      description =
          "What says which model is best: loss, or exact (the share of sources that become one of their targets,"
              + " written greedily). Default: ${DEFAULT-VALUE}.")
  String measure = "loss";

  @Override
  protected Defaults defaults() {
    return TransducerRun.DEFAULTS;
  }

  @Override
  public Progress.Targets targets() {
    return Progress.Targets.TOKENS;
  }

  @Override
  protected String reached(TransducerRun run, Provenance model) {
    double exact = model.validationMeasure();
    String ofExact =
        Double.isNaN(exact) ? "" : String.format(Locale.ROOT, "exact match %.2f%%, ", 100 * exact);
    return ofExact + String.format(Locale.ROOT, "loss %.4f nats/token", model.validationLoss());
  }

  @Override
  protected List<String> next(TransducerRun run, Path model) {
    return List.of(
        "unroll transduce eval " + model + " FILE",
        "echo 'some text' | unroll transduce predict " + model + " -");
  }

  @Override
  protected TransducerRun run(Training options, RunOutput output) {
    PairTable table = columns.table();
    List<Pair> all = table.read(files);
    List<List<Pair>> parts =
        running.hasValidation()
            ? List.of(all, table.read(running.valid()))
            : Pair.cut(all, running.share(defaults()));
    List<Pair> chosen = parts.get(0);
    boolean exact =
        switch (measure) {
          case "loss" -> false;
          case "exact" -> true;
          default -> throw new InputException("--measure is " + measure, "Use loss or exact.");
        };
    var fields =
        TransducerFields.of(
            transduction(),
            units.source().tokenizer(chosen.stream().map(Pair::source).toList()),
            units.target(chosen.stream().map(Pair::target).toList()));
    var goal = new TransducerRun.Goal(scheduledSampling, exact);
    var reading = Map.of("sourceColumn", table.source(), "targetColumn", table.target());
    return new TransducerRun(fields, parts, goal, options, output.withReading(reading));
  }

  private TransducerSpec transduction() {
    Network decoder = network.network(defaults()).withTied(tied);
    var way = Network.direction(direction);
    int[] own = encoderUnits;
    if (own == null) {
      int ways = way.outputs(1); // 2 where the outputs lie side by side
      own = Arrays.stream(network.units()).map(each -> Math.max(1, each / ways)).toArray();
    }
    if (decoder.learnedStart()) {
      throw new InputException(
          "--learned-start does nothing in an encoder-decoder: it begins with what was read",
          "Leave it out.");
    }
    Network encoder = network.withUnits(decoder, own, way);
    boolean attends = !attention.equals("none");
    if (!attends && noInputFeeding) {
      throw new InputException(
          "--no-input-feeding does nothing without attention", "Leave it out.");
    }
    return TransducerSpec.of(encoder, decoder, attention, attends && !noInputFeeding);
  }

  @Override
  protected void introduce(PrintWriter err, TransducerRun run) {
    err.println(
        "%,d pairs to train on, %,d to validate on; sources of %,d different tokens (%s), targets of %,d (%s)"
            .formatted(
                run.training().size(),
                run.validation().size(),
                run.fields().source().size(),
                units.source().unit(),
                run.fields().target().size(),
                units.targetUnit()));
    err.println(
        "%,d parameters; %s".formatted(run.size(), ThreadOption.kernels(run.options().threads())));
  }
}
