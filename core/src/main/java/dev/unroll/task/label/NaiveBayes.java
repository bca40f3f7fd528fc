package dev.unroll.task.label;

import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Lexicon;
import dev.unroll.result.LabelScore;
import dev.unroll.task.Sampled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The baseline of classifiers, and a part of them: multinomial naive Bayes on n-grams of tokens,
 * each counted with add-one smoothing (Manning, Raghavan and Schütze 2008, chapter 13):
 *
 * <pre>{@code
 * argmax over labels of  log P(label) + Σ over n-grams of  log (count(n-gram, label) + 1) / (count(label) + n-grams)
 * }</pre>
 *
 * An n-gram that no text has is passed over.
 */
public final class NaiveBayes {

  /** n-grams that are counted at most, so that memory and time are bounded. */
  private static final int MOST = 2_000_000;

  private final int order;
  private final List<String> labels;
  private final double[] texts;
  private final double[] totals;

  /** Of each n-gram how often texts of a label have it, by the label's number. */
  private final Map<String, Map<Integer, Integer>> counts = new HashMap<>();

  /**
   * Learns from texts, each with one label.
   *
   * @param order length of the longest n-grams
   */
  public NaiveBayes(List<LabeledSequence> training, int order) {
    this.order = order;
    var byLabel = new TreeMap<String, Integer>();
    training.forEach(text -> byLabel.merge(text.labels().getFirst(), 1, Integer::sum));
    labels = List.copyOf(byLabel.keySet());
    texts = byLabel.values().stream().mapToDouble(Integer::doubleValue).toArray();
    totals = new double[labels.size()];
    Map<String, Integer> numbers = Labels.numbers(labels);
    for (LabeledSequence text : training) {
      int label = numbers.getOrDefault(text.labels().getFirst(), -1);
      Ngrams.each(
          text.tokens(),
          order,
          ngram -> {
            counts.computeIfAbsent(ngram, each -> new HashMap<>()).merge(label, 1, Integer::sum);
            totals[label]++;
          });
    }
  }

  /**
   * Returns the usual length of the longest n-grams: characters need longer ones than words. On
   * names, all and 200 of them, four characters were worse than three.
   */
  public static int usualOrder(Lexicon lexicon) {
    return usualOrder(lexicon.hasWords());
  }

  /** Returns the same of units of text. */
  public static int usualOrder(boolean ofWords) {
    return ofWords ? 2 : 3;
  }

  /** Returns all texts, or every k-th where all have more n-grams than are counted. */
  public static List<LabeledSequence> sample(List<LabeledSequence> training, int order) {
    return Sampled.upTo(MOST / order, training, each -> each.tokens().size());
  }

  /** Returns the likeliest label of a text; of equal ones the first in the order of letters. */
  public String classify(List<String> tokens) {
    double[] scores = logPriors();
    Ngrams.each(
        tokens,
        order,
        ngram -> {
          if (counts.containsKey(ngram)) {
            double[] own = logLikelihoods(ngram);
            Arrays.setAll(scores, label -> scores[label] + own[label]);
          }
        });
    int best = 0;
    for (int label = 1; label < scores.length; label++) {
      best = scores[label] > scores[best] ? label : best;
    }
    return labels.get(best);
  }

  /**
   * Returns the labels of texts that may have any number of them: a naive Bayes of each label
   * decides whether a text has it.
   *
   * @param labels the labels, in the order in which they are listed
   */
  public static List<List<String>> ofEach(
      List<LabeledSequence> training,
      int order,
      Collection<String> labels,
      List<LabeledSequence> texts) {
    List<List<String>> found = new ArrayList<>();
    texts.forEach(text -> found.add(new ArrayList<>()));
    for (String label : labels) {
      var own =
          new NaiveBayes(
              training.stream()
                  .map(each -> each.withLabels(List.of(each.labels().contains(label) ? label : "")))
                  .toList(),
              order);
      for (int i = 0; i < texts.size(); i++) {
        if (own.classify(texts.get(i).tokens()).equals(label)) {
          found.get(i).add(label);
        }
      }
    }
    return found;
  }

  /** Evaluates naive Bayes of each label on texts that may have any number of them. */
  public static LabelScore evaluateEach(
      List<LabeledSequence> training, int order, List<LabeledSequence> texts) {
    var labels = new TreeSet<String>();
    training.forEach(text -> labels.addAll(text.labels()));
    return LabelMeasures.score(
        ofEach(training, order, labels, texts),
        texts.stream().map(LabeledSequence::labels).toList(),
        false);
  }

  /** Evaluates the classifier on texts with known labels. */
  public LabelScore evaluate(List<LabeledSequence> texts) {
    var found = texts.stream().map(text -> List.of(classify(text.tokens()))).toList();
    return LabelMeasures.score(found, texts.stream().map(LabeledSequence::labels).toList(), false);
  }

  /** Returns the labels of the texts, in the order of their letters. */
  List<String> labels() {
    return labels;
  }

  /** Returns log P(label) of each label, but for what all have in common. */
  double[] logPriors() {
    double[] logs = new double[texts.length];
    for (int label = 0; label < logs.length; label++) {
      logs[label] = StrictMath.log(texts[label]);
    }
    return logs;
  }

  /** Returns log P(n-gram | label) of each label. */
  double[] logLikelihoods(String ngram) {
    Map<Integer, Integer> own = counts.getOrDefault(ngram, Map.of());
    double[] logs = new double[totals.length];
    for (int label = 0; label < logs.length; label++) {
      logs[label] =
          StrictMath.log((own.getOrDefault(label, 0) + 1) / (totals[label] + counts.size()));
    }
    return logs;
  }

  /**
   * Returns the n-grams that were counted, the most frequent first, of equal ones the first in the
   * order of letters. Those that occur once matter, too: they are most of all.
   *
   * @param most how many at most
   */
  Ngrams frequent(int most) {
    var sums = new HashMap<String, Integer>();
    counts.forEach(
        (ngram, own) -> sums.put(ngram, own.values().stream().mapToInt(Integer::intValue).sum()));
    var sorted = new ArrayList<>(sums.entrySet());
    sorted.sort(
        Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
            .thenComparing(Map.Entry.comparingByKey()));
    return new Ngrams(
        order, sorted.stream().map(Map.Entry::getKey).limit(Math.max(0, most)).toList());
  }
}
