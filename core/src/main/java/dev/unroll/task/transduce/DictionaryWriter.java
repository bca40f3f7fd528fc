package dev.unroll.task.transduce;

import dev.unroll.data.Pair;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A dictionary that translates the words of a source where they stand; whatever is between them
 * stays as it is, as does a word that was never seen.
 */
record DictionaryWriter(WordDictionary words, Tokenizer source, Tokenizer target)
    implements CountedWriter {

  /** What files call it. */
  static final String KIND = "dictionary";

  /** Letters and numbers; possessive, so that a long word takes no stack. */
  private static final Pattern WORD =
      Pattern.compile("[\\p{L}\\p{M}\\p{N}]++(?:['’-][\\p{L}\\p{M}\\p{N}]++)*+");

  /** Words of sources that are counted at most, so that a model stays small. */
  private static final long MOST_WORDS = 300_000;

  /** Pairs of words, of source and target, that are counted at most. */
  private static final long MOST_PAIRS = 5_000_000;

  /**
   * Counts the words of pairs.
   *
   * @return null where there is no word, or too many
   */
  static @Nullable DictionaryWriter of(Tokenizer source, Tokenizer target, List<Pair> pairs) {
    var sources = new ArrayList<List<String>>();
    var targets = new ArrayList<List<String>>();
    long read = 0;
    long together = 0;
    for (Pair pair : pairs) {
      List<String> from = cut(source.spelled(pair.source()));
      List<String> to = cut(target.spelled(pair.target()));
      sources.add(from);
      targets.add(to);
      read += from.size();
      together += (from.size() + 1L) * to.size();
      if (read > MOST_WORDS || together > MOST_PAIRS) {
        return null;
      }
    }
    return read > 0 && together > 0
        ? new DictionaryWriter(new WordDictionary(sources, targets), source, target)
        : null;
  }

  /** Cuts a text into its words; what is too long to be one is none. */
  private static List<String> cut(String text) {
    return WORD.matcher(text)
        .results()
        .map(MatchResult::group)
        .filter(word -> word.length() <= WordDictionary.LONGEST)
        .toList();
  }

  @Override
  public Drafts read(String text, int most) {
    String read = source.spelled(text);
    String written =
        WORD.matcher(read)
            .replaceAll(word -> Matcher.quoteReplacement(words.translate(word.group())));
    List<String> own = cut(read);
    return new Drafts(
        List.of(new Draft(target.encode(written), written)),
        draft -> words.score(own, cut(text(draft))));
  }

  private String text(Draft draft) {
    String text = draft.text();
    return text == null ? target.decode(draft.ids()) : text;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String describe() {
    return words.describe();
  }

  @Override
  public Map<String, Object> toJson() {
    return words.toJson();
  }

  static DictionaryWriter fromJson(Json.Reader json, Tokenizer source, Tokenizer target) {
    return new DictionaryWriter(WordDictionary.fromJson(json), source, target);
  }
}
