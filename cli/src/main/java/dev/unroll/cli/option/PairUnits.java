package dev.unroll.cli.option;

import dev.unroll.data.Tokenizer;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the tokens of sources and targets are, and which have an id. */
@KeptInModel
public final class PairUnits {

  @Mixin private SourceUnits source = new SourceUnits();

  @Option(
      names = "--target-unit",
      paramLabel = "UNIT",
      description =
          "What a token of a target is. Words are joined into text by general rules, which"
              + " not every text follows; all other units reproduce the text exactly. Default:"
              + " found from the targets.")
  @Nullable String targetUnit;

  /** Returns what a token of a source is, and how sources are read. */
  public SourceUnits source() {
    return source;
  }

  /**
   * Returns what a token of a target is, and which have an id.
   *
   * @param known how a model writes targets that is trained further, or null
   */
  public TokenOptions target(@Nullable Tokenizer known) {
    var own =
        Segmentation.of(
            targetUnit == null ? Segmentation.Unit.CHARACTERS : Segmentation.Unit.of(targetUnit));
    boolean open = targetUnit == null && known == null;
    return source.counted(own).asOpen(open).like(known);
  }

  /** Puts what a model has of these options into a map, by their names. */
  public static void describe(
      @Nullable Tokenizer source, Tokenizer target, Map<String, Object> shape) {
    SourceUnits.describe(source, shape);
    shape.put("--target-unit", Units.label(target));
  }
}
