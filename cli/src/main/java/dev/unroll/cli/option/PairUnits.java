package dev.unroll.cli.option;

import dev.unroll.data.Tokenizer;
import dev.unroll.text.Segmentation;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the tokens of sources and targets are, and which have an id. */
@KeptInModel
public final class PairUnits {

  @Mixin private SourceUnits source = new SourceUnits("characters");

  @Option(
      names = "--target-unit",
      paramLabel = "UNIT",
      defaultValue = "characters",
      description =
          "What a token of a target is. What words write is put together by rules that not every text"
              + " follows; what the others write stands as they wrote it. Default: ${DEFAULT-VALUE}.")
  String targetUnit = "characters";

  /** Returns what a token of a source is, and how sources are read. */
  public SourceUnits source() {
    return source;
  }

  /** Returns what a token of a target is. */
  public String targetUnit() {
    return targetUnit;
  }

  /** Returns how targets become ids. */
  public Tokenizer target(List<String> texts) {
    return source.tokenizer(texts, Segmentation.of(Segmentation.Unit.of(targetUnit)), 1);
  }
}
