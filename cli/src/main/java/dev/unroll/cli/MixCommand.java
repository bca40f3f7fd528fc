package dev.unroll.cli;

import dev.unroll.kernel.Workers;
import dev.unroll.model.InputException;
import dev.unroll.task.LanguageModelTraining;
import dev.unroll.task.Mixture;
import dev.unroll.task.TokenModel;
import dev.unroll.text.Corpus;
import dev.unroll.text.Lines;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unroll lm mix}: models together. */
@Command(
    name = "mix",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Mixes the probabilities of models under one vocabulary: networks with each other, or with"
            + " n-gram models. Finds the weights on a held-out text.",
    footer = {
      "",
      "The mixture is a small file that names its members; eval and score use it like a model.",
      "Example:  unroll lm mix a.safetensors b.safetensors kn.arpa --tune valid.txt -o mixed.json",
    })
final class MixCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "MODEL",
      arity = "2..*",
      description = "Models of train and n-gram models (.arpa).")
  List<Path> models = List.of();

  @Option(
      names = "--tune",
      paramLabel = "FILE",
      required = true,
      description = "Held-out text that the weights are found on.")
  Path tune = Path.of("");

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Write the mixture to a file.")
  @Nullable Path out;

  @Mixin ThreadOption threads = new ThreadOption();

  @Override
  public Integer call() throws IOException {
    Path file = out;
    if (file != null) {
      var inputs = new ArrayList<>(models);
      inputs.add(tune);
      OutputFile.checkPlace(file, inputs);
    }
    if (Lines.isStandardInput(tune)) {
      throw new InputException("--tune is standard input", "Name a file.");
    }
    List<TokenModel> members = ModelFiles.openTogether(models);
    PrintWriter screen = spec.commandLine().getOut();
    try (Workers workers = threads.workers()) {
      Corpus heldOut = EvaluationReport.corpus(Mixture.equal(members), tune);
      Mixture.Tuning tuning = Mixture.tune(members, heldOut, workers);
      List<Double> weights = tuning.mixture().weights();
      screen.println("  weight  perplexity  model");
      for (int i = 0; i < members.size(); i++) {
        double alone = tuning.perplexities().get(i);
        screen.println(line(weights.get(i), alone, models.get(i).toString()));
      }
      screen.println(line(1, tuning.perplexity(), "mixed, on " + tune));
      if (file != null) {
        var made = new LinkedHashMap<String, Object>();
        made.put("version", LanguageModelTraining.VERSION);
        made.put("heldOut", heldOut.fingerprint());
        made.put("heldOutTokens", heldOut.size());
        made.put("heldOutPerplexity", tuning.perplexity());
        ModelFiles.write(file, models, weights, made);
        spec.commandLine().getErr().println("Next:  unroll lm eval " + file + " FILE");
      }
    }
    return 0;
  }

  private static String line(double weight, double perplexity, String name) {
    return String.format(Locale.ROOT, "%8.4f  %10.2f  %s", weight, perplexity, name);
  }
}
