package dev.unroll.task.transduce;

import dev.unroll.base.Cancellation;
import dev.unroll.base.Workers;
import dev.unroll.data.Pair;
import dev.unroll.data.Tokenizer;
import dev.unroll.result.Decoding;
import dev.unroll.task.transduce.CountedWriter.Draft;
import dev.unroll.task.transduce.CountedWriter.Drafts;
import dev.unroll.task.transduce.TransducerSearch.Found;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes targets of sources, and compares them with those that are right. Where models have a
 * {@link CountedPart} its best targets stand beside those that the networks find, and all are
 * compared by what both say of them.
 */
public final class TargetWriter {

  private final Tokenizer source;
  private final Tokenizer target;
  private final TransducerSearch search;
  private final Decoding how;
  private final List<CountedPart> parts;

  /** How many models write together. */
  private final int models;

  /**
   * Prepares to write.
   *
   * @param models how sources and targets become ids, and what is counted beside each network; the
   *     vocabularies are the same
   * @param members the networks of the models, which write together
   */
  public TargetWriter(
      List<TransducerFields> models, List<TransducerSearch.Member> members, Decoding how) {
    source = models.getFirst().source();
    target = models.getFirst().target();
    search = new TransducerSearch(members, target.endOfSentence(), target.unknown(), how);
    this.how = how;
    this.models = models.size();
    parts = models.stream().flatMap(each -> Stream.ofNullable(each.counted())).toList();
  }

  /**
   * A target that was written.
   *
   * @param found its tokens, and what the networks say of it; by its score targets are compared
   * @param text its text, where its tokens may not say all of it; null where they do
   */
  public record Written(Found found, @Nullable String text) {}

  /** Returns the targets found of each source, the best first. */
  public List<List<Written>> write(List<String> texts, Workers workers) {
    List<List<Found>> found = found(texts, workers);
    if (parts.isEmpty()) {
      return found.stream()
          .map(own -> own.stream().map(each -> new Written(each, null)).toList())
          .toList();
    }
    var drafts = parts.stream().map(each -> drafts(texts, each.writer(), workers)).toList();
    double[] weights = parts.stream().mapToDouble(each -> each.weight() / models).toArray();
    return candidates(texts, found, drafts, workers).stream()
        .map(own -> ranked(own, weights).stream().limit(how.beam()).toList())
        .toList();
  }

  /** Returns what the networks by themselves find of each source, the best first. */
  List<List<Found>> found(List<String> texts, Workers workers) {
    return search.search(sources(texts), workers);
  }

  private List<int[]> sources(List<String> texts) {
    return texts.stream().map(text -> TransducerPairs.encode(source, text)).toList();
  }

  /**
   * A target that may be written.
   *
   * @param written what it is, with its score by the networks
   * @param counted its score by each of the counted writers, which is not divided by a penalty:
   *     they do not prefer short targets
   */
  record Candidate(Written written, double[] counted) {}

  /** Returns what a counted writer makes of each source. */
  List<Drafts> drafts(List<String> texts, CountedWriter writer, Workers workers) {
    return each(texts.size(), i -> writer.read(texts.get(i), how.beam()), workers);
  }

  /**
   * Returns what may be written of each source: what the networks have found and then what counted
   * writers add to that.
   *
   * @param drafts of each counted writer, for each source
   */
  List<List<Candidate>> candidates(
      List<String> texts, List<List<Found>> found, List<List<Drafts>> drafts, Workers workers) {
    var ofSources =
        IntStream.range(0, texts.size())
            .mapToObj(i -> drafts.stream().map(each -> each.get(i)).toList())
            .toList();
    var more =
        IntStream.range(0, texts.size())
            .mapToObj(i -> added(found.get(i), ofSources.get(i)))
            .toList();
    var ids = more.stream().map(own -> own.stream().map(Draft::ids).toList()).toList();
    List<List<Found>> forced = search.force(sources(texts), ids, workers);
    return each(
        texts.size(),
        i -> {
          var own = new ArrayList<Candidate>();
          for (Found each : found.get(i)) {
            own.add(candidate(each, new Draft(each.ids(), null), ofSources.get(i)));
          }
          for (int d = 0; d < more.get(i).size(); d++) {
            own.add(candidate(forced.get(i).get(d), more.get(i).get(d), ofSources.get(i)));
          }
          return own;
        },
        workers);
  }

  /** Does something for each source, all threads together; it ends where nobody waits for it. */
  private static <T> List<T> each(int count, IntFunction<T> task, Workers workers) {
    var all = new ArrayList<List<T>>(Collections.nCopies(count, List.of()));
    workers.run(
        count,
        1,
        Cancellation.carried(
            (from, to) -> {
              for (int i = from; i < to; i++) {
                Cancellation.check();
                all.set(i, List.of(task.apply(i)));
              }
            }));
    return all.stream().flatMap(List::stream).toList();
  }

  private Candidate candidate(Found found, Draft draft, List<Drafts> drafts) {
    double[] counted =
        drafts.stream().mapToDouble(each -> each.score().applyAsDouble(draft)).toArray();
    return new Candidate(new Written(found, draft.text()), counted);
  }

  /** The drafts that are other targets than those found, each once, and not too long. */
  private List<Draft> added(List<Found> found, List<Drafts> drafts) {
    var known = new ArrayList<>(found.stream().map(each -> new Draft(each.ids(), null)).toList());
    var added = new ArrayList<Draft>();
    for (Drafts each : drafts) {
      for (Draft draft : each.best()) {
        boolean fits = how.longest() == 0 || draft.ids().length <= how.longest();
        if (fits && known.stream().noneMatch(other -> same(other, draft))) {
          known.add(draft);
          added.add(draft);
        }
      }
    }
    return added;
  }

  private boolean same(Draft one, Draft other) {
    return Arrays.equals(one.ids(), other.ids()) && text(one).equals(text(other));
  }

  private String text(Draft draft) {
    return text(draft.ids(), draft.text());
  }

  private String text(int[] ids, @Nullable String text) {
    return text == null ? target.decode(ids) : text;
  }

  /** Returns the text of a target. */
  String text(Written written) {
    return text(written.found.ids(), written.text);
  }

  /**
   * Returns candidates in the order of their scores, the best first.
   *
   * @param weights of what each of the counted writers says, the rest is the networks'
   */
  static List<Written> ranked(List<Candidate> candidates, double... weights) {
    double rest = 1 - Arrays.stream(weights).sum();
    return candidates.stream()
        .map(
            each -> {
              double score = rest * each.written.found.score();
              for (int p = 0; p < weights.length; p++) {
                score += weights[p] * each.counted[p];
              }
              return new Written(each.written.found.withScore(score), each.written.text);
            })
        .sorted(Comparator.comparingDouble((Written each) -> -each.found.score())) // stable
        .toList();
  }

  /** Returns the share of sources that become one of their targets, token by token. */
  double exactMatch(List<Pair> pairs, Workers workers) {
    Map<String, Set<String>> references = Pair.references(pairs);
    var texts = List.copyOf(references.keySet());
    var found = write(texts, workers);
    long exact = 0;
    for (int i = 0; i < texts.size(); i++) {
      String best = found.get(i).isEmpty() ? "" : text(found.get(i).getFirst());
      boolean right =
          references.getOrDefault(texts.get(i), Set.of()).stream()
              .anyMatch(each -> target.decode(target.encode(each)).equals(best));
      exact += right ? 1 : 0;
    }
    return (double) exact / Math.max(1, texts.size());
  }
}
