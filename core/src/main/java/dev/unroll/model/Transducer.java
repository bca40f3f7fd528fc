package dev.unroll.model;

import dev.unroll.base.InputException;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.data.Pair;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.FixedList;
import dev.unroll.file.Numbers;
import dev.unroll.measure.TextErrors;
import dev.unroll.result.Decoding;
import dev.unroll.result.ErrorRates;
import dev.unroll.result.Model;
import dev.unroll.store.ModelFile;
import dev.unroll.store.Task;
import dev.unroll.task.RunOutput;
import dev.unroll.task.Summaries;
import dev.unroll.task.transduce.TargetWriter;
import dev.unroll.task.transduce.TransducerFields;
import dev.unroll.task.transduce.TransducerLearner;
import dev.unroll.task.transduce.TransducerNetwork;
import dev.unroll.task.transduce.TransducerPairs;
import dev.unroll.task.transduce.TransducerRun;
import dev.unroll.task.transduce.TransducerSearch;
import dev.unroll.task.transduce.TransducerSpec;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Turns a sequence into another of another length (sequence to sequence): letters into sounds,
 * English into German. A network reads the source and then writes the target, token by token. It is
 * immutable, and threads may share it.
 *
 * {@snippet file="example/SnippetsTest.java" region="transducer"}
 */
public final class Transducer extends Model {

  /** The task of encoder-decoders. */
  public static final Task<TransducerFields, Transducer> TASK =
      new Task<>("transduce", "tokens", TransducerFields.CODEC, Transducer::new);

  private final ModelFile<TransducerFields> file;
  private final TransducerNetwork network;
  private final TransducerNetwork.Weights weights;
  private final Tokenizer source;
  private final Tokenizer target;
  private final TransducerSearch.Member member;

  /** Creates the model that a run ended with, or that was read from a file. */
  public Transducer(ModelFile<TransducerFields> file) {
    super(file);
    this.file = file;
    network = file.fields().network();
    source = file.fields().source();
    target = file.fields().target();
    weights = network.pack(file.parameters(), file.precision(), Workers.single());
    member = new TransducerSearch.Member(network, weights);
  }

  /**
   * Trains a transducer; every twentieth source chooses the best parameters, by loss. {@link
   * TransducerRun} has all options.
   *
   * @param pairs sources with their targets
   * @param source how sources become ids
   * @param target how targets become ids
   */
  public static Transducer train(
      List<Pair> pairs,
      Tokenizer source,
      Tokenizer target,
      TransducerSpec network,
      Training options) {
    var fields = TransducerFields.of(network, source, target);
    var run =
        new TransducerRun(
            fields, Pair.cut(pairs, 0.05), TransducerRun.Goal.LOSS, options, RunOutput.NOTHING);
    return new Transducer(run.run(TrainingListener.NONE));
  }

  /**
   * Opens a model file.
   *
   * @throws InputException if it is missing, damaged or not an encoder-decoder
   */
  public static Transducer open(Path file) {
    return TASK.open(file);
  }

  /**
   * Opens a model from a stream, which is read up to the end of the model and not closed.
   *
   * @throws InputException if it cannot be read, is damaged or not an encoder-decoder
   */
  public static Transducer open(InputStream in) {
    return TASK.open(in);
  }

  @Override
  public Task<?, ?> task() {
    return TASK;
  }

  @Override
  public Map<String, Object> summary() {
    TransducerSpec description = network.description();
    var summary = new LinkedHashMap<String, Object>();
    summary.put("encoder", Summaries.of(description.encoder()));
    summary.put("decoder", Summaries.of(description.decoder()));
    var kind = description.attention();
    summary.put("attention", kind == null ? "none" : kind.label());
    summary.put("input feeding", description.feeds());
    file.fields().describeCounted().ifPresent(counts -> summary.put("counted", counts));
    summary.putAll(Summaries.of("source ", source));
    summary.putAll(Summaries.of("target ", target));
    return summary;
  }

  @Override
  public Transducer withPrecision(Precision other) {
    return new Transducer(file.withPrecision(other));
  }

  /** Returns whether joint n-grams or a dictionary stand beside the network. */
  public boolean hasCounts() {
    return file.fields().counted() != null;
  }

  /** Returns the same model without joint n-grams or a dictionary, if it has any. */
  public Transducer withoutCounts() {
    return hasCounts() ? new Transducer(TransducerFields.withoutCounts(file)) : this;
  }

  /**
   * Returns a model of a run as the validation part chose it, so that it can be measured there: the
   * joint n-grams or the dictionary of a model that has ended may be of that part, too.
   */
  public Transducer chosenBy(TransducerRun run) {
    return new Transducer(run.chosen(file));
  }

  /** Returns the description of the network. */
  public TransducerSpec description() {
    return network.description();
  }

  /** Returns the network, without its weights. */
  public TransducerNetwork network() {
    return network;
  }

  /** Returns how sources become ids. */
  public Tokenizer source() {
    return source;
  }

  /** Returns how targets become ids. */
  public Tokenizer target() {
    return target;
  }

  /**
   * What a source may become.
   *
   * @param text the target
   * @param tokens its tokens
   * @param logProbability log P(target | source) by the network, in nats
   * @param score what targets are compared by: the same, with the penalty of the length; where
   *     joint n-grams or a dictionary stand beside the network, a mean with what they say
   * @param attention of each token, how much each token of the source counted, its end included;
   *     empty unless asked for
   */
  public record Output(
      String text,
      List<String> tokens,
      double logProbability,
      double score,
      List<List<Float>> attention) {
    /** Copies the lists. */
    public Output {
      tokens = List.copyOf(tokens);
      attention = attention.stream().map(FixedList::copyOf).toList();
    }

    /** Returns the target. */
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * What a source becomes.
   *
   * @param outputs what it may become, the best first; at least one
   */
  public record Transduction(List<Output> outputs) {

    /** Copies the list. */
    public Transduction {
      outputs = List.copyOf(outputs);
    }

    /** Returns the best target. */
    public String text() {
      return outputs.getFirst().text();
    }

    /** Returns the best targets, so many or as many as the search found. */
    public List<Output> nbest(int count) {
      Numbers.checkCount("count", count, 0, Integer.MAX_VALUE);
      return outputs.subList(0, Math.min(count, outputs.size()));
    }

    /** Returns the best target. */
    @Override
    public String toString() {
      return text();
    }
  }

  /** Returns what a source becomes, found with {@link Decoding#BEAM}. */
  public Transduction transduce(String text) {
    return new Transduction(
        transduce(List.of(Objects.requireNonNull(text, "text")), Decoding.BEAM, Workers.single())
            .getFirst());
  }

  /** Returns what sources become, in their order, found with {@link Decoding#BEAM}. */
  public List<Transduction> transduce(List<String> texts) {
    return transduce(texts, Decoding.BEAM);
  }

  /** Returns what sources become, in their order, with all processors. */
  public List<Transduction> transduce(List<String> texts, Decoding how) {
    return Workers.use(texts.size(), workers -> transduce(texts, how, workers)).stream()
        .map(Transduction::new)
        .toList();
  }

  /**
   * Returns what each source may become, the best first, as many as the beam finds; each has the
   * same bits as if it were the only one.
   */
  public List<List<Output>> transduce(List<String> texts, Decoding how, Workers workers) {
    return transduce(List.of(this), texts, how, workers);
  }

  /**
   * Returns what each source may become for several models together: each token has the mean of
   * their probabilities, and attention is the mean of theirs.
   *
   * @param ensemble models of the same vocabularies, such as some that were trained alike with
   *     other seeds
   * @throws InputException if their vocabularies differ, or if attention is needed that one does
   *     not have
   */
  public static List<List<Output>> transduce(
      List<Transducer> ensemble, List<String> texts, Decoding how, Workers workers) {
    Objects.requireNonNull(texts, "texts");
    Objects.requireNonNull(workers, "workers");
    checkAlike(ensemble);
    checkAttention(ensemble, how);
    var members = ensemble.stream().map(each -> each.member).toList();
    Transducer first = ensemble.getFirst();
    var fields = ensemble.stream().map(each -> each.file.fields()).toList();
    var found = new TargetWriter(fields, members, how).write(texts, workers);
    return IntStream.range(0, texts.size())
        .mapToObj(i -> found.get(i).stream().map(each -> first.output(each, texts.get(i), how)))
        .map(Stream::toList)
        .toList();
  }

  private static void checkAttention(List<Transducer> ensemble, Decoding how) {
    boolean all = ensemble.stream().allMatch(each -> each.description().attention() != null);
    if (how.attention() && !all) {
      throw new InputException(
          "the network has no attention that could be shown", "Train it with {attention}.");
    }
    if (how.copy() && !all) {
      throw new InputException(
          "the network has no attention, which says what is copied", "Train it with {attention}.");
    }
    Transducer first = ensemble.getFirst();
    if (how.copy() && !(first.source.hasWords() && first.target.hasWords())) {
      throw new InputException(
          "only whole words are copied, and this model reads or writes characters, bytes or parts of words",
          "Leave {copy} out, or train a model of words or tokens.");
    }
  }

  private Output output(TargetWriter.Written target, String text, Decoding how) {
    String own = target.text();
    return own == null ? output(target.found(), text, how) : output(target.found(), own, text, how);
  }

  /** What was written may have words that the vocabulary does not: its own text has them. */
  private Output output(TransducerSearch.Found found, String target, String text, Decoding how) {
    return new Output(
        target,
        this.target.cut(target),
        found.logProbability(),
        found.score(),
        how.attention() ? shown(found.attention(), sourceTokens(text).size()) : List.of());
  }

  private Output output(TransducerSearch.Found found, String text, Decoding how) {
    List<String> source = how.copy() ? this.source.cut(text) : List.of();
    var tokens = new ArrayList<String>();
    var written = new StringBuilder();
    var detokenizer = target.detokenizer("");
    for (int t = 0; t < found.ids().length; t++) {
      int id = found.ids()[t];
      String token = target.token(id);
      String added = detokenizer.add(id);
      if (id == target.unknown() && !source.isEmpty()) {
        String copy = source.get(greatest(found.attention().get(t), source.size()));
        added = added.replace(token, copy);
        token = copy;
      }
      tokens.add(token);
      written.append(added);
    }
    return new Output(
        written.append(detokenizer.end()).toString(),
        tokens,
        found.logProbability(),
        found.score(),
        how.attention() ? shown(found.attention(), sourceTokens(text).size()) : List.of());
  }

  /** Of each token what belongs to its own source: the longest of the batch has more. */
  private static List<List<Float>> shown(List<float[]> attention, int source) {
    return attention.stream().map(row -> FixedList.of(Arrays.copyOf(row, source))).toList();
  }

  /** The first place of the greatest of the first {@code count} numbers. */
  private static int greatest(float[] shares, int count) {
    int best = 0;
    for (int s = 1; s < count; s++) {
      best = shares[s] > shares[best] ? s : best;
    }
    return best;
  }

  private static void checkAlike(List<Transducer> ensemble) {
    Transducer first = ensemble.getFirst();
    for (int i = 1; i < ensemble.size(); i++) {
      Transducer each = ensemble.get(i);
      if (!each.source.describe().equals(first.source.describe())
          || !each.target.describe().equals(first.target.describe())) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "model %d of the ensemble has other vocabularies than the first",
                i + 1),
            "Train all on the same pairs with the same units, and another {seed}.");
      }
    }
  }

  /**
   * Returns the outputs of a recurrent layer of the encoder at each token of each source, its end
   * included, [sources][tokens][width].
   *
   * @param layer from 1
   * @throws IndexOutOfBoundsException if there is no such layer
   */
  public List<float[][]> outputs(List<String> sources, int layer, Workers workers) {
    Objects.requireNonNull(workers, "workers");
    int index = Objects.checkIndex(layer - 1, description().encoder().layers().size());
    var space = network.newBuffers(false);
    return sources.stream()
        .map(
            text ->
                network.outputs(
                    weights, TransducerPairs.encode(source, text), index, space, workers))
        .toList();
  }

  /** Returns the tokens of a source, its end included, as the network reads them. */
  public List<String> sourceTokens(String text) {
    Objects.requireNonNull(text, "text");
    return Arrays.stream(TransducerPairs.encode(source, text)).mapToObj(source::token).toList();
  }

  /**
   * Returns the mean cross-entropy a token of the targets, their ends included, in nats, by the
   * network.
   */
  public double crossEntropy(List<Pair> pairs, Workers workers) {
    return crossEntropy(List.of(this), pairs, workers);
  }

  /** Returns that of several models together: each token has the mean of their probabilities. */
  public static double crossEntropy(List<Transducer> ensemble, List<Pair> pairs, Workers workers) {
    Objects.requireNonNull(pairs, "pairs");
    Objects.requireNonNull(workers, "workers");
    checkAlike(ensemble);
    Transducer first = ensemble.getFirst();
    var networks = ensemble.stream().map(each -> each.network).toList();
    var weights = ensemble.stream().map(each -> each.weights).toList();
    var numbers = TransducerPairs.of(first.source, first.target, pairs);
    return TransducerLearner.meanLoss(networks, weights, numbers, workers);
  }

  /**
   * Evaluates the model on objects that have a source and a target, found with {@link
   * Decoding#BEAM}. Where a source has several targets, the nearest one counts.
   */
  public <T> ErrorRates evaluate(
      Iterable<T> data,
      Function<? super T, String> ofSource,
      Function<? super T, String> ofTarget) {
    Objects.requireNonNull(ofSource, "ofSource");
    Objects.requireNonNull(ofTarget, "ofTarget");
    var pairs = new ArrayList<Pair>();
    data.forEach(each -> pairs.add(new Pair(ofSource.apply(each), ofTarget.apply(each))));
    return evaluate(pairs);
  }

  /** Evaluates the model on sources with their targets, with all processors. */
  public ErrorRates evaluate(List<Pair> pairs) {
    return Workers.use(pairs.size(), workers -> evaluate(pairs, workers));
  }

  /** Evaluates the model on sources with their targets. */
  public ErrorRates evaluate(List<Pair> pairs, Workers workers) {
    Map<String, Set<String>> references = Pair.references(pairs);
    var sources = List.copyOf(references.keySet());
    var found =
        transduce(sources, Decoding.BEAM, workers).stream()
            .map(each -> each.getFirst().text())
            .toList();
    var wanted = references.values().stream().<List<String>>map(List::copyOf).toList();
    return TextErrors.of(found, wanted, target::cut);
  }
}
