package dev.unroll.model;

import dev.unroll.data.LabeledSequence;
import dev.unroll.file.Numbers;
import dev.unroll.file.Plural;
import dev.unroll.result.LabelScore;
import dev.unroll.result.SpanScore;
import dev.unroll.task.label.LabelMeasures;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How well sentences are tagged.
 *
 * @param score accuracy of all words, and precision, recall and F1 of each tag
 * @param unseen the same of words that the training data has not
 * @param sentences number of sentences
 * @param rightSentences how many of them have no wrong tag
 * @param spans how well spans are found; null where the tags describe none
 */
public record TaggingReport(
    LabelScore score,
    LabelScore unseen,
    long sentences,
    long rightSentences,
    @Nullable SpanScore spans) {

  /** Returns such as {@code accuracy 97.12%, span F1 88.41% of 500 sentences}. */
  @Override
  public String toString() {
    return "accuracy "
        + Numbers.percent(score.accuracy())
        + (spans == null ? "" : ", span F1 " + Numbers.percent(spans.f1()))
        + " of "
        + Plural.of(sentences, "sentence");
  }

  /**
   * Compares tags.
   *
   * @param found the tags of each sentence, as found
   * @param wanted the sentences, with the tags they have
   * @param seen whether the training data has a word
   * @param spans whether the tags describe spans
   */
  public static TaggingReport of(
      List<List<String>> found,
      List<LabeledSequence> wanted,
      Predicate<String> seen,
      boolean spans) {
    var there = wanted.stream().map(LabeledSequence::labels).toList();
    var unseenFound = new ArrayList<List<String>>();
    var unseenThere = new ArrayList<List<String>>();
    long right = 0;
    for (int s = 0; s < found.size(); s++) {
      right += found.get(s).equals(there.get(s)) ? 1 : 0;
      List<String> words = wanted.get(s).tokens();
      for (int t = 0; t < words.size(); t++) {
        if (!seen.test(words.get(t))) {
          unseenFound.add(List.of(found.get(s).get(t)));
          unseenThere.add(List.of(there.get(s).get(t)));
        }
      }
    }
    return new TaggingReport(
        LabelMeasures.score(found, there, true),
        LabelMeasures.score(unseenFound, unseenThere, true),
        found.size(),
        right,
        spans ? SpanScore.of(found, there) : null);
  }
}
