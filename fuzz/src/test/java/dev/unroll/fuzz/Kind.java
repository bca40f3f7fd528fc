package dev.unroll.fuzz;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A kind of file that somebody may get from a stranger.
 *
 * @param name its name, also of its folders of seeds and findings
 * @param seeds files that are as they should be
 * @param mutator how they are changed
 * @param first what is done with every file, before one of the uses; null for nothing
 * @param uses what is done with it, chosen at random
 * @param answers what uses say of seeds
 */
record Kind(
    String name,
    List<Seed> seeds,
    Mutator mutator,
    Use first,
    List<Use> uses,
    Map<String, String> answers) {

  Kind(String name, List<Seed> seeds, Mutator mutator, Use first, List<Use> uses) {
    this(name, seeds, mutator, first, uses, new ConcurrentHashMap<>());
  }

  @Override
  public String toString() {
    return name;
  }
}
