package dev.unroll.task.transduce;

import dev.unroll.base.Workers;
import dev.unroll.data.Pair;
import dev.unroll.data.Tokenizer;
import dev.unroll.result.Decoding;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes targets of sources, and compares them with those that are right. */
public final class TargetWriter {

  private final Tokenizer source;
  private final Tokenizer target;
  private final TransducerSearch search;

  /**
   * Prepares to write.
   *
   * @param fields how sources and targets become ids
   * @param members networks of these vocabularies, which write together
   */
  public TargetWriter(
      TransducerFields fields, List<TransducerSearch.Member> members, Decoding how) {
    source = fields.source();
    target = fields.target();
    search = new TransducerSearch(members, target.endOfSentence(), target.unknown(), how);
  }

  /** Returns the targets found of each source, the best first. */
  public List<List<TransducerSearch.Found>> write(List<String> texts, Workers workers) {
    var sources = texts.stream().map(text -> TransducerPairs.encode(source, text)).toList();
    return search.search(sources, workers);
  }

  /** Returns the share of sources that become one of their targets, token by token. */
  double exactMatch(List<Pair> pairs, Workers workers) {
    Map<String, Set<String>> references = Pair.references(pairs);
    var texts = List.copyOf(references.keySet());
    var found = write(texts, workers);
    long exact = 0;
    for (int i = 0; i < texts.size(); i++) {
      String best = found.get(i).isEmpty() ? "" : target.decode(found.get(i).getFirst().ids());
      boolean right =
          references.getOrDefault(texts.get(i), Set.of()).stream()
              .anyMatch(each -> target.decode(target.encode(each)).equals(best));
      exact += right ? 1 : 0;
    }
    return (double) exact / Math.max(1, texts.size());
  }
}
