package dev.unroll.task;

import dev.unroll.model.Fingerprint;
import java.util.List;

/**
 * A text and what it is to become. A source may be in several pairs: then any of their targets is
 * right.
 *
 * @param source what is read
 * @param target what is to be written
 */
public record Pair(String source, String target) {

  /** Returns the hash of some pairs. */
  static String fingerprint(List<Pair> pairs) {
    var fingerprint = new Fingerprint();
    pairs.forEach(pair -> fingerprint.add(List.of(pair.source, pair.target)));
    return fingerprint.text();
  }
}
