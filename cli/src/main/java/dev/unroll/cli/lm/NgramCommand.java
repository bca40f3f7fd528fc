package dev.unroll.cli.lm;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.BaselineOptions;
import dev.unroll.cli.option.FolderOption;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.cli.option.KeptOptions;
import dev.unroll.cli.option.OutputFile;
import dev.unroll.cli.option.TextOptions;
import dev.unroll.cli.report.Form;
import dev.unroll.data.Provenance;
import dev.unroll.model.LanguageModel;
import dev.unroll.text.Corpus;
import dev.unroll.text.ngram.ArpaFile;
import dev.unroll.text.ngram.KneserNey;
import dev.unroll.text.ngram.NgramModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll lm ngram}: the baseline that a network has to beat. */
@Command(
    name = "ngram",
    description =
        "Estimates an n-gram model of a text with interpolated modified Kneser-Ney smoothing, writes it"
            + " as an ARPA file, and evaluates it.",
    footer = {
      "",
      "eval, score and mix use the file like a model.",
      "Examples:",
      "  unroll lm ngram train.txt --unit tokens --min-count 1 --order 5 -o kn.arpa --test valid.txt",
      "  unroll lm ngram news.txt --tokenizer-of news.safetensors -o news.arpa",
    })
final class NgramCommand extends UnrollCommand {

  @Mixin BaselineOptions given = new BaselineOptions();

  @Option(
      names = {"-o", "--out"},
      paramLabel = "ARPA",
      description = "The file to write, in the ARPA format.")
  @Nullable Path out;

  @KeptInModel
  @Option(
      names = "--order",
      paramLabel = "N",
      defaultValue = "5",
      description = "Length of the longest n-grams, at most 10. Default: ${DEFAULT-VALUE}.")
  int order = 5;

  @KeptInModel
  @Option(
      names = "--tokenizer-of",
      paramLabel = "MODEL",
      description =
          "Tokenize the text like this model, with its vocabulary, so that both can be mixed.")
  @Nullable Path tokenizerOf;

  @Mixin TextOptions text = new TextOptions();
  @Mixin FolderOption folders = new FolderOption();

  @Override
  public Integer call() {
    PrintWriter err = err();
    Path file = out;
    if (file == null && given.tests().isEmpty()) {
      throw new InputException("nothing is asked for", "Give -o ARPA, --test FILE, or both.");
    }
    if (file != null) {
      var inputs = new ArrayList<>(folders.files(given.files()));
      inputs.addAll(given.tests());
      if (tokenizerOf != null) {
        inputs.add(tokenizerOf);
      }
      OutputFile.checkPlace(file, inputs);
    }
    if (given.form() != Form.TEXT && given.tests().isEmpty()) {
      throw new InputException(
          "--json and --output do nothing without --test", "Name a file with --test.");
    }
    for (String option : List.of("--reading", "--split-sentences")) {
      if (parsed().hasMatchedOption(option)) {
        throw new InputException(
            option + " does nothing here", "N-gram models read sentence by sentence, a line each.");
      }
    }
    Corpus corpus = corpus();
    KneserNey.Estimate estimate = KneserNey.estimateWithNotes(corpus, order);
    NgramModel model = estimate.model();
    if (!estimate.fallbackOrders().isEmpty()) {
      err.println(
          "the text has too few n-grams of length %s to estimate their discounts; 0.5, 1 and 1.5 are used"
                  .formatted(numbers(estimate.fallbackOrders()))
              + ", as by lmplz --discount_fallback");
    }
    err.println(
        "%,d tokens, vocabulary %,d: %,d n-grams of up to %d words"
            .formatted(corpus.size(), corpus.tokenizer().size(), model.size(), order));
    if (file != null) {
      ArpaFile.write(model, provenance(corpus), file);
      err.println(file + ": written. Next:  unroll lm eval " + file + " FILE");
    }
    EvaluationReport.of(model, folders.files(given.tests()), Workers.single())
        .print(out(), given.form());
    return 0;
  }

  private static String numbers(List<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private Map<String, Object> provenance(Corpus corpus) {
    var made = new LinkedHashMap<String, Object>();
    made.put("version", Provenance.VERSION);
    made.put("training", corpus.fingerprint());
    made.put("trainingTokens", corpus.size());
    made.put("command", KeptOptions.of(parsed()));
    return made;
  }

  private Corpus corpus() {
    Path model = tokenizerOf;
    if (model == null) {
      List<Path> files = folders.files(given.files());
      Corpus.Options options = text.corpus(files);
      return Corpus.read(
          files,
          new Corpus.Options(
              options.segmentation(), options.maxVocabulary(), options.minCount(), false));
    }
    for (String option :
        List.of("--unit", "--lower-case", "--no-punctuation", "--vocabulary", "--min-count")) {
      if (parsed().hasMatchedOption(option)) {
        throw new InputException(
            option + " cannot be combined with --tokenizer-of", "The model says what a token is.");
      }
    }
    return Corpus.read(folders.files(given.files()), LanguageModel.open(model).tokenizer(), false);
  }
}
