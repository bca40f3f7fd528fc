package dev.unroll.task.label;

import dev.unroll.data.LabeledSequence;
import dev.unroll.result.LabelScore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The baseline of classifiers: multinomial naive Bayes on n-grams of tokens, each counted with
 * add-one smoothing (Manning, Raghavan and Schütze 2008, chapter 13):
 *
 * <pre>{@code
 * argmax over labels of  log P(label) + Σ over n-grams of  log (count(n-gram, label) + 1) / (count(label) + n-grams)
 * }</pre>
 *
 * An n-gram that no text has is passed over.
 */
public final class NaiveBayes {

  private final int order;
  private final List<String> labels;
  private final double[] priors;
  private final double[] totals;

  /** Of each n-gram how often texts of a label have it, by the label's number. */
  private final Map<List<String>, Map<Integer, Integer>> counts = new HashMap<>();

  /**
   * Learns from texts, each with one label.
   *
   * @param order length of the longest n-grams
   */
  public NaiveBayes(List<LabeledSequence> training, int order) {
    this.order = order;
    var texts = new TreeMap<String, Integer>();
    training.forEach(text -> texts.merge(text.labels().getFirst(), 1, Integer::sum));
    labels = List.copyOf(texts.keySet());
    priors = labels.stream().mapToDouble(label -> texts.getOrDefault(label, 0)).toArray();
    totals = new double[labels.size()];
    Map<String, Integer> numbers = Labels.numbers(labels);
    for (LabeledSequence text : training) {
      int label = numbers.getOrDefault(text.labels().getFirst(), -1);
      for (List<String> ngram : ngrams(text.tokens())) {
        counts.computeIfAbsent(ngram, each -> new HashMap<>()).merge(label, 1, Integer::sum);
        totals[label]++;
      }
    }
  }

  /** All n-grams up to the order, with a mark at both ends, which begins and ends of words need. */
  private List<List<String>> ngrams(List<String> tokens) {
    var padded = new ArrayList<String>();
    padded.add("");
    padded.addAll(tokens);
    padded.add("");
    var ngrams = new ArrayList<List<String>>();
    for (int length = 1; length <= order; length++) {
      for (int from = 0; from + length <= padded.size(); from++) {
        ngrams.add(List.copyOf(padded.subList(from, from + length)));
      }
    }
    return ngrams;
  }

  /** Returns the likeliest label of a text; of equal ones the first in the order of letters. */
  public String classify(List<String> tokens) {
    double[] scores = IntStream.range(0, priors.length).mapToDouble(i -> log(priors[i])).toArray();
    for (List<String> ngram : ngrams(tokens)) {
      Map<Integer, Integer> own = counts.get(ngram);
      for (int label = 0; own != null && label < scores.length; label++) {
        scores[label] += log((own.getOrDefault(label, 0) + 1) / (totals[label] + counts.size()));
      }
    }
    int best = 0;
    for (int label = 1; label < scores.length; label++) {
      best = scores[label] > scores[best] ? label : best;
    }
    return labels.get(best);
  }

  private static double log(double value) {
    return StrictMath.log(value);
  }

  /** Measures how well texts are classified whose labels are known. */
  public LabelScore evaluate(List<LabeledSequence> texts) {
    var found = texts.stream().map(text -> List.of(classify(text.tokens()))).toList();
    return LabelMeasures.score(found, texts.stream().map(LabeledSequence::labels).toList(), false);
  }
}
