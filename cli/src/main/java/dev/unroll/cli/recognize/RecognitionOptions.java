package dev.unroll.cli.recognize;

import dev.unroll.base.InputException;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Recognizer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How labels are looked for. */
final class RecognitionOptions {

  @Option(
      names = "--beam",
      paramLabel = "N",
      defaultValue = "" + Recognizer.Search.BEAM,
      description =
          "Keep the N best prefixes at each step; 1 takes the likeliest label of each step."
              + " Default: ${DEFAULT-VALUE}.")
  int beam = Recognizer.Search.BEAM;

  @Option(
      names = "--lm",
      paramLabel = "MODEL",
      description =
          "Language model (lm train) of targets in the same tokens, which guides the beam search.")
  @Nullable Path languageModel;

  @Option(
      names = "--lm-weight",
      paramLabel = "X",
      description =
          "Weight of the language model's log-probabilities. Default: "
              + Recognizer.Search.WEIGHT
              + ".")
  @Nullable Double weight;

  @Option(
      names = "--label-bonus",
      paramLabel = "X",
      description =
          "Bonus for each label, in nats, because a language model prefers short targets."
              + " Default: 0.")
  @Nullable Double bonus;

  Recognizer.Search search() {
    Path file = languageModel;
    if (file == null && (weight != null || bonus != null)) {
      throw new InputException(
          "--lm-weight and --label-bonus do nothing without a language model",
          "Name one with --lm, or leave them out.");
    }
    if (file != null && beam == 1) {
      throw new InputException(
          "a language model cannot guide a beam of 1", "Make --beam larger, or leave --lm out.");
    }
    LanguageModel guide = file == null ? null : LanguageModel.open(file);
    return new Recognizer.Search(
        beam, guide, weight == null ? Recognizer.Search.WEIGHT : weight, bonus == null ? 0 : bonus);
  }
}
