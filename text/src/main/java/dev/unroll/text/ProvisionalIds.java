package dev.unroll.text;

import dev.unroll.file.Held;
import dev.unroll.primitive.LongList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * Ids in the order in which tokens first occur, before the vocabulary is chosen, and their counts.
 */
final class ProvisionalIds {

  private final Map<String, Integer> ids = new HashMap<>();
  private final LongList counts = new LongList();
  private final Held held = new Held("the different tokens of the text", "");

  /** Returns the ids of tokens, and counts them. */
  int[] of(List<String> tokens) {
    int[] found = new int[tokens.size()];
    for (int i = 0; i < found.length; i++) {
      int id = ids.computeIfAbsent(tokens.get(i), token -> ids.size());
      if (id == counts.size()) {
        counts.add(0);
        held.add(2 * Held.OBJECT + tokens.get(i).length());
      }
      counts.set(id, counts.get(id) + 1);
      found[i] = id;
    }
    return found;
  }

  /** Returns how often each token occurs. */
  Map<String, Long> counts() {
    var byToken = new HashMap<String, Long>();
    ids.forEach((token, id) -> byToken.put(token, counts.get(id)));
    return byToken;
  }

  /** Returns the id in {@code vocabulary} of each provisional id. */
  int[] finalIds(ToIntFunction<String> vocabulary) {
    int[] finalIds = new int[ids.size()];
    ids.forEach((token, id) -> finalIds[id] = vocabulary.applyAsInt(token));
    return finalIds;
  }
}
