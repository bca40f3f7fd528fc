package dev.unroll.cli.lm;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.ModelFiles;
import dev.unroll.cli.option.OutputFile;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.data.Provenance;
import dev.unroll.model.Mixture;
import dev.unroll.text.Corpus;
import dev.unroll.text.Lines;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll lm mix}: models together. */
@Command(
    name = "mix",
    description =
        "Mixes the probabilities of models with the same vocabulary: networks with each other, or with"
            + " n-gram models. The weights are fitted to held-out text; without one they are equal.",
    footer = {
      "",
      "The mixture is a small file that names its members; eval and score use it like a model.",
      "Example:  unroll lm mix a.safetensors b.safetensors kn.arpa --tune valid.txt -o mixed.json",
    })
final class MixCommand extends UnrollCommand {

  @Parameters(
      paramLabel = "MODEL",
      arity = "2..*",
      description = "Trained models and n-gram models (.arpa).")
  List<Path> models = List.of();

  @Option(
      names = "--tune",
      paramLabel = "FILE",
      description = "Held-out text that the weights are fitted to. Default: none, equal weights.")
  @Nullable Path tune;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Write the mixture to a file.")
  @Nullable Path out;

  @Mixin ThreadOption threads = new ThreadOption();

  @Override
  public Integer call() throws IOException {
    Path file = out;
    Path heldOut = tune;
    if (file == null && heldOut == null) {
      throw new InputException(
          "neither --tune nor --out", "Name a text to find weights on, a file to write, or both.");
    }
    if (heldOut != null && Lines.isStandardInput(heldOut)) {
      throw new InputException("--tune is standard input", "Name a file.");
    }
    if (file != null) {
      var inputs = new ArrayList<>(models);
      if (heldOut != null) {
        inputs.add(heldOut);
      }
      OutputFile.checkPlace(file, inputs);
    }
    var made = new LinkedHashMap<String, Object>();
    made.put("version", Provenance.VERSION);
    var equal = Mixture.equal(ModelFiles.openTogether(models));
    var mixture = heldOut == null ? equal : tuned(equal, heldOut, made);
    if (file != null) {
      ModelFiles.write(file, models, mixture.weights(), made);
      PrintWriter errors = err();
      if (heldOut == null) {
        errors.println(file + ": written, with equal weights; --tune FILE finds better ones.");
      }
      errors.println("Next:  unroll lm eval " + file + " FILE");
    }
    return 0;
  }

  /** Finds weights, prints them, and adds to {@code made} where they come from. */
  private Mixture tuned(Mixture equal, Path text, Map<String, Object> made) throws IOException {
    PrintWriter screen = out();
    try (Workers workers = threads.workers()) {
      Corpus heldOut = EvaluationReport.corpus(equal, text);
      Mixture.Tuning tuning = Mixture.tune(equal.members(), heldOut, workers);
      screen.println("  weight  perplexity  model");
      for (int i = 0; i < models.size(); i++) {
        double weight = tuning.mixture().weights().get(i);
        screen.println(line(weight, tuning.perplexities().get(i), models.get(i).toString()));
      }
      screen.println(line(1, tuning.perplexity(), "mixed, on " + text));
      made.put("heldOut", heldOut.fingerprint());
      made.put("heldOutTokens", heldOut.size());
      made.put("heldOutPerplexity", tuning.perplexity());
      return tuning.mixture();
    }
  }

  private static String line(double weight, double perplexity, String name) {
    String text =
        Double.isInfinite(perplexity) ? "infinite" : String.format(Locale.ROOT, "%.2f", perplexity);
    return String.format(Locale.ROOT, "%8.4f  %10s  %s", weight, text, name);
  }
}
