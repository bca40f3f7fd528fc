package dev.unroll.result;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Consecutive tokens that form a unit, such as a name or a phrase.
 *
 * @param type its type, such as PER; empty if the tags name none
 * @param from its first token
 * @param to the position after its last token
 */
public record Span(String type, int from, int to) {

  private static final Set<String> PLACES = Set.of("O", "B", "I", "E", "S", "L", "U");

  /**
   * Returns the spans that tags describe, by the rules of conlleval (Tjong Kim Sang and Buchholz
   * 2000), which make sense of any tags: IOB1, IOB2 and IOBES alike, and of such as no scheme
   * allows. A span begins at B and S, at any other tag after O, E and S, and where the type changes
   * (L and U are E and S); it ends before the next one, and before O.
   */
  public static List<Span> of(List<String> tags) {
    var spans = new ArrayList<Span>();
    int from = -1;
    Tag before = Tag.OUTSIDE;
    for (int t = 0; t <= tags.size(); t++) {
      Tag tag = t < tags.size() ? Tag.of(tags.get(t)) : Tag.OUTSIDE;
      boolean begins = tag.begins(before);
      if (from >= 0 && (begins || tag.outside())) {
        spans.add(new Span(before.type, from, t));
        from = -1;
      }
      from = begins ? t : from;
      before = tag;
    }
    return spans;
  }

  /**
   * Returns whether tags describe spans: each is O, or B, I, E, S, L or U with or without a type,
   * and not all are O.
   */
  public static boolean areDescribedBy(Collection<String> tags) {
    return tags.stream().allMatch(Span::mayDescribe)
        && tags.stream().anyMatch(tag -> !Tag.of(tag).outside());
  }

  /** Returns whether a tag is O, or B, I, E, S, L or U with or without a type. */
  public static boolean mayDescribe(String tag) {
    return PLACES.contains(Tag.of(tag).place);
  }

  /** Returns the type that a tag names, such as PER for B-PER; empty if it names none. */
  public static String typeOf(String tag) {
    return Tag.of(tag).type;
  }

  /** A tag in its two parts, such as B and PER. */
  private record Tag(String place, String type) {

    static final Tag OUTSIDE = new Tag("O", "");

    static Tag of(String tag) {
      int dash = tag.indexOf('-');
      return dash < 0 ? new Tag(tag, "") : new Tag(tag.substring(0, dash), tag.substring(dash + 1));
    }

    /** Whether a span ends with it: E and S, which others call L and U. */
    boolean closes() {
      return place.equals("E") || place.equals("S") || place.equals("L") || place.equals("U");
    }

    boolean outside() {
      return place.equals("O");
    }

    boolean begins(Tag before) {
      if (outside()) {
        return false;
      }
      boolean single = place.equals("S") || place.equals("U");
      boolean apart = before.outside() || before.closes() || !type.equals(before.type);
      return place.equals("B") || single || apart;
    }
  }
}
