package dev.unroll.cli.lm;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.JsonOption;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.report.Answers;
import dev.unroll.cli.report.Progress;
import dev.unroll.data.Reading;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.measure.PairwiseAccuracy;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.Cells;
import dev.unroll.network.Network;
import dev.unroll.task.lm.GradientReach;
import dev.unroll.task.lm.LanguageModelRun;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.text.Corpus;
import dev.unroll.text.Segmentation;
import dev.unroll.train.Training;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll agreement}: over what distance a network remembers the number of a noun. */
@Command(
    name = "agreement",
    description =
        "Trains cells of equal size on sentences whose verb agrees with an earlier noun, and shows for"
            + " each distance how often they get it right and how much of the gradient arrives.",
    footer = {
      "",
      "A language model of each cell learns generated sentences, such as «The cats , which the dog was",
      "chasing near the houses , were full .», with distances of 1 to --longest. It is tested on new",
      "sentences: was or were? The gradient norm is that of the verb's loss with respect to the layer's",
      "output k steps before, averaged over 100 sentences of the longest distance.",
      "Example:  unroll agreement --plot agreement",
    })
public final class AgreementCommand extends UnrollCommand {

  /** Fresh sentences of each distance. */
  private static final int ASKED = 200;

  /** Sentences whose gradients are measured. */
  private static final int MEASURED = 100;

  @Option(
      names = "--cells",
      paramLabel = "CELL",
      split = ",",
      defaultValue = "rnn,gru-simplified,gru,lstm",
      description = "Cells to compare, by their names in --cell. Default: ${DEFAULT-VALUE}.")
  List<String> cells = List.of();

  @Option(
      names = "--units",
      paramLabel = "N",
      defaultValue = "64",
      description = "Units of each cell. Default: ${DEFAULT-VALUE}.")
  int units = 64;

  @Option(
      names = "--longest",
      paramLabel = "N",
      defaultValue = "50",
      description = "The longest distance, in words. Default: ${DEFAULT-VALUE}.")
  int longest = 50;

  @Option(
      names = "--sentences",
      paramLabel = "N",
      defaultValue = "20000",
      description = "Sentences to train on. Default: ${DEFAULT-VALUE}.")
  int sentences = 20_000;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "Passes over the sentences. Default: ${DEFAULT-VALUE}.")
  int epochs = 10;

  @Option(
      names = "--clip-norm",
      paramLabel = "X",
      defaultValue = "1",
      description = "Scale gradients down to this norm; 0 to disable. Default: ${DEFAULT-VALUE}.")
  double clipNorm = 1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Seed of the sentences, the initial weights and everything else that is drawn."
              + " Default: ${DEFAULT-VALUE}.")
  long seed = 1;

  @Option(
      names = "--plot",
      paramLabel = "NAME",
      description = "Draw NAME-accuracy.svg, NAME-before.svg and NAME-after.svg.")
  @Nullable Path plot;

  @Mixin JsonOption json = new JsonOption();

  @Mixin ThreadOption threads = new ThreadOption();

  @Override
  public Integer call() {
    if (longest < 2 || longest > 1000 || sentences < 100) {
      throw new InputException(
          "--longest is %d, --sentences %d".formatted(longest, sentences),
          "Distances are 2 to 1,000, sentences 100 or more.");
    }
    var answers = new Answers(json.form());
    var lines = new ArrayList<String>();
    for (int i = 0; i < sentences; i++) {
      lines.add(sentence(0, i, 1 + i % longest).line());
    }
    var options = new Corpus.Options(Segmentation.of(Segmentation.Unit.TOKENS), 1000, 1, false);
    Corpus corpus = Corpus.of(lines, options);
    PrintWriter err = err();
    err.println(
        "%,d sentences, %,d words, such as: %s"
            .formatted(sentences, corpus.size(), sentence(0, 0, Math.min(longest, 14)).line()));
    var report = new AgreementReport(distances(), new LinkedHashMap<>());
    for (String cell : cells) {
      report.cells().put(cell, measure(cell, corpus, err));
    }
    if (answers.areAsked()) {
      answers.print(out(), new LinkedHashMap<>(report.cells()), report.rows());
    } else {
      report.print(out());
    }
    Path drawing = plot;
    if (drawing != null) {
      report.draw(drawing);
    }
    return 0;
  }

  /** Sentence {@code number} of a part: 0 to learn from, others to be asked. */
  private AgreementGrammar.Sentence sentence(int part, int number, int distance) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, number).part(part);
    return new AgreementGrammar(random).sentence(distance);
  }

  private AgreementReport.Measured measure(String cell, Corpus corpus, PrintWriter err) {
    Training training =
        Training.defaults()
            .withReading(Reading.SENTENCES)
            .withBatch(32, longest + 10)
            .withEpochs(epochs)
            .withClipping(clipNorm, 0)
            .withSeed(seed)
            .withThreads(threads.count());
    Network network = Network.of(Cells.of(cell), units);
    var built = new LanguageNetwork(network, corpus.tokenizer().size());
    double[] before = gradients(built, built.initialize(seed), corpus);
    try (var progress = new Progress(err, Progress.Targets.TOKENS)) {
      err.println(cell + ":");
      var run = LanguageModelRun.of(corpus, 0.05, network, training);
      var model = new LanguageModel(run.run(progress));
      double[] after = gradients(model.network(), model.parameters(), corpus);
      return AgreementReport.Measured.of(accuracy(model), before, after);
    }
  }

  private double[] gradients(LanguageNetwork network, float[] parameters, Corpus corpus) {
    var asked =
        IntStream.range(0, MEASURED)
            .mapToObj(i -> corpus.tokenizer().encode(sentence(2, i, longest).upToVerb(true)))
            .toList();
    return GradientReach.mean(network, parameters, asked, longest + 2); // the noun, and «The»
  }

  private Map<Integer, PairwiseAccuracy.Count> accuracy(LanguageModel model) {
    var accuracy = new PairwiseAccuracy<Integer>();
    try (Workers workers = threads.workers()) {
      for (int distance : distances()) {
        var texts = new ArrayList<int[]>();
        for (int i = 0; i < ASKED; i++) {
          var sentence = sentence(1, i, distance);
          texts.add(model.tokenizer().encode(sentence.upToVerb(true)));
          texts.add(model.tokenizer().encode(sentence.upToVerb(false)));
        }
        List<double[]> scores = model.logProbabilities(texts, workers);
        for (int i = 0; i < ASKED; i++) {
          double[] right = scores.get(2 * i);
          double[] wrong = scores.get(2 * i + 1);
          accuracy.add(distance, right[right.length - 1], wrong[wrong.length - 1]);
        }
      }
    }
    return accuracy.categories();
  }

  private List<Integer> distances() {
    var some = new ArrayList<Integer>();
    for (int distance : new int[] {1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40}) {
      if (distance < longest) {
        some.add(distance);
      }
    }
    some.add(longest);
    return some;
  }
}
