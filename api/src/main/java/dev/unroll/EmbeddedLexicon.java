package dev.unroll;

import dev.unroll.base.InputException;
import dev.unroll.data.Lexicon;
import dev.unroll.task.label.TokenVectors;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
import dev.unroll.text.WordLexicon;
import dev.unroll.text.WordVectors;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A lexicon, and the vectors with which its tokens begin.
 *
 * @param lexicon which tokens have an id
 * @param vectors vectors that were trained before; none where there are none
 * @param width how wide they are; 0 where there are none
 */
record EmbeddedLexicon(Lexicon lexicon, TokenVectors vectors, int width) {

  /** Most tokens where there are vectors of far more than the data has. */
  private static final int MOST_WITH_VECTORS = 200_000;

  /**
   * Vectors in a file.
   *
   * @param file a file of GloVe, fastText (text) or word2vec (text or binary), .gz too
   * @param frozen whether training leaves them as they are
   */
  record VectorFile(Path file, boolean frozen) {}

  /**
   * Creates a lexicon of the tokens that a network is trained on, and of others that have vectors
   * as far as there is room.
   *
   * @param spelled whether tokens are read by their characters too
   * @param file vectors to begin with, or null
   */
  static EmbeddedLexicon of(
      List<List<String>> tokens, TokenOptions options, boolean spelled, @Nullable VectorFile file) {
    Segmentation segmentation = options.segmentation();
    if (file == null) {
      var own = new WordLexicon.Options(segmentation, options.most(), options.least(), spelled);
      return new EmbeddedLexicon(WordLexicon.of(tokens, List.of(), own), TokenVectors.NONE, 0);
    }
    int most = most(options);
    var keys = new HashSet<String>();
    tokens.forEach(own -> own.forEach(token -> keys.add(key(token, options))));
    WordVectors known = read(file.file, keys, options, most);
    var lexicon = lexicon(tokens, known, options, most, spelled);
    try {
      return of(lexicon, known, file.frozen);
    } catch (InputException e) {
      throw InputException.in(file.file, e.problem(), e.fix());
    }
  }

  /**
   * Creates a lexicon of the tokens that a network is trained on, with vectors from memory.
   *
   * @param spelled whether tokens are read by their characters too
   */
  static EmbeddedLexicon of(
      List<List<String>> tokens, TokenOptions options, boolean spelled, WordVectors known) {
    return of(lexicon(tokens, known, options, most(options), spelled), known, false);
  }

  private static int most(TokenOptions options) {
    return options.vocabulary() == 0 ? MOST_WITH_VECTORS : options.most();
  }

  private static WordLexicon lexicon(
      List<List<String>> tokens,
      WordVectors known,
      TokenOptions options,
      int most,
      boolean spelled) {
    return WordLexicon.of(
        tokens,
        List.copyOf(known.rows().keySet()),
        new WordLexicon.Options(options.segmentation(), most, options.least(), spelled));
  }

  /**
   * Returns a lexicon that is given, with vectors of its tokens.
   *
   * @param frozen whether training leaves the vectors as they are
   */
  static EmbeddedLexicon of(Lexicon lexicon, WordVectors known, boolean frozen) {
    return new EmbeddedLexicon(lexicon, vectors(lexicon, known, frozen), known.width());
  }

  /** Returns a lexicon with the tokens of other data added, which begin at random. */
  static EmbeddedLexicon extending(
      WordLexicon known, List<List<String>> tokens, TokenOptions options) {
    var lexicon = known.extendedBy(tokens, options.most(), options.least());
    return new EmbeddedLexicon(lexicon, TokenVectors.NONE, 0);
  }

  private static WordVectors read(Path file, Set<String> keys, TokenOptions options, int most) {
    return WordVectors.read(
        file, word -> keys.contains(key(word, options)), Math.max(0, most - keys.size()));
  }

  private static String key(String token, TokenOptions options) {
    return options.segmentation().lowerCase() ? token.toLowerCase(Locale.ROOT) : token;
  }

  private static TokenVectors vectors(Lexicon lexicon, WordVectors known, boolean frozen) {
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
      throw new InputException(
          "there is no vector of a token of the data",
          "Take vectors of the same language, with tokens in the same form.");
    }
    return new TokenVectors(rows, frozen);
  }
}
