package dev.unroll.cli.recognize;

import dev.unroll.cli.option.PairTrainCommand;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.report.PeakMemory;
import dev.unroll.cli.report.Progress;
import dev.unroll.data.Pair;
import dev.unroll.data.SourceReader;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.InputException;
import dev.unroll.network.Dropouts;
import dev.unroll.network.Network;
import dev.unroll.task.RunOutput;
import dev.unroll.task.recognize.Recognizer;
import dev.unroll.task.recognize.RecognizerFields;
import dev.unroll.task.recognize.RecognizerRun;
import dev.unroll.text.table.PairTable;
import dev.unroll.train.Learner;
import dev.unroll.train.Training;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code unroll recognize train}: sequences with unaligned labels in, model file out. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Trains a network by CTC on sequences with labels whose places are not known, and writes it to one"
            + " file.",
    footer = {
      "",
      "A line is a pair of a source and a target. A source of numbers has its steps between spaces and",
      "the numbers of a step between commas, such as 0.12,1 0.4,0; each column is standardised.",
      "Example:  unroll recognize train morse.tsv --source-unit numbers --units 100 -o morse.safetensors",
    })
public final class RecognizeTrainCommand extends PairTrainCommand<RecognizerRun> {

  private static final String NUMBERS = "numbers";

  @Option(
      names = "--direction",
      paramLabel = "WAY",
      defaultValue = "both",
      description =
          "Which way the layers read: both (the outputs side by side), sum (both, added up) or forward."
              + " Default: ${DEFAULT-VALUE}.")
  String direction = "both";

  @Override
  protected Progress.Targets targets() {
    return Progress.Targets.SEQUENCES;
  }

  @Override
  protected Learner learner(RecognizerRun run) {
    return run.learner();
  }

  @Override
  protected void train(RecognizerRun run, Path file) {
    PrintWriter err = spec.commandLine().getErr();
    try (var progress = new Progress(err, targets())) {
      var model = new Recognizer(running.watch(progress, run::run, spec));
      double errors = 100 * (1 - model.provenance().validationMeasure());
      err.println(
          String.format(
              Locale.ROOT,
              "%s: validation label error rate %.3f%%; trained in %s at %,.0f sequences/s%s",
              file,
              errors,
              Progress.clockTime(progress.seconds()),
              progress.targetsPerSecond(),
              PeakMemory.text()));
    }
    err.println("Next:  unroll recognize eval " + file + " FILE");
  }

  @Override
  protected RecognizerRun run(Training options, RunOutput kept) {
    PairTable table = columns.table();
    List<PairTable.Line> all = table.lines(files);
    List<PairTable.Line> valid = running.valid.isEmpty() ? List.of() : table.lines(running.valid);
    List<Pair> pairs = all.stream().map(PairTable.Line::pair).toList();
    List<List<Pair>> parts =
        running.valid.isEmpty()
            ? Pair.cut(pairs, running.share(SHARE))
            : List.of(pairs, valid.stream().map(PairTable.Line::pair).toList());
    var read = parts.getFirst();
    Tokenizer target = units.target(read.stream().map(Pair::target).toList());
    if (units.sourceUnit.equals(NUMBERS)) {
      int inputs = SourceReader.inputs(read.getFirst().source());
      all.forEach(line -> line.check(pair -> SourceReader.checkNumbers(pair.source(), inputs)));
    }
    SourceReader source = source(read.stream().map(Pair::source).toList());
    all.forEach(line -> line.check(pair -> RecognizerRun.check(source, target, pair)));
    valid.forEach(line -> line.check(pair -> RecognizerRun.check(source, target, pair)));
    Network layers = network.network(0.2, false).withDirection(Network.direction(direction));
    if (units.sourceUnit.equals(NUMBERS) && network.inputDropout == null) {
      Dropouts rates = layers.dropouts(); // of two numbers none can be missed
      layers = layers.withDropout(0, rates.layer(), rates.output());
    }
    if (units.sourceUnit.equals(NUMBERS) && layers.embedding() > 0) {
      throw new InputException(
          "--embedding does nothing where sources are numbers", "Leave it out.");
    }
    if (units.sourceUnit.equals(NUMBERS) && layers.dropouts().words() > 0) {
      throw new InputException(
          "--word-dropout does nothing where sources are numbers", "Leave it out.");
    }
    var reading = Map.of("sourceColumn", table.source(), "targetColumn", table.target());
    return new RecognizerRun(
        RecognizerFields.of(layers, source, target), parts, options, kept.withReading(reading));
  }

  private SourceReader source(List<String> sources) {
    return units.sourceUnit.equals(NUMBERS)
        ? SourceReader.ofNumbers(sources)
        : SourceReader.ofText(units.source(sources));
  }

  @Override
  protected void introduce(RecognizerRun run) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        "%,d pairs to train on, %,d to validate on; sources of %s, targets of %,d different tokens (%s)"
            .formatted(
                run.training().size(),
                run.validation().size(),
                run.fields().source().inputs() > 0
                    ? "%d number%s a step"
                        .formatted(
                            run.fields().source().inputs(),
                            run.fields().source().inputs() == 1 ? "" : "s")
                    : "%,d different tokens (%s)"
                        .formatted(run.fields().source().vocabulary(), units.sourceUnit),
                run.fields().target().size(),
                units.targetUnit));
    err.println(ThreadOption.kernels(run.options().threads()));
  }
}
