package dev.unroll.task;

import dev.unroll.model.InputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How tags say where spans begin and end. */
public enum TagScheme {
  /** I inside a span; B only where it begins right behind another of its type (Ramshaw, Marcus). */
  IOB1,
  /** B where a span begins, I inside it; also called BIO. */
  IOB2,
  /** B, I, and E where a span ends; S for a span of one token; also called BIOES. */
  IOBES;

  /** Returns the name used on the command line and in model files. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the scheme with a label. */
  public static TagScheme of(String label) {
    for (TagScheme scheme : values()) {
      if (scheme.label().equals(label)) {
        return scheme;
      }
    }
    throw new InputException("no scheme of tags is called " + label, "Use iob1, iob2 or iobes.");
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

  private String place(Span span, int t, boolean touches) {
    boolean first = t == span.from();
    boolean last = t == span.to() - 1;
    return switch (this) {
      case IOB1 -> first && touches ? "B" : "I";
      case IOB2 -> first ? "B" : "I";
      case IOBES -> first && last ? "S" : first ? "B" : last ? "E" : "I";
    };
  }

  /**
   * A tag that another scheme would have.
   *
   * @param sentence number of the sentence, from 0
   * @param token number of its token, from 0
   * @param expected the tag that is expected there
   */
  public record Fault(int sentence, int token, String expected) {}

  /** Returns the first tag that this scheme would write otherwise, if there is one. */
  public Optional<Fault> firstFault(List<List<String>> sentences) {
    for (int s = 0; s < sentences.size(); s++) {
      List<String> found = sentences.get(s);
      List<String> expected = tags(Span.of(found), found.size());
      for (int t = 0; t < found.size(); t++) {
        if (!found.get(t).equals(expected.get(t))) {
          return Optional.of(new Fault(s, t, expected.get(t)));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the scheme that sentences come nearest to: the one whose first fault is the last. Of
   * equal ones IOB2, then IOBES.
   */
  public static TagScheme nearest(List<List<String>> sentences) {
    TagScheme nearest = IOB2;
    for (TagScheme scheme : List.of(IOBES, IOB1)) {
      if (reach(scheme, sentences) > reach(nearest, sentences)) {
        nearest = scheme;
      }
    }
    return nearest;
  }

  private static long reach(TagScheme scheme, List<List<String>> sentences) {
    return scheme
        .firstFault(sentences)
        .map(fault -> ((long) fault.sentence << 32) + fault.token)
        .orElse(Long.MAX_VALUE);
  }
}
