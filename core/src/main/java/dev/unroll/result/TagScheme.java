package dev.unroll.result;

import dev.unroll.base.Labeled;
import dev.unroll.data.LabeledSequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How tags mark where spans begin and end. */
public enum TagScheme implements Labeled {
  /** I inside a span; B only where it begins right after another of its type (Ramshaw, Marcus). */
  IOB1,
  /** B where a span begins, I inside it; also called BIO. */
  IOB2,
  /** B, I, and E where a span ends; S for a span of one token; also called BIOES. */
  IOBES,
  /** Like IOBES, with L where a span ends and U for a span of one token, as in spaCy. */
  BILOU;

  /** Returns the scheme with a label. */
  public static TagScheme of(String label) {
    return Labeled.of(
        values(), label, "no scheme of tags is called ", "Use iob1, iob2, iobes or bilou.");
  }

  /** Returns the tags of a sentence whose spans are known. */
  public List<String> tags(List<Span> spans, int tokens) {
    var tags = new ArrayList<>(Collections.nCopies(tokens, "O"));
    Span before = new Span("", -1, -1);
    for (Span span : spans) {
      String end = span.type().isEmpty() ? "" : "-" + span.type();
      boolean touches = before.to() == span.from() && before.type().equals(span.type());
      for (int t = span.from(); t < span.to(); t++) {
        tags.set(t, place(span, t, touches) + end);
      }
      before = span;
    }
    return tags;
  }

  /** Returns sentences whose tags are those of this scheme for the same spans. */
  public List<LabeledSequence> retagged(List<LabeledSequence> sentences) {
    var all = new ArrayList<LabeledSequence>();
    for (LabeledSequence each : sentences) {
      var changed = tags(Span.of(each.labels()), each.labels().size());
      all.add(each.withLabels(changed));
    }
    return all;
  }

  private String place(Span span, int t, boolean touches) {
    boolean first = t == span.from();
    boolean last = t == span.to() - 1;
    return switch (this) {
      case IOB1 -> first && touches ? "B" : "I";
      case IOB2 -> first ? "B" : "I";
      case IOBES -> first && last ? "S" : first ? "B" : last ? "E" : "I";
      case BILOU -> first && last ? "U" : first ? "B" : last ? "L" : "I";
    };
  }

  /**
   * A tag that violates a scheme.
   *
   * @param sentence number of the sentence, from 0
   * @param token number of its token, from 0
   * @param expected the tag that is expected there
   */
  public record Fault(int sentence, int token, String expected) {}

  /**
   * How far tags deviate from a scheme.
   *
   * @param count number of tags that it would write otherwise
   * @param tags number of all tags within spans
   * @param first the first of those that it would write otherwise, if there is one
   */
  public record Faults(long count, long tags, Optional<Fault> first) {

    /**
     * Returns whether they are so many that the tags are of several schemes: more than one in 100,
     * and, in small files, than one or two slips.
     */
    public boolean mixed() {
      return count > 2 && count * 100 > tags;
    }
  }

  /** Returns which tags this scheme would write otherwise for the same spans. */
  public Faults faults(List<List<String>> sentences) {
    long count = 0;
    long tags = 0;
    Optional<Fault> first = Optional.empty();
    for (int s = 0; s < sentences.size(); s++) {
      List<String> found = sentences.get(s);
      List<String> expected = tags(Span.of(found), found.size());
      for (int t = 0; t < found.size(); t++) {
        tags += expected.get(t).equals("O") ? 0 : 1;
        if (!found.get(t).equals(expected.get(t))) {
          count++;
          first = first.isPresent() ? first : Optional.of(new Fault(s, t, expected.get(t)));
        }
      }
    }
    return new Faults(count, tags, first);
  }

  /**
   * Returns the scheme that sentences come nearest to: the one with the fewest faults. Of equal
   * ones IOB2, then IOBES, BILOU.
   */
  public static TagScheme nearest(List<List<String>> sentences) {
    return Stream.of(IOB2, IOBES, BILOU, IOB1)
        .min(Comparator.comparingLong(scheme -> scheme.faults(sentences).count()))
        .orElseThrow();
  }
}
