package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.data.LabeledSequence;
import dev.unroll.result.Span;
import dev.unroll.result.TagScheme;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tags of files, of which those that describe spans must be of one scheme.
 *
 * <p>An occasional slip is reported and read as conlleval reads it; a mixture is refused.
 *
 * @param sentences the sentences as they stand in the files
 * @param tags the tags of each
 * @param columns where the tags stand
 */
public record SpanTags(
    List<ConllSentence> sentences, List<List<String>> tags, ConllColumns columns) {

  /** The tags of sentences that were read by some columns. */
  public static SpanTags of(
      List<ConllSentence> sentences, List<LabeledSequence> labeled, ConllColumns columns) {
    return new SpanTags(sentences, labeled.stream().map(LabeledSequence::labels).toList(), columns);
  }

  /**
   * Returns the scheme of the tags, or nothing where they describe no spans, such as parts of
   * speech.
   */
  public Optional<TagScheme> checked(Consumer<String> notes) {
    var different = new TreeSet<String>();
    tags.forEach(different::addAll);
    if (!Span.areDescribedBy(different)) {
      checkNoStray();
      return Optional.empty();
    }
    TagScheme nearest = TagScheme.nearest(tags);
    check(nearest, notes);
    return Optional.of(nearest);
  }

  /** Where nearly all tags describe spans, one that does not is a slip. */
  private void checkNoStray() {
    long all = tags.stream().mapToLong(List::size).sum();
    long strays =
        tags.stream().flatMap(List::stream).filter(each -> !Span.mayDescribe(each)).count();
    if (strays * 100 > all) {
      return; // parts of speech and the like, some of which are called B or I
    }
    for (int s = 0; s < tags.size(); s++) {
      for (int t = 0; t < tags.get(s).size(); t++) {
        String tag = tags.get(s).get(t);
        if (!Span.mayDescribe(tag)) {
          ConllSentence sentence = sentences.get(s);
          throw InputException.at(
              sentence.file(),
              sentence.tokens().get(t).number(),
              String.format(
                  Locale.ROOT,
                  "the tag is %s, but nearly all others are O or such as B-PER and I-PER",
                  tag),
              "Fix it: all tags must be of one scheme.");
        }
      }
    }
  }

  /** Refuses tags that are not of a scheme, but for slips, which are noted. */
  public void check(TagScheme scheme, Consumer<String> notes) {
    TagScheme.Faults faults = scheme.faults(tags);
    TagScheme.@Nullable Fault first = faults.first().orElse(null);
    if (first == null) {
      return;
    }
    ConllSentence sentence = sentences.get(first.sentence());
    ConllLine line = sentence.tokens().get(first.token());
    String tag = line.fields().get(ConllColumns.index(sentence.file(), line, columns.tags()));
    String what =
        String.format(
            Locale.ROOT, "the tag is %s, where %s has %s", tag, scheme.label(), first.expected());
    if (faults.mixed()) {
      throw InputException.at(
          sentence.file(),
          line.number(),
          what
              + String.format(
                  Locale.ROOT,
                  ", and so are %,d of %,d: schemes are mixed",
                  faults.count(),
                  faults.tags()),
          "All tags must be of one scheme: iob1, iob2, iobes or bilou.");
    }
    notes.accept(
        String.format(
            Locale.ROOT,
            "note: %s:%d: %s; %,d such of %,d",
            sentence.file(),
            line.number(),
            what,
            faults.count(),
            faults.tags()));
  }
}
