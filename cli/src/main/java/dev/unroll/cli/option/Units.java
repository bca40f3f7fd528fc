package dev.unroll.cli.option;

import dev.unroll.data.Tokenizer;
import dev.unroll.text.BytePairTokenizer;
import dev.unroll.text.Segmentation;
import dev.unroll.text.VocabularyTokenizer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the tokens of a model are, as options say it. */
public final class Units {

  private Units() {}

  /** Returns the label of the unit; {@code numbers} where there is no tokenizer. */
  public static String label(@Nullable Tokenizer tokenizer) {
    return switch (tokenizer) {
      case null -> SourceUnits.NUMBERS;
      case VocabularyTokenizer own -> own.segmentation().unit().label();
      case BytePairTokenizer pairs -> Segmentation.Unit.BYTE_PAIRS.label();
      default -> String.valueOf(tokenizer.describe().get("kind"));
    };
  }

  /** Puts whether text is put into lower case first into a map, by the option's name. */
  public static void describeCase(@Nullable Tokenizer tokenizer, Map<String, Object> shape) {
    if (tokenizer != null && tokenizer.describe().get("lowerCase") instanceof Boolean lower) {
      shape.put("--lower-case", lower);
    }
  }
}
