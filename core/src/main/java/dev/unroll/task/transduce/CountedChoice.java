package dev.unroll.task.transduce;

import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.data.Pair;
import dev.unroll.data.Provenance;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import dev.unroll.measure.TextErrors;
import dev.unroll.result.Decoding;
import dev.unroll.result.ErrorRates;
import dev.unroll.store.ModelFile;
import dev.unroll.task.Sampled;
import dev.unroll.task.transduce.CountedWriter.Drafts;
import dev.unroll.task.transduce.TargetWriter.Candidate;
import dev.unroll.task.transduce.TargetWriter.Written;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Adds what was counted in the training part to an encoder-decoder whose network is trained, as a
 * {@link CountedPart}: joint n-grams or a dictionary, whichever leaves fewer errors in the
 * validation part, if they are clearly fewer than those of the network by itself.
 *
 * <p>The validation part decides with counts of the training part. Where both were cut from the
 * same pairs, the model then gets those of all of them: of few pairs, each matters.
 */
final class CountedChoice {

  /** The name under which a model says that it has this part. */
  static final String NAME = "counts";

  /** Weights of what was counted that are tried beside a network. */
  private static final double[] WEIGHTS = {0.75, 0.5, 0.25};

  /** Sources that are written at most, as a network writes token by token. */
  private static final int MOST_SOURCES = 200;

  /** In standard errors. */
  private static final double LEAST_ERRORS = 0.5;

  private final List<Pair> pairs;
  private final @Nullable List<Pair> whole;
  private final Map<String, Set<String>> references;
  private final List<String> sources;
  private final Tokenizer target;
  private final TargetUnit unit;
  private final Function<List<Pair>, List<CountedWriter>> counting;
  private @Nullable List<CountedWriter> ofPairs;
  private @Nullable List<CountedWriter> ofWhole;

  /** What writers of the training part make of the sources, by their kinds. */
  private final Map<String, List<Drafts>> drafts = new HashMap<>();

  /**
   * Prepares to count.
   *
   * @param fields how sources and targets become ids
   * @param training pairs that are counted
   * @param validation pairs that decide
   * @param refit whether the model gets counts of both in the end
   */
  CountedChoice(
      TransducerFields fields, List<Pair> training, List<Pair> validation, boolean refit) {
    pairs = training;
    references = Pair.references(validation);
    sources = Sampled.upTo(MOST_SOURCES, List.copyOf(references.keySet()), each -> 1);
    target = fields.target();
    unit = TargetUnit.of(fields.source(), target, validation);
    counting = some -> writers(fields.source(), target, some);
    if (refit) {
      var all = new ArrayList<>(training);
      all.addAll(validation);
      whole = all;
    } else {
      whole = null;
    }
  }

  private static List<CountedWriter> writers(Tokenizer source, Tokenizer target, List<Pair> pairs) {
    var writers = new ArrayList<CountedWriter>();
    PieceWriter pieces = PieceWriter.of(source, target, pairs);
    if (pieces != null) {
      writers.add(pieces);
    }
    DictionaryWriter dictionary = DictionaryWriter.of(source, target, pairs);
    if (dictionary != null) {
      writers.add(dictionary);
    }
    return writers;
  }

  /** Pairs are counted once, for all models of a run. */
  private List<CountedWriter> ofPairs() {
    List<CountedWriter> found = ofPairs;
    if (found == null) {
      found = counting.apply(pairs);
      ofPairs = found;
    }
    return found;
  }

  /** Returns the writer of some kind of all pairs, unless they are too many or two parts. */
  private Optional<CountedWriter> ofWhole(String kind) {
    if (whole == null) {
      return Optional.empty();
    }
    List<CountedWriter> found = ofWhole;
    if (found == null) {
      found = counting.apply(whole);
      ofWhole = found;
    }
    return found.stream().filter(each -> each.kind().equals(kind)).findFirst();
  }

  /**
   * Edits of each source that is written.
   *
   * @param edits of tokens, to the nearest target
   * @param wanted tokens of these targets, of all sources together
   */
  private record Errors(int[] edits, long wanted) {

    long sum() {
      return IntStream.of(edits).asLongStream().sum();
    }

    double rate() {
      return (double) sum() / Math.max(1, wanted);
    }

    /** Returns whether others are fewer by more than chance may be. */
    boolean clearlyMoreThan(Errors others) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < edits.length; i++) {
        double gain = edits[i] - others.edits[i];
        sum += gain;
        squares += gain * gain;
      }
      double variance = Math.max(0, squares - sum * sum / edits.length);
      return sum > LEAST_ERRORS * StrictMath.sqrt(variance);
    }
  }

  /** Returns the model with what was counted, if it then writes the validation part better. */
  ModelFile<TransducerFields> addedTo(ModelFile<TransducerFields> trained, Workers workers) {
    if (ofPairs().isEmpty()) {
      return trained;
    }
    TargetWriter writer = writer(trained);
    var networks = writer.found(sources, workers);
    Errors alone = errors(written(networks, own -> writer.text(new Written(own.getFirst(), null))));
    Found best = null;
    for (CountedWriter each : ofPairs()) {
      Found own = best(each, writer, networks, workers);
      best = best == null || own.errors.sum() < best.errors.sum() ? own : best;
    }
    if (best == null || !alone.clearlyMoreThan(best.errors)) {
      return trained;
    }
    CountedPart part = best.part;
    Optional<CountedWriter> again = ofWhole(part.writer().kind());
    CountedWriter last = again.orElse(part.writer());
    var details =
        Json.object(
            "kind", last.kind(),
            "weight", part.weight(),
            "errorRate", best.errors.rate(),
            "errorRateOfNetwork", alone.rate());
    Provenance before = trained.provenance();
    return with(trained, new CountedPart(last, part.weight()))
        .withProvenance(
            before.with(
                new Provenance.Added(NAME, details, again.isPresent()),
                before.validationLoss(),
                null));
  }

  /** A part, and the errors with it. */
  private record Found(CountedPart part, Errors errors) {}

  /** The network has a say where it makes clearly fewer errors than what was counted by itself. */
  private Found best(
      CountedWriter counted,
      TargetWriter writer,
      List<List<TransducerSearch.Found>> networks,
      Workers workers) {
    var own =
        drafts.computeIfAbsent(counted.kind(), kind -> writer.drafts(sources, counted, workers));
    var candidates = writer.candidates(sources, networks, List.of(own), workers);
    Errors byItself = errors(writer, candidates, 1);
    Found best = new Found(new CountedPart(counted, 1), byItself);
    for (double weight : WEIGHTS) {
      Errors mixed = errors(writer, candidates, weight);
      if (mixed.sum() < best.errors.sum() && byItself.clearlyMoreThan(mixed)) {
        best = new Found(new CountedPart(counted, weight), mixed);
      }
    }
    return best;
  }

  private Errors errors(TargetWriter writer, List<List<Candidate>> candidates, double weight) {
    return errors(
        written(candidates, own -> writer.text(TargetWriter.ranked(own, weight).getFirst())));
  }

  /** Returns the best text of each source; of nothing that was found an empty one. */
  private static <T> List<String> written(List<List<T>> found, Function<List<T>, String> bestOf) {
    return found.stream().map(own -> own.isEmpty() ? "" : bestOf.apply(own)).toList();
  }

  private Errors errors(List<String> written) {
    int[] edits = new int[written.size()];
    long wanted = 0;
    for (int i = 0; i < edits.length; i++) {
      var known = List.copyOf(references.getOrDefault(sources.get(i), Set.of()));
      ErrorRates own = TextErrors.nearest(written.get(i), known, text -> unit.cut(target, text));
      edits[i] = Math.toIntExact(own.tokens());
      wanted += own.wantedTokens();
    }
    return new Errors(edits, wanted);
  }

  /**
   * Returns a model as the validation part chose it, which it can measure: with counts of the
   * training part.
   */
  ModelFile<TransducerFields> chosen(ModelFile<TransducerFields> ended) {
    CountedPart part = ended.fields().counted();
    if (part == null) {
      return ended;
    }
    CountedWriter own =
        ofPairs().stream()
            .filter(each -> each.kind().equals(part.writer().kind()))
            .findFirst()
            .orElseThrow();
    return with(ended, new CountedPart(own, part.weight()));
  }

  /** Returns what each counted writer of the training part writes by itself, by its kind. */
  Map<String, List<String>> written(List<String> texts) {
    var written = new LinkedHashMap<String, List<String>>();
    for (CountedWriter each : ofPairs()) {
      written.put(each.kind(), texts.stream().map(text -> best(each, text)).toList());
    }
    return written;
  }

  private String best(CountedWriter writer, String source) {
    CountedWriter.Draft draft = writer.read(source, 1).best().getFirst();
    String text = draft.text();
    return text == null ? target.decode(draft.ids()) : text;
  }

  private static ModelFile<TransducerFields> with(
      ModelFile<TransducerFields> model, CountedPart part) {
    return model.withFields(model.fields().withCounted(part));
  }

  private static TargetWriter writer(ModelFile<TransducerFields> trained) {
    TransducerNetwork network = trained.fields().network();
    var weights = network.pack(trained.parameters(), Precision.FLOAT32, Workers.single());
    return new TargetWriter(
        List.of(trained.fields()),
        List.of(new TransducerSearch.Member(network, weights)),
        Decoding.BEAM);
  }
}
