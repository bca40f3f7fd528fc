package dev.unroll.cli.label;

import dev.unroll.LabelTrainer;
import dev.unroll.base.InputException;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.model.LabelModel;
import dev.unroll.task.label.Spelling;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
import dev.unroll.text.WordLexicon;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a network that labels knows of tokens. */
@KeptInModel
final class LexiconOptions {

  @Option(
      names = "--lower-case",
      negatable = true,
      description =
          "Use one vector for a token in upper and lower case; --spelling still sees both."
              + " Default: in tag, with --spelling.")
  @Nullable Boolean lowerCase;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Maximum number of tokens with a vector, including <UNK> and <EOS>. Default: no"
              + " limit; 200,000 with --vectors.")
  int vocabulary;

  @Option(
      names = "--min-count",
      paramLabel = "N",
      description =
          "Minimum count of a token that gets a vector. Default: 2 for words and tokens, else 1.")
  @Nullable Long minCount;

  @Option(
      names = "--spelling",
      paramLabel = "N",
      description =
          "Add character features with N units per direction (an LSTM reads the characters of"
              + " each token); 0: none. Default: 50 in tag, 0 in classify.")
  @Nullable Integer spelling;

  @Option(
      names = "--spelling-embedding",
      paramLabel = "N",
      defaultValue = "30",
      description = "Width of a character's vector. Default: ${DEFAULT-VALUE}.")
  int spellingEmbedding = 30;

  @Option(
      names = "--vectors",
      paramLabel = "FILE",
      description =
          "Start from the word vectors in a file: GloVe, fastText (text) or word2vec (text or"
              + " binary), .gz too.")
  @Nullable Path vectors;

  @Option(names = "--freeze-vectors", description = "Do not train these vectors.")
  boolean freezeVectors;

  /** Decides how tokens are read by their characters, where that is given. */
  void spell(LabelTrainer<?, ?> trainer) {
    if ((spelling == null || spelling == 0) && spellingEmbedding != 30) {
      throw new InputException(
          "--spelling-embedding does nothing without --spelling",
          "Add --spelling, or leave it out.");
    }
    if (spelling == null) {
      return;
    }
    if (spelling == 0) {
      trainer.withoutSpelling();
    } else {
      trainer.spelling(spelling, spellingEmbedding);
    }
  }

  /** Returns whether an option says whether tokens are put into lower case. */
  boolean saysCase() {
    return lowerCase != null;
  }

  /**
   * Returns which tokens have a vector, of those that {@code cut} makes.
   *
   * @param open whether some of that is found from the data
   */
  TokenOptions tokens(Segmentation cut, boolean open) {
    if (minCount != null && minCount < 1) {
      throw new InputException("--min-count is " + minCount, "It must be at least 1.");
    }
    return new TokenOptions(
        cut.withLowerCase(lowerCase == null ? cut.lowerCase() : lowerCase),
        vocabulary,
        minCount == null ? 0 : minCount,
        open);
  }

  /** Hands over the vectors that are begun with, if there are any. */
  void beginWithVectors(LabelTrainer<?, ?> trainer) {
    if (freezeVectors && vectors == null) {
      throw new InputException(
          "--freeze-vectors does nothing without --vectors", "Add --vectors, or leave it out.");
    }
    if (vectors != null && freezeVectors) {
      trainer.frozenVectors(vectors);
    } else if (vectors != null) {
      trainer.vectors(vectors);
    }
  }

  /** Puts what a model has of these options into a map, by their names. */
  static void describe(LabelModel model, Map<String, Object> shape) {
    Spelling own = model.description().spelling();
    shape.put("--spelling", own == null ? 0 : own.units());
    shape.put("--spelling-embedding", own == null ? 0 : own.embedding());
    if (model.lexicon() instanceof WordLexicon lexicon) {
      shape.put("--lower-case", lexicon.segmentation().lowerCase());
    }
  }
}
