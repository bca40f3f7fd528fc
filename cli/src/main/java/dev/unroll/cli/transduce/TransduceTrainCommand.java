package dev.unroll.cli.transduce;

import dev.unroll.TransducerTrainer;
import dev.unroll.Unroll;
import dev.unroll.base.AttentionKind;
import dev.unroll.base.InputException;
import dev.unroll.cli.command.PairTrainCommand;
import dev.unroll.cli.option.DirectionOption;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.cli.option.NetworkOptions;
import dev.unroll.cli.option.PairUnits;
import dev.unroll.cli.report.Progress;
import dev.unroll.data.Provenance;
import dev.unroll.file.Numbers;
import dev.unroll.model.Transducer;
import dev.unroll.network.Network;
import dev.unroll.task.Defaults;
import dev.unroll.task.transduce.TransducerFields;
import dev.unroll.task.transduce.TransducerRun;
import dev.unroll.task.transduce.TransducerSpec;
import java.nio.file.Path;
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
      "Each line is a pair. A source may occur on several lines; then any of its targets is correct.",
    })
@KeptInModel
final class TransduceTrainCommand
    extends PairTrainCommand<TransducerFields, TransducerRun, Transducer, TransducerTrainer> {

  private static final String NONE = "none";

  @Option(
      names = "--attention",
      paramLabel = "KIND",
      defaultValue = "multiplicative",
      description =
          "How the decoder attends to the source: additive (Bahdanau et al. 2015),"
              + " multiplicative (Luong et al. 2015) or none. Default: ${DEFAULT-VALUE}.")
  String attention = "multiplicative";

  @Option(
      names = "--no-input-feeding",
      negatable = false,
      description =
          "Do not feed the attention output into the next step, as is done by default (Luong"
              + " et al. 2015).")
  boolean noInputFeeding;

  @Option(
      names = "--direction",
      paramLabel = "WAY",
      defaultValue = "both",
      description =
          "Direction of the encoder: both (outputs concatenated, each half as wide as the"
              + " decoder), sum (both directions, outputs added) or forward. Default:"
              + " ${DEFAULT-VALUE}.")
  String direction = "both";

  @Option(
      names = "--encoder-units",
      paramLabel = "N",
      split = ",",
      description =
          "Units of each encoder layer, per direction. Default: as --units, or half as many"
              + " with --direction both.")
  int @Nullable [] encoderUnits;

  @Option(
      names = "--tied",
      description = "Share the weights of the target embedding and the output layer.")
  boolean tied;

  @Option(
      names = "--scheduled-sampling",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "Share of its own output that the decoder reads at the end of training, growing"
              + " from 0 (Bengio et al. 2015). Default: ${DEFAULT-VALUE}, teacher forcing.")
  double scheduledSampling;

  @Option(
      names = "--measure",
      paramLabel = "NAME",
      defaultValue = "loss",
      description =
          "What decides which model is best: loss, or exact (the share of sources whose"
              + " greedy output is one of their targets). Default: ${DEFAULT-VALUE}.")
  String measure = "loss";

  @Option(
      names = "--no-counts",
      description =
          "Do not add joint n-grams or a dictionary to the trained network. Default: the better one of"
              + " them is added if that leaves clearly fewer errors in the validation data; for up to"
              + " 1.5 million tokens, or 300,000 words.")
  boolean noCounts;

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
    String ofExact = Double.isNaN(exact) ? "" : "exact match " + Numbers.percent(exact) + ", ";
    Object kind = model.part("counts").get("kind");
    return ofExact
        + String.format(Locale.ROOT, "loss %.4f nats/token", model.validationLoss())
        + (kind == null ? "" : ", with " + kind);
  }

  @Override
  protected List<String> next(TransducerRun run, Path model) {
    return List.of(
        "unroll transduce eval " + model + " FILE",
        "echo 'some text' | unroll transduce predict " + model + " -");
  }

  @Override
  protected Transducer open(Path model) {
    return Transducer.open(model);
  }

  @Override
  protected TransducerTrainer trainer() {
    return Unroll.transducer();
  }

  @Override
  protected Map<String, Object> shape(Transducer model) {
    TransducerSpec own = model.description();
    Map<String, Object> shape = NetworkOptions.shape(own.decoder(), true);
    shape.put("--tied", own.decoder().tied());
    shape.put("--direction", DirectionOption.label(own.encoder()));
    shape.put("--encoder-units", NetworkOptions.shape(own.encoder(), false).get("--units"));
    shape.put("--attention", own.attention() == null ? NONE : own.attention().label());
    shape.put("--no-input-feeding", !own.feeds());
    PairUnits.describe(model.source(), model.target(), shape);
    return shape;
  }

  @Override
  protected void shape(TransducerTrainer trainer) {
    boolean attends = !attention.equals(NONE);
    if (!attends && noInputFeeding) {
      throw new InputException(
          "--no-input-feeding does nothing without attention", "Leave it out.");
    }
    trainer
        .network(usual -> network.asked(usual).withTied(tied))
        .encoder(Network.direction(direction), encoderUnits == null ? new int[0] : encoderUnits)
        .inputFeeding(!noInputFeeding);
    AttentionKind kind = TransducerSpec.kind(attention);
    if (kind == null) {
      trainer.withoutAttention();
    } else {
      trainer.attention(kind);
    }
  }

  @Override
  protected void data(TransducerTrainer trainer) {
    boolean exact =
        switch (measure) {
          case "loss" -> false;
          case "exact" -> true;
          default -> throw new InputException("--measure is " + measure, "Use loss or exact.");
        };
    Transducer model = parent();
    super.data(trainer);
    trainer
        .sourceTokens(units.source().tokens(model == null ? null : model.source()))
        .targetTokens(units.target(model == null ? null : model.target()))
        .scheduledSampling(scheduledSampling);
    if (noCounts) {
      trainer.withoutCounts();
    }
    if (exact) {
      trainer.chooseExact();
    }
  }
}
