package dev.unroll.task.transduce;

import dev.unroll.file.Json;
import dev.unroll.primitive.IntList;
import dev.unroll.primitive.LongIntMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Translates word by word: each token of the source becomes the token of the target that it is most
 * probably translated by, where it stands.
 *
 * <pre>{@code
 * t(f|e) by IBM model 1 (Brown et al. 1993): expectation and maximization of
 * P(f⟨1⟩ … f⟨m⟩ | e) = Π over j of Σ over i of t(f⟨j⟩ | e⟨i⟩) / (l + 1), e⟨0⟩ the empty word
 * }</pre>
 */
public final class WordDictionary {

  /** Rounds of expectation and maximization. */
  private static final int ROUNDS = 8;

  /** The empty word, e⟨0⟩. */
  private static final int EMPTY = 0;

  private static final String WORDS = "words";

  /** Letters of a word in a file, at most: what is translated must not grow without bounds. */
  static final int LONGEST = 100;

  /** Translations that are kept of each word, at most. */
  private static final int MOST = 5;

  /** Less probable translations are not kept. */
  private static final double LEAST = 0.01;

  /** Probabilities are kept to so many parts. */
  private static final double PARTS = 10_000;

  /** What the empty word is called. */
  private static final String NOTHING = "";

  /**
   * What a token becomes.
   *
   * @param word a token of the target
   * @param probability t(f|e)
   */
  private record Translation(String word, double probability) {}

  /** The translations of each token, the most probable first. */
  private final Map<String, List<Translation>> translations = new LinkedHashMap<>();

  /**
   * Learns from pairs.
   *
   * @param sources tokens of each source
   * @param targets tokens of the target of each
   */
  public WordDictionary(List<List<String>> sources, List<List<String>> targets) {
    var entries = new Entries();
    for (int s = 0; s < sources.size(); s++) {
      entries.add(sources.get(s), targets.get(s));
    }
    double[] probabilities = entries.estimate();
    for (int entry = 0; entry < probabilities.length; entry++) {
      String from = entries.words.get(entries.source.get(entry));
      String to = entries.words.get(entries.target.get(entry));
      insert(
          translations.computeIfAbsent(from, unseen -> new ArrayList<>()),
          new Translation(to, probabilities[entry]));
    }
    translations.replaceAll((word, own) -> kept(own));
  }

  private WordDictionary(Map<String, List<Translation>> translations) {
    this.translations.putAll(translations);
  }

  /** Inserts a translation where it belongs, the first seen of equal ones first. */
  private static void insert(List<Translation> own, Translation more) {
    int place = own.size();
    while (place > 0 && own.get(place - 1).probability < more.probability) {
      place--;
    }
    own.add(place, more);
    if (own.size() > MOST) {
      own.removeLast();
    }
  }

  private static List<Translation> kept(List<Translation> own) {
    double least = Math.min(LEAST, own.getFirst().probability);
    return own.stream()
        .filter(each -> each.probability >= least)
        .map(each -> new Translation(each.word, rounded(each.probability)))
        .toList();
  }

  private static double rounded(double probability) {
    return Math.max(1, Math.round(PARTS * probability)) / PARTS;
  }

  /** Returns the tokens of a source, each translated; one never seen stays as it is. */
  public List<String> translate(List<String> source) {
    return source.stream().map(this::translate).toList();
  }

  /** Returns what a token becomes; one never seen stays as it is. */
  String translate(String word) {
    List<Translation> own = translations.get(word);
    return own == null ? word : own.getFirst().word;
  }

  /**
   * Returns how well a target fits a source, whatever the order of its tokens: 0 for what {@link
   * #translate} writes, and less for others.
   *
   * <pre>{@code
   * Σ over targets f of log max over e of q(f|e) + Σ over sources e of log max over f of q(f|e)
   * q(f|e) = t(f|e) / max over g of t(g|e), at least 0.01
   * }</pre>
   *
   * The empty word may explain a token of the target, and needs none.
   */
  double score(List<String> source, List<String> target) {
    var bestOf = new HashMap<String, Double>(); // max over e of q(f|e)
    Stream.concat(Stream.of(NOTHING), source.stream())
        .distinct()
        .forEach(
            from ->
                translationsOf(from)
                    .forEach(each -> bestOf.merge(each.word, each.probability, Math::max)));
    double sum = 0;
    for (String to : target) {
      sum += StrictMath.log(Math.max(LEAST, bestOf.getOrDefault(to, 0.0)));
    }
    var there = new HashSet<>(target);
    for (String from : source) {
      double best = LEAST;
      for (Translation each : translationsOf(from)) {
        best = there.contains(each.word) ? Math.max(best, each.probability) : best;
      }
      sum += StrictMath.log(best);
    }
    return sum;
  }

  /** Returns the translations of a word with q(f|e); one never seen is its own. */
  private List<Translation> translationsOf(String word) {
    List<Translation> own = translations.get(word);
    if (own == null) {
      return word.equals(NOTHING) ? List.of() : List.of(new Translation(word, 1));
    }
    double most = own.getFirst().probability;
    return own.stream().map(each -> new Translation(each.word, each.probability / most)).toList();
  }

  /** Returns how many words there are, in words. */
  String describe() {
    return String.format(Locale.ROOT, "%,d words", translations.size());
  }

  Map<String, Object> toJson() {
    var words = new LinkedHashMap<String, Object>();
    translations.forEach(
        (word, own) -> {
          var list = new ArrayList<Object>();
          for (Translation each : own) {
            list.add(each.word);
            list.add(each.probability);
          }
          words.put(word, list);
        });
    return Json.object(WORDS, words);
  }

  static WordDictionary fromJson(Json.Reader json) {
    Json.Reader words = json.member(WORDS);
    var translations = new LinkedHashMap<String, List<Translation>>();
    words.asMap().keySet().forEach(word -> translations.put(word, translations(words.list(word))));
    return new WordDictionary(translations);
  }

  private static List<Translation> translations(List<Json.Reader> list) {
    if (list.isEmpty() || list.size() % 2 != 0 || list.size() > 2 * MOST) {
      throw new IllegalArgumentException("a word has " + list.size() + " entries");
    }
    var own = new ArrayList<Translation>();
    for (int i = 0; i < list.size(); i += 2) {
      String word = list.get(i).asText();
      if (word.length() > LONGEST) {
        throw new IllegalArgumentException("a word has " + word.length() + " letters");
      }
      double probability = list.get(i + 1).asNumber();
      double most = own.isEmpty() ? 1 : own.getLast().probability;
      if (!(probability > 0 && probability <= most)) {
        throw new IllegalArgumentException(
            "a word has the probability " + probability + " after " + most);
      }
      own.add(new Translation(word, probability));
    }
    return own;
  }

  /** The pairs of words that stand in a source and its target, numbered as they are met. */
  private static final class Entries {
    final List<String> words = new ArrayList<>(List.of(""));
    private final Map<String, Integer> ids = new HashMap<>();
    private final LongIntMap numbers = new LongIntMap();
    final IntList source = new IntList();
    final IntList target = new IntList();

    /** For each token of each target the entries that can explain it, and how many these are. */
    private final IntList explaining = new IntList();

    private final IntList widths = new IntList();

    int count() {
      return source.size();
    }

    void add(List<String> sourceWords, List<String> targetWords) {
      int[] from = new int[sourceWords.size() + 1]; // the empty word first
      for (int i = 1; i < from.length; i++) {
        from[i] = id(sourceWords.get(i - 1));
      }
      for (String each : targetWords) {
        int to = id(each);
        for (int word : from) {
          explaining.add(number(word, to));
        }
        widths.add(from.length);
      }
    }

    private int id(String word) {
      int id = ids.getOrDefault(word, EMPTY);
      if (id == EMPTY) {
        id = words.size();
        ids.put(word, id);
        words.add(word);
      }
      return id;
    }

    private int number(int from, int to) {
      long key = (long) from << 32 | to;
      int number = numbers.get(key);
      if (number < 0) {
        number = count();
        numbers.put(key, number);
        source.add(from);
        target.add(to);
      }
      return number;
    }

    /** Returns t(f|e) of each entry; the first round takes all as equally probable. */
    double[] estimate() {
      double[] probabilities = new double[count()];
      Arrays.fill(probabilities, 1);
      for (int round = 0; round < ROUNDS; round++) {
        double[] shares = expected(probabilities);
        double[] ofSource = new double[words.size()];
        for (int entry = 0; entry < shares.length; entry++) {
          ofSource[source.get(entry)] += shares[entry];
        }
        for (int entry = 0; entry < shares.length; entry++) {
          probabilities[entry] = shares[entry] / ofSource[source.get(entry)];
        }
      }
      return probabilities;
    }

    private double[] expected(double[] probabilities) {
      double[] shares = new double[count()];
      int at = 0;
      for (int width : widths.toArray()) {
        double all = 0;
        for (int i = at; i < at + width; i++) {
          all += probabilities[explaining.get(i)];
        }
        for (int i = at; i < at + width; i++) {
          int entry = explaining.get(i);
          shares[entry] += probabilities[entry] / all;
        }
        at += width;
      }
      return shares;
    }
  }
}
