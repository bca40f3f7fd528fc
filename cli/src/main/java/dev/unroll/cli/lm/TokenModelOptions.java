package dev.unroll.cli.lm;

import dev.unroll.cli.option.WeightsOption;
import dev.unroll.model.TokenModel;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Whatever gives tokens probabilities, and how it is used. */
final class TokenModelOptions {

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "A trained model, an n-gram model (.arpa) or a mixture.")
  Path file = Path.of("");

  @Mixin WeightsOption weights = new WeightsOption();
  @Mixin GivenOption given = new GivenOption();

  /** Opens the model. */
  TokenModel open() {
    return given.ofAny(weights.openAny(file));
  }
}
