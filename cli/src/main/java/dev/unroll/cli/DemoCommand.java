package dev.unroll.cli;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.OutputFile;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.report.Progress;
import dev.unroll.data.Reading;
import dev.unroll.kernel.Kernels;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.Network;
import dev.unroll.result.Sampling;
import dev.unroll.task.RunOutput;
import dev.unroll.task.lm.LanguageModelRun;
import dev.unroll.text.Corpus;
import dev.unroll.text.Lines;
import dev.unroll.text.Segmentation;
import dev.unroll.text.ngram.KneserNey;
import dev.unroll.train.Schedule;
import dev.unroll.train.Training;
import dev.unroll.train.optimizer.Adam;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll demo}: the main job on text that is at hand, in two to three minutes. */
@Command(
    name = "demo",
    description = {
      "Trains a word-level LSTM on real text, compares it with n-gram models, scores sentences and"
          + " samples, in two to three minutes on two cores.",
      "Without FILE the text is the definitions and example sentences of WordNet 3.1 (Princeton"
          + " University 2011).",
    })
final class DemoCommand extends UnrollCommand {

  /** Of which the first should be the more probable. */
  private static final List<List<String>> PAIRS =
      List.of(
          List.of("the cats were full", "the cats was full"),
          List.of("a person who writes books", "a person which write books"),
          List.of("he gave her a book", "he gave she a book"),
          List.of("the act of reading a letter", "the act of red a letter"),
          List.of("a piece of cake", "a peace of cake"),
          List.of("they went to the sea", "they went to the see"),
          List.of("the color of the sky", "the color off the sky"),
          List.of("she has two children", "she have two children"));

  private static final int BATCH = 32;
  private static final int MOST_LINES = 180_000;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "Your own text, one sentence per line, instead of WordNet.")
  @Nullable Path file;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "MODEL",
      description = "Keep the model in a file.")
  @Nullable Path out;

  @Mixin ThreadOption threads = new ThreadOption();

  @Override
  public Integer call() {
    PrintWriter screen = out();
    if (out != null) {
      OutputFile.check(out, file == null ? List.of() : List.of(file));
    }
    List<String> lines = lines();
    var segmentation = new Segmentation(Segmentation.Unit.WORDS, true, true);
    int valid = Math.max(1, Math.min(lines.size() / 20, 4_500));
    var corpus =
        Corpus.of(
            lines.subList(0, lines.size() - valid),
            new Corpus.Options(segmentation, 8_000, lines.size() < 1_000 ? 1 : 2, false));
    var validation =
        Corpus.of(lines.subList(lines.size() - valid, lines.size()), corpus.tokenizer(), false);
    screen.println(source());
    screen.println(
        "%,d sentences, %,d words and punctuation marks to train on, %,d to validate on; vocabulary %,d"
            .formatted(
                corpus.sentences(), corpus.size(), validation.size(), corpus.tokenizer().size()));
    double unigram = baseline(corpus, 1, validation);
    double trigram = baseline(corpus, 3, validation);
    screen.println(
        String.format(
            Locale.ROOT,
            "Baselines on the validation part: unigram perplexity %.1f, interpolated trigram"
                + " (Kneser-Ney) %.1f",
            unigram,
            trigram));
    var run =
        new LanguageModelRun(
            corpus, validation, network(epochs(corpus.sentences())), options(corpus.sentences()));
    var output = new RunOutput(List.of(), false, out, null);
    LanguageModel model = train(screen, run.withOutput(output));
    double loss = model.provenance().validationLoss();
    screen.println(
        String.format(
            Locale.ROOT,
            "%nPerplexity on the validation part: unigram %.1f, trigram %.1f, this LSTM %.1f",
            unigram,
            trigram,
            Math.exp(loss)));
    showPairs(screen, model);
    showSamples(screen, model);
    showNext(screen);
    return 0;
  }

  /** The perplexity of an n-gram model of the same text, on the same tokens. */
  private static double baseline(Corpus corpus, int order, Corpus validation) {
    return KneserNey.estimate(corpus, order).evaluate(validation, Workers.single()).perplexity();
  }

  /** At most as many lines as the demo can read in its time; blank ones are passed over. */
  private List<String> lines() {
    Path own = file;
    if (own == null) {
      return WordNetText.sentences();
    }
    var lines = new ArrayList<String>();
    for (Path each : Lines.files(List.of(own))) {
      Lines.read(
          each,
          line -> {
            if (!line.isBlank() && lines.size() < MOST_LINES) {
              lines.add(line);
            }
          });
    }
    if (lines.size() < 2) {
      throw InputException.in(
          own,
          "has %d lines of text, too few for the demo".formatted(lines.size()),
          "Give a text of more lines, a sentence each; a few thousand work best.");
    }
    return lines;
  }

  private String source() {
    return file == null
        ? "Text: definitions and examples of WordNet 3.1 (Princeton University 2011)"
        : "Text: " + file;
  }

  private static int epochs(long sentences) {
    return (int) Math.max(1, Math.min(40, MOST_LINES / sentences));
  }

  /** A text that is read many times would be learned by heart without dropout. */
  private static Network network(int epochs) {
    return Network.lstm(256).withTied(true).withDropout(epochs > 3 ? 0.5 : 0);
  }

  /**
   * As many epochs as make about the same number of steps of any text, validated about six times.
   */
  private Training options(long sentences) {
    int epochs = epochs(sentences);
    long steps = (sentences + BATCH - 1) / BATCH * epochs;
    return Training.defaults()
        .withOptimizer(new Adam(0.004))
        .withSchedule(new Schedule.Cosine(0.02), (int) Math.min(100, steps / 10))
        .withEpochs(epochs)
        .withBatch(BATCH, 64)
        .withReading(Reading.SENTENCES)
        .withValidation((int) Math.max(1, steps / 6), 2)
        .withThreads(threads.count());
  }

  private LanguageModel train(PrintWriter screen, LanguageModelRun run) {
    screen.println(
        "Training an LSTM of 256 units, %d threads, %s"
            .formatted(run.options().threads(), Kernels.description()));
    screen.flush();
    PrintWriter err = err();
    try (var progress = new Progress(err, Progress.Targets.TOKENS)) {
      return new LanguageModel(run.run(progress));
    }
  }

  private static boolean knows(LanguageModel model, String text) {
    int unknown = model.tokenizer().unknown();
    return Arrays.stream(model.tokenizer().encode(text)).noneMatch(id -> id == unknown);
  }

  private static void showPairs(PrintWriter screen, LanguageModel model) {
    var known =
        PAIRS.stream().filter(pair -> pair.stream().allMatch(text -> knows(model, text))).toList();
    if (known.isEmpty()) {
      return; // a text in another language
    }
    screen.println("\nWhich of two was said? Log-probabilities in nats, the likelier one marked:");
    for (List<String> pair : known) {
      double first = model.score(pair.get(0)).total();
      double second = model.score(pair.get(1)).total();
      screen.println(
          String.format(
              Locale.ROOT,
              " %s %7.2f  %-30s %s %7.2f  %s",
              first >= second ? "*" : " ",
              first,
              pair.get(0),
              second > first ? "*" : " ",
              second,
              pair.get(1)));
    }
  }

  private static void showSamples(PrintWriter screen, LanguageModel model) {
    screen.println("\nSampled, temperature 0.7:");
    var options = Sampling.defaults().withLength(30).withTemperature(0.7);
    for (String prompt : List.of("", "a person who", "the act of", "he")) {
      if (!knows(model, prompt)) {
        continue;
      }
      for (int i = 0; i < 2; i++) {
        screen.println("  " + prompt + model.sample(prompt, options, i).text());
      }
    }
  }

  private void showNext(PrintWriter screen) {
    screen.println();
    screen.println(
        out == null
            ? "Next:  unroll demo my.txt   or   unroll lm train my.txt -o my.safetensors"
            : "Next:  unroll lm sample " + out + " --count 5   or   unroll lm score " + out + " -");
  }
}
