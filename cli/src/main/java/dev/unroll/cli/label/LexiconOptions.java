package dev.unroll.cli.label;

import dev.unroll.cli.option.KeptInModel;
import dev.unroll.data.Lexicon;
import dev.unroll.data.TokenVectors;
import dev.unroll.file.InputException;
import dev.unroll.task.label.LabelRun;
import dev.unroll.task.label.Spelling;
import dev.unroll.text.Segmentation;
import dev.unroll.text.WordLexicon;
import dev.unroll.text.WordVectors;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a network that labels knows of tokens. */
@KeptInModel
final class LexiconOptions {

  @Option(
      names = "--lower-case",
      description = "One vector for a token in upper and lower case; --spelling still sees both.")
  boolean lowerCase;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Most tokens that have a vector, <UNK> and <EOS> included. Default: no limit; 200,000 with"
              + " --vectors.")
  int vocabulary;

  @Option(
      names = "--min-count",
      paramLabel = "N",
      description =
          "Least occurrences of a token that has a vector. Default: 2 for words and tokens, else 1.")
  @Nullable Long minCount;

  @Option(
      names = "--spelling",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Read the characters of each token too, by an LSTM of N units each way. Default: no.")
  int spelling;

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
          "Begin with the vectors of words in a file of GloVe, fastText (text) or word2vec (text or"
              + " binary), .gz too.")
  @Nullable Path vectors;

  @Option(names = "--freeze-vectors", description = "Leave these vectors as they are.")
  boolean freezeVectors;

  private @Nullable WordVectors read;

  @Nullable Spelling spelling() {
    if (spelling == 0 && spellingEmbedding != 30) {
      throw new InputException(
          "--spelling-embedding does nothing without --spelling",
          "Add --spelling, or leave it out.");
    }
    return spelling == 0 ? null : new Spelling(spellingEmbedding, spelling);
  }

  private int most() {
    if (vocabulary != 0 && vocabulary < 3) {
      throw new InputException(
          "a vocabulary of " + vocabulary,
          "It needs at least 3 tokens: <UNK>, <EOS> and one more.");
    }
    return vocabulary > 0 ? vocabulary : vectors == null ? Integer.MAX_VALUE : 200_000;
  }

  /**
   * The vectors of the tokens of the data, and of others as far as there is room; null for none.
   */
  private @Nullable WordVectors vectors(Set<String> tokens) {
    Path file = vectors;
    if (file == null) {
      if (freezeVectors) {
        throw new InputException(
            "--freeze-vectors does nothing without --vectors", "Add --vectors, or leave it out.");
      }
      return null;
    }
    return WordVectors.read(
        file, word -> tokens.contains(key(word)), Math.max(0, most() - tokens.size()));
  }

  private String key(String token) {
    return lowerCase ? token.toLowerCase(Locale.ROOT) : token;
  }

  /** Makes the lexicon of the tokens that a network is trained on. */
  Lexicon lexicon(List<List<String>> tokens, Segmentation cut) {
    var all = new HashSet<String>();
    tokens.forEach(own -> own.forEach(token -> all.add(key(token))));
    WordVectors known = vectors(all);
    read = known;
    long least = minCount == null ? (cut.unit().isSmall() ? 1 : 2) : minCount;
    if (least < 1) {
      throw new InputException("--min-count is " + least, "It must be at least 1.");
    }
    var segmentation = cut.withLowerCase(lowerCase);
    return WordLexicon.of(
        tokens,
        known == null ? List.of() : List.copyOf(known.rows().keySet()),
        new WordLexicon.Options(segmentation, most(), least, spelling > 0));
  }

  /**
   * Returns the width of the embedding, after {@link #lexicon}, where {@code asked} is what
   * --embedding says.
   */
  int width(int asked) {
    WordVectors known = read;
    if (known == null) {
      return asked == 0 ? LabelRun.DEFAULTS.embedding() : asked;
    }
    if (asked != 0 && asked != known.width()) {
      throw new InputException(
          "--embedding is %d, but the vectors of %s are %d wide"
              .formatted(asked, vectors, known.width()),
          "Leave --embedding out.");
    }
    return known.width();
  }

  /** Returns the vectors of the tokens of the lexicon made last. */
  TokenVectors tokenVectors(Lexicon lexicon) {
    WordVectors known = read;
    if (known == null) {
      return TokenVectors.NONE;
    }
    var rows = new HashMap<Integer, float[]>();
    known
        .rows()
        .forEach(
            (word, row) -> {
              int id = lexicon.id(word);
              if (word.equals(lexicon.token(id))) {
                rows.put(id, row);
              } else {
                rows.putIfAbsent(id, row); // in another case than the lexicon's
              }
            });
    rows.remove(lexicon.unknown());
    if (known.rows().keySet().stream().noneMatch(lexicon::hasSeen)) {
      throw InputException.in(
          Path.of(String.valueOf(vectors)),
          "has no vector of a token of the data",
          "Take vectors of the same language, with tokens in the same form.");
    }
    return new TokenVectors(rows, freezeVectors);
  }
}
