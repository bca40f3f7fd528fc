package dev.unroll.cli.lm;

import dev.unroll.base.InputException;
import dev.unroll.cli.option.ModelFiles;
import dev.unroll.cli.option.WeightsOption;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.TokenModel;
import dev.unroll.text.table.ConditionedTexts;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a language model is to write for. */
final class GivenOption {

  @Option(
      names = "--given",
      paramLabel = "LABEL",
      description = "Label to condition on, or its numbers, such as 0.5,1.")
  @Nullable String given;

  /** Opens a network for what is given, with its weights as they are or rounded. */
  LanguageModel open(Path file, WeightsOption weights) {
    if (ModelFiles.kind(file) != ModelFiles.Kind.NETWORK) {
      throw InputException.in(
          file,
          "is an n-gram model or a mixture, which continues no text",
          "Name a model of train.");
    }
    return of(weights.open(file));
  }

  /** Returns the model for what is given; as it is where nothing is. */
  LanguageModel of(LanguageModel model) {
    String wanted = given;
    if (wanted == null) {
      return model;
    }
    var condition = model.network().condition();
    return model.withCondition(
        condition == null ? new float[0] : ConditionedTexts.vector(wanted, condition));
  }

  /** Returns the model for what is given; as it is where nothing is. */
  TokenModel ofAny(TokenModel model) {
    if (given == null) {
      return model;
    }
    if (model instanceof LanguageModel network) {
      return of(network);
    }
    throw new InputException(
        "only a network writes for a label", "Leave --given out, or name one model of train.");
  }
}
