package dev.unroll.task.transduce;

import dev.unroll.data.Pair;
import dev.unroll.data.Tokenizer;
import dev.unroll.data.TokenizerFormat;
import dev.unroll.file.InputException;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Workers;
import dev.unroll.task.Model;
import dev.unroll.task.RunOutput;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a text of a text, of another length: letters into sounds, English into German. A network
 * reads the source and then writes the target, token by token. It never changes; threads may share
 * it.
 *
 * {@snippet :
 * var transducer = Transducer.open(Path.of("sounds.safetensors"));
 * transducer.transduce("unroll"); // AH N R OW L
 * }
 */
public final class Transducer extends Model {

  private final TransducerNetwork network;
  private final TransducerNetwork.Weights weights;
  private final Tokenizer source;
  private final Tokenizer target;

  Transducer(
      TransducerNetwork network,
      float[] parameters,
      Precision precision,
      Tokenizer source,
      Tokenizer target,
      Map<String, Object> provenance) {
    super(network, parameters, precision, provenance);
    this.network = network;
    this.source = source;
    this.target = target;
    weights = network.newWeights(precision);
    network.packForward(parameters, weights, Workers.single());
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
    var parts = Pair.cut(pairs, 0.05);
    return new TransducerRun(
            source,
            target,
            network,
            parts.get(0),
            parts.get(1),
            options,
            0,
            false,
            Map.of(),
            RunOutput.NOTHING)
        .run(TrainingListener.NONE);
  }

  /**
   * Opens a model file.
   *
   * @throws InputException if it is missing, damaged or no encoder-decoder
   */
  public static Transducer open(Path file) {
    TransducerFile content = TransducerFile.read(file);
    Tokenizer source = TokenizerFormat.find(content.sourceTokenizer(), file);
    Tokenizer target = TokenizerFormat.find(content.tokenizer(), file);
    if (source.size() != content.sourceVocabulary() || target.size() != content.vocabulary()) {
      throw InputException.in(
          file, "its network is not that of its vocabularies", "Train it again.");
    }
    var network = new TransducerNetwork(content.description(), source.size(), target.size());
    float[] parameters = network.round(content.parameters(), content.precision());
    return new Transducer(
        network, parameters, content.precision(), source, target, content.provenance());
  }

  @Override
  public String task() {
    return TransducerFile.TASK;
  }

  @Override
  public void save(Path file) {
    new TransducerFile(
            network.description(),
            source.size(),
            target.size(),
            parameters,
            precision,
            source.describe(),
            target.describe(),
            provenance)
        .write(file);
  }

  @Override
  public Transducer withPrecision(Precision other) {
    return new Transducer(
        network, network.round(parameters, other), other, source, target, provenance);
  }

  /** Returns what the network looks like. */
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

  /** Returns the ids of a text, its end included. */
  static int[] encode(Tokenizer tokenizer, String text) {
    int[] ids = tokenizer.encode(text);
    int[] ended = Arrays.copyOf(ids, ids.length + 1);
    ended[ids.length] = tokenizer.endOfSentence();
    return ended;
  }

  /**
   * What a source may become.
   *
   * @param text the target
   * @param tokens its tokens
   * @param logProbability log P(target | source), in nats
   * @param score what targets are compared by: the same, with the penalty of the length
   * @param attention of each token, how much each token of the source counted, its end included;
   *     empty unless asked for
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Output(
      String text,
      List<String> tokens,
      double logProbability,
      double score,
      List<float[]> attention) {
    /** Copies the lists. */
    public Output {
      tokens = List.copyOf(tokens);
      attention = List.copyOf(attention);
    }
  }

  /** Returns what a source becomes, found with {@link Decoding#BEAM}. */
  public String transduce(String text) {
    return transduce(List.of(text), Decoding.BEAM, Workers.single()).getFirst().getFirst().text();
  }

  /**
   * Returns what each source may become, the best first, as many as the beam finds; each has the
   * same bits as if it were alone.
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
   * @throws InputException if their vocabularies differ
   */
  public static List<List<Output>> transduce(
      List<Transducer> ensemble, List<String> texts, Decoding how, Workers workers) {
    checkAlike(ensemble);
    if (how.attention()
        && ensemble.stream().anyMatch(each -> each.description().attention() == null)) {
      throw new InputException(
          "the network has no attention that could be shown", "Train it with attention.");
    }
    var members =
        ensemble.stream()
            .map(each -> new TransducerSearch.Member(each.network, each.weights))
            .toList();
    Transducer first = ensemble.getFirst();
    return evaluator(members, first.source, first.target, how).outputs(texts, workers);
  }

  private static void checkAlike(List<Transducer> ensemble) {
    Transducer first = ensemble.getFirst();
    for (int i = 1; i < ensemble.size(); i++) {
      Transducer each = ensemble.get(i);
      if (!each.source.describe().equals(first.source.describe())
          || !each.target.describe().equals(first.target.describe())) {
        throw new InputException(
            "model %d of the ensemble has other vocabularies than the first".formatted(i + 1),
            "Train all on the same pairs with the same units, and another {seed}.");
      }
    }
  }

  static Evaluator evaluator(
      List<TransducerSearch.Member> members, Tokenizer source, Tokenizer target, Decoding how) {
    var search = new TransducerSearch(members, target.endOfSentence(), target.unknown(), how);
    return new Evaluator(source, target, search);
  }

  /** Returns the tokens of a source, its end included, as the network reads them. */
  public List<String> sourceTokens(String text) {
    return Arrays.stream(encode(source, text)).mapToObj(source::token).toList();
  }

  /** Writes targets and compares them. */
  record Evaluator(Tokenizer source, Tokenizer target, TransducerSearch search) {

    List<List<Output>> outputs(List<String> texts, Workers workers) {
      var sources = texts.stream().map(text -> encode(source, text)).toList();
      return search.search(sources, workers).stream()
          .map(each -> each.stream().map(this::output).toList())
          .toList();
    }

    private Output output(TransducerSearch.Found found) {
      return new Output(
          target.decode(found.ids()),
          Arrays.stream(found.ids()).mapToObj(target::token).toList(),
          found.logProbability(),
          found.score(),
          found.attention());
    }

    /** Returns the share of sources that become one of their targets, token by token. */
    double exactMatch(List<Pair> pairs, Workers workers) {
      Map<String, Set<String>> references = references(pairs);
      var texts = List.copyOf(references.keySet());
      List<List<Output>> outputs = outputs(texts, workers);
      long exact = 0;
      for (int i = 0; i < texts.size(); i++) {
        String best = outputs.get(i).isEmpty() ? "" : outputs.get(i).getFirst().text();
        boolean right =
            references.getOrDefault(texts.get(i), Set.of()).stream()
                .anyMatch(each -> target.decode(target.encode(each)).equals(best));
        exact += right ? 1 : 0;
      }
      return (double) exact / Math.max(1, texts.size());
    }
  }

  /** Returns the targets of each source, in their order. */
  public static Map<String, Set<String>> references(List<Pair> pairs) {
    var references = new LinkedHashMap<String, Set<String>>();
    for (Pair pair : pairs) {
      references.computeIfAbsent(pair.source(), unseen -> new LinkedHashSet<>()).add(pair.target());
    }
    return references;
  }

  /** Returns the mean cross-entropy a token of the targets, their ends included, in nats. */
  public double crossEntropy(List<Pair> pairs, Workers workers) {
    return crossEntropy(List.of(this), pairs, workers);
  }

  /** Returns that of several models together: each token has the mean of their probabilities. */
  public static double crossEntropy(List<Transducer> ensemble, List<Pair> pairs, Workers workers) {
    checkAlike(ensemble);
    Transducer first = ensemble.getFirst();
    var networks = ensemble.stream().map(each -> each.network).toList();
    var weights = ensemble.stream().map(each -> each.weights).toList();
    var numbers = numbers(first.source, first.target, pairs);
    return TransducerLearner.meanLoss(networks, weights, numbers, workers);
  }

  /** Returns pairs as ids. */
  static TransducerPairs numbers(Tokenizer source, Tokenizer target, List<Pair> pairs) {
    return new TransducerPairs(
        pairs.stream()
            .map(
                pair ->
                    new TransducerPairs.Pair(
                        encode(source, pair.source()), encode(target, pair.target())))
            .toList());
  }
}
