package dev.unroll.text.baseline;

import dev.unroll.base.Workers;
import dev.unroll.data.Pair;
import dev.unroll.data.Tokenizer;
import dev.unroll.measure.EditDistance;
import dev.unroll.model.Transducer;
import dev.unroll.result.Decoding;
import dev.unroll.result.Verdict;
import dev.unroll.result.Verdict.Scale;
import dev.unroll.task.Sampled;
import dev.unroll.task.transduce.TargetUnit;
import dev.unroll.task.transduce.TransducerRun;
import dev.unroll.task.transduce.WordDictionary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Encoder-decoders beside joint n-grams, a dictionary and a copy of the source. */
public final class TransduceVerdict {

  private static final String DICTIONARY = "a dictionary";

  /** Sources that are written at most: a network writes token by token. */
  private static final int SOURCES = 500;

  /** Pairs of tokens, of source and target, that a dictionary counts at most. */
  private static final long MOST = 5_000_000;

  private final Tokenizer source;
  private final Tokenizer target;
  private final TargetUnit unit;
  private final Map<String, Set<String>> references;
  private final List<String> sources;

  private TransduceVerdict(TransducerRun run) {
    source = run.fields().source();
    target = run.fields().target();
    unit = TargetUnit.of(source, target, run.validation());
    references = Pair.references(run.validation());
    var all = List.copyOf(references.keySet());
    sources = Sampled.upTo(SOURCES, all, each -> 1);
  }

  /**
   * Compares what a run came to on its validation part, by edits of tokens or words, written
   * greedily.
   */
  public static Verdict of(TransducerRun run, Transducer model, Workers workers) {
    return new TransduceVerdict(run).verdict(run, model, workers);
  }

  private Verdict verdict(TransducerRun run, Transducer model, Workers workers) {
    List<Pair> counted =
        Sampled.upTo(
            MOST,
            run.training(),
            pair -> (long) (pair.source().length() + 1) * pair.target().length());
    var dictionary =
        new WordDictionary(
            counted.stream().map(pair -> unit.cut(source, pair.source())).toList(),
            counted.stream().map(pair -> unit.cut(target, pair.target())).toList());
    var baselines = new LinkedHashMap<String, Double>();
    baselines.put(DICTIONARY, rate(sources, dictionary::translate));
    run.writtenByCounts(sources)
        .forEach(
            (kind, texts) ->
                baselines.merge(
                    kind.equals("dictionary") ? DICTIONARY : kind,
                    errors(texts.stream().map(text -> unit.cut(target, text)).toList()),
                    Math::min));
    double copy = rate(sources, tokens -> tokens);
    if (copy < 1) { // else both sides have other tokens
      baselines.put("a copy of the source", copy);
    }
    var written = new ArrayList<List<String>>();
    for (var outputs : model.chosenBy(run).transduce(sources, Decoding.GREEDY, workers)) {
      written.add(unit.cut(target, outputs.getFirst().text()));
    }
    return new Verdict(unit.measure(), Scale.ERRORS, errors(written), baselines, 0)
        .advised(run.advice(run.fields().network().description().decoder(), advice(run)));
  }

  private static List<String> advice(TransducerRun run) {
    return run.fields().network().description().attention() == null
        ? List.of("{attention multiplicative}: each step looks back at the source")
        : List.of();
  }

  private double rate(List<String> from, UnaryOperator<List<String>> writer) {
    return errors(from.stream().map(each -> writer.apply(unit.cut(source, each))).toList());
  }

  /** Edits to the nearest target, as a share of its tokens. */
  private double errors(List<List<String>> written) {
    long edits = 0;
    long tokens = 0;
    for (int i = 0; i < written.size(); i++) {
      int least = Integer.MAX_VALUE;
      int length = 0;
      for (String each : references.getOrDefault(sources.get(i), Set.of())) {
        List<String> wanted = unit.cut(target, each);
        int own = EditDistance.of(written.get(i), wanted);
        length = own < least ? wanted.size() : length;
        least = Math.min(least, own);
      }
      edits += least == Integer.MAX_VALUE ? 0 : least;
      tokens += length;
    }
    return (double) edits / Math.max(1, tokens);
  }
}
