package dev.unroll.cli.option;

import dev.unroll.base.Precision;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.TokenModel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** In how many bits a command uses the weights of a model. */
public final class WeightsOption {

  @Option(
      names = "--weights",
      paramLabel = "KIND",
      description =
          "Round the weights to int8 or bfloat16, which is faster for one token at a time."
              + " Default: as in the file.")
  @Nullable Precision precision;

  /** Opens whatever gives tokens probabilities. */
  public TokenModel openAny(Path model) {
    return ModelFiles.open(model, precision);
  }

  public LanguageModel open(Path model) {
    return precision == null ? LanguageModel.open(model) : LanguageModel.open(model, precision);
  }
}
