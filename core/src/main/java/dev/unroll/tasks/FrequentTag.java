package dev.unroll.tasks;

import dev.unroll.data.LabeledSequence;
import dev.unroll.model.Tagger;
import dev.unroll.result.Span;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The baseline of taggers: each word gets the tag that it has most often in the training data; a
 * word that is not there, the tag that most words have that occur once.
 */
public final class FrequentTag {

  private final Map<String, String> tags = new HashMap<>();
  private final String rare;

  /** Learns from sentences. */
  public FrequentTag(List<LabeledSequence> training) {
    var counts = new HashMap<String, Map<String, Integer>>();
    for (LabeledSequence sentence : training) {
      for (int t = 0; t < sentence.tokens().size(); t++) {
        counts
            .computeIfAbsent(sentence.tokens().get(t), word -> new TreeMap<>())
            .merge(sentence.labels().get(t), 1, Integer::sum);
      }
    }
    var ofRare = new TreeMap<String, Integer>();
    counts.forEach(
        (word, own) -> {
          tags.put(word, most(own));
          if (own.values().stream().mapToInt(Integer::intValue).sum() == 1) {
            ofRare.merge(most(own), 1, Integer::sum);
          }
        });
    var all = new TreeMap<String, Integer>();
    tags.values().forEach(tag -> all.merge(tag, 1, Integer::sum));
    rare = most(ofRare.isEmpty() ? all : ofRare);
  }

  /** The most frequent; of equal ones the first in the order of letters. */
  private static String most(Map<String, Integer> counts) {
    String best = "";
    int most = 0;
    for (Map.Entry<String, Integer> entry : counts.entrySet()) {
      if (entry.getValue() > most) {
        most = entry.getValue();
        best = entry.getKey();
      }
    }
    return best;
  }

  /** Returns the tags of a sentence. */
  public List<String> tag(List<String> words) {
    return words.stream().map(word -> tags.getOrDefault(word, rare)).toList();
  }

  /** Measures how well sentences are tagged whose tags are known. */
  public Tagger.Report evaluate(List<LabeledSequence> sentences) {
    var found = sentences.stream().map(sentence -> tag(sentence.tokens())).toList();
    return Tagger.Report.of(
        found, sentences, tags::containsKey, Span.areDescribedBy(tags.values()));
  }
}
