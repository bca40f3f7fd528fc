package dev.unroll.cli.recognize;

import dev.unroll.RecognizerTrainer;
import dev.unroll.Unroll;
import dev.unroll.cli.command.PairTrainCommand;
import dev.unroll.cli.option.DirectionOption;
import dev.unroll.cli.option.NetworkOptions;
import dev.unroll.cli.option.PairUnits;
import dev.unroll.cli.report.Progress;
import dev.unroll.data.Provenance;
import dev.unroll.file.Numbers;
import dev.unroll.model.Recognizer;
import dev.unroll.network.Network;
import dev.unroll.task.Defaults;
import dev.unroll.task.recognize.RecognizerFields;
import dev.unroll.task.recognize.RecognizerRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code unroll recognize train}: sequences with unaligned labels in, model file out. */
@Command(
    name = "train",
    description =
        "Trains a network with CTC on sequences whose labels are not aligned, and writes it to one file.",
    footer = {
      "",
      "Each line is a source and its target. In a source of numbers, spaces separate steps and commas",
      "separate the numbers of a step, such as 0.12,1 0.4,0; each column is standardized.",
      "Example:  unroll recognize train morse.tsv --source-unit numbers --units 100 -o morse.safetensors",
    })
final class RecognizeTrainCommand
    extends PairTrainCommand<RecognizerFields, RecognizerRun, Recognizer, RecognizerTrainer> {

  @Mixin DirectionOption direction = new DirectionOption();

  @Override
  protected Defaults defaults() {
    return RecognizerRun.DEFAULTS;
  }

  @Override
  protected Set<String> unused() {
    return Set.of("--label-smoothing");
  }

  @Override
  public Progress.Targets targets() {
    return Progress.Targets.SEQUENCES;
  }

  @Override
  protected String reached(RecognizerRun run, Provenance model) {
    return "label error rate " + Numbers.percent(1 - model.validationMeasure());
  }

  @Override
  protected List<String> next(RecognizerRun run, Path model) {
    return List.of("unroll recognize eval " + model + " FILE");
  }

  @Override
  protected Recognizer open(Path model) {
    return Recognizer.open(model);
  }

  @Override
  protected RecognizerTrainer trainer() {
    return Unroll.recognizer();
  }

  @Override
  protected boolean readsNumbers(Recognizer model) {
    return model.source().tokens() == null;
  }

  @Override
  protected Map<String, Object> shape(Recognizer model) {
    Network own = model.network().description().network();
    Map<String, Object> shape = NetworkOptions.shape(own, !readsNumbers(model));
    shape.put("--direction", DirectionOption.label(own));
    PairUnits.describe(model.source().tokens(), model.target(), shape);
    return shape;
  }

  @Override
  protected void shape(RecognizerTrainer trainer) {
    boolean numbers = units.source().numbers();
    if (numbers) {
      trainer.numbers();
    }
    if (numbers) {
      network.checkNoTokens("where sources are numbers");
    }
    trainer.network(
        usual -> network.ofSources(numbers, usual).withDirection(direction.direction()));
  }

  @Override
  protected void data(RecognizerTrainer trainer) {
    Recognizer model = parent();
    super.data(trainer);
    trainer
        .sourceTokens(units.source().tokens(model == null ? null : model.source().tokens()))
        .targetTokens(units.target(model == null ? null : model.target()));
  }
}
