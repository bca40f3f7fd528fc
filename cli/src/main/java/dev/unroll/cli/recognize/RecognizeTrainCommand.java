package dev.unroll.cli.recognize;

import dev.unroll.cli.command.PairTrainCommand;
import dev.unroll.cli.option.DirectionOption;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.report.Progress;
import dev.unroll.data.Pair;
import dev.unroll.data.SourceReader;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Provenance;
import dev.unroll.network.Network;
import dev.unroll.task.Defaults;
import dev.unroll.task.RunOutput;
import dev.unroll.task.recognize.RecognizerFields;
import dev.unroll.task.recognize.RecognizerRun;
import dev.unroll.text.table.PairTable;
import dev.unroll.train.Training;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code unroll recognize train}: sequences with unaligned labels in, model file out. */
@Command(
    name = "train",
    description =
        "Trains a network by CTC on sequences with labels whose places are not known, and writes it to one"
            + " file.",
    footer = {
      "",
      "A line is a pair of a source and a target. A source of numbers has its steps between spaces and",
      "the numbers of a step between commas, such as 0.12,1 0.4,0; each column is standardized.",
      "Example:  unroll recognize train morse.tsv --source-unit numbers --units 100 -o morse.safetensors",
    })
final class RecognizeTrainCommand extends PairTrainCommand<RecognizerFields, RecognizerRun> {

  @Mixin DirectionOption direction = new DirectionOption();

  @Override
  protected Defaults defaults() {
    return RecognizerRun.DEFAULTS;
  }

  @Override
  public Progress.Targets targets() {
    return Progress.Targets.SEQUENCES;
  }

  @Override
  protected String reached(RecognizerRun run, Provenance model) {
    double errors = 100 * (1 - model.validationMeasure());
    return String.format(Locale.ROOT, "label error rate %.3f%%", errors);
  }

  @Override
  protected List<String> next(RecognizerRun run, Path model) {
    return List.of("unroll recognize eval " + model + " FILE");
  }

  @Override
  protected RecognizerRun run(Training options, RunOutput output) {
    boolean numbers = units.source().numbers();
    PairTable table = columns.table();
    List<PairTable.Line> all = table.lines(files);
    List<PairTable.Line> valid = running.hasValidation() ? table.lines(running.valid()) : List.of();
    List<Pair> pairs = all.stream().map(PairTable.Line::pair).toList();
    List<List<Pair>> parts =
        running.hasValidation()
            ? List.of(pairs, valid.stream().map(PairTable.Line::pair).toList())
            : Pair.cut(pairs, running.share(defaults()));
    var read = parts.getFirst();
    Tokenizer target = units.target(read.stream().map(Pair::target).toList());
    if (numbers) {
      int inputs = SourceReader.inputs(read.getFirst().source());
      all.forEach(line -> line.check(pair -> SourceReader.checkNumbers(pair.source(), inputs)));
    }
    SourceReader source = units.source().reader(read.stream().map(Pair::source).toList());
    all.forEach(line -> line.check(pair -> RecognizerRun.check(source, target, pair)));
    valid.forEach(line -> line.check(pair -> RecognizerRun.check(source, target, pair)));
    Network layers = network.ofSources(numbers, defaults()).withDirection(direction.direction());
    var reading = Map.of("sourceColumn", table.source(), "targetColumn", table.target());
    var fields = RecognizerFields.of(layers, source, target);
    return new RecognizerRun(fields, parts, options, output.withReading(reading));
  }

  @Override
  protected void introduce(PrintWriter err, RecognizerRun run) {
    err.println(
        "%,d pairs to train on, %,d to validate on; sources of %s, targets of %,d different tokens (%s)"
            .formatted(
                run.training().size(),
                run.validation().size(),
                units.source().described(run.fields().source()),
                run.fields().target().size(),
                units.targetUnit()));
    err.println(ThreadOption.kernels(run.options().threads()));
  }
}
