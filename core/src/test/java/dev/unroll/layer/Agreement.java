package dev.unroll.layer;

import java.util.Map;
import java.util.Optional;

/** Compares named results of the float engine with those of the reference. */
final class Agreement {

  /** Largest difference allowed, relative to the reference's size (at least 1). */
  static final double TOLERANCE = 2e-5;

  private Agreement() {}

  /** The first place where the two differ by more than the tolerance, or empty. */
  static Optional<String> difference(Map<String, float[]> engine, Map<String, double[]> reference) {
    for (String name : reference.keySet()) {
      float[] ours = engine.get(name);
      double[] theirs = reference.get(name);
      if (ours.length != theirs.length) {
        return Optional.of(name + " has " + ours.length + " elements, not " + theirs.length);
      }
      for (int i = 0; i < ours.length; i++) {
        double allowed = TOLERANCE * Math.max(1, Math.abs(theirs[i]));
        if (!(Math.abs(ours[i] - theirs[i]) <= allowed)) {
          return Optional.of("%s[%d] is %s, not %s".formatted(name, i, ours[i], theirs[i]));
        }
      }
    }
    return Optional.empty();
  }
}
