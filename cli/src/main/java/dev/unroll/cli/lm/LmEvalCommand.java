package dev.unroll.cli.lm;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.command.EvalCommand;
import dev.unroll.cli.option.FolderOption;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.TokenModel;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code unroll lm eval}: how well a model predicts texts. */
@Command(
    name = "eval",
    description = "Evaluates a language model on texts: perplexity, bits per character and more.",
    footer = {
      "",
      "Each file is read as in training: as one stream, or sentence by sentence.",
      "Perplexities are per token: over all tokens, without <EOS>, without <UNK>, without both.",
    })
final class LmEvalCommand extends EvalCommand<TokenModel, EvaluationReport> {

  @Mixin TokenModelOptions model = new TokenModelOptions();

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE",
      description = "Text: files (.gz too), folders, or - for standard input.")
  List<Path> files = List.of();

  @Mixin AdaptationOptions adaptation = new AdaptationOptions();

  @Mixin GivenTable table = new GivenTable();

  @Mixin FolderOption folders = new FolderOption();

  @Override
  protected TokenModel open() {
    return model.open();
  }

  @Override
  protected EvaluationReport measure(TokenModel opened, Workers workers) {
    TokenModel adapted = adaptation.apply(opened, model.file, workers, err());
    return table.used()
        ? EvaluationReport.ofTables(language(adapted), table, files, workers)
        : EvaluationReport.of(adapted, folders.files(files), workers);
  }

  /** Returns a model of train, as it is. */
  private LanguageModel language(TokenModel adapted) {
    if (model.given.given != null || !(adapted instanceof LanguageModel language)) {
      throw new InputException(
          "--given-column needs a model of train as it is, for the labels of a table",
          "Leave --given, --cache and --dynamic out, and name one model of train.");
    }
    return language;
  }
}
