package dev.unroll.task.recognize;

import dev.unroll.data.Pair;
import dev.unroll.data.RecognizedSequences;
import dev.unroll.data.SignalBatch;
import dev.unroll.data.SourceReader;
import dev.unroll.data.Tokenizer;
import dev.unroll.data.TokenizerFormat;
import dev.unroll.file.InputException;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Softmax;
import dev.unroll.kernel.Workers;
import dev.unroll.layer.Steps;
import dev.unroll.measure.EditDistance;
import dev.unroll.network.Network;
import dev.unroll.network.SignalNetwork;
import dev.unroll.task.Model;
import dev.unroll.task.RunOutput;
import dev.unroll.task.lm.LanguageModel;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes labels of a longer sequence without being told which steps are which label: Morse code into
 * text, pen strokes into letters. The network gives a label or a blank at each step, and was
 * trained by {@link dev.unroll.head.Ctc}. It never changes; threads may share it.
 */
public final class Recognizer extends Model {

  private final SignalNetwork network;
  private final SignalNetwork.Weights weights;
  private final SourceReader source;
  private final Tokenizer target;

  Recognizer(
      SignalNetwork network,
      float[] parameters,
      Precision precision,
      SourceReader source,
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
   * Trains a recognizer; every twentieth source chooses the best parameters, by label error rate.
   * {@link RecognizerRun} has all options.
   *
   * @param pairs sources with their labels
   * @param source how sources are read
   * @param target how labels become ids
   */
  public static Recognizer train(
      List<Pair> pairs, SourceReader source, Tokenizer target, Network layers, Training options) {
    var parts = Pair.cut(pairs, 0.05);
    return new RecognizerRun(
            source,
            target,
            layers,
            parts.get(0),
            parts.get(1),
            options,
            Map.of(),
            RunOutput.NOTHING)
        .run(TrainingListener.NONE);
  }

  /**
   * Opens a model file.
   *
   * @throws InputException if it is missing, damaged or of another kind
   */
  public static Recognizer open(Path file) {
    RecognizerFile content = RecognizerFile.read(file);
    Tokenizer target = TokenizerFormat.find(content.tokenizer(), file);
    Tokenizer tokens =
        content.vocabulary() == 0 ? null : TokenizerFormat.find(content.sourceTokenizer(), file);
    if (target.size() != content.labels()
        || (tokens != null && tokens.size() != content.vocabulary())) {
      throw InputException.in(
          file, "its network is not that of its vocabularies", "Train it again.");
    }
    var source = new SourceReader(tokens, content.scaling());
    var network = network(content.network(), source, target);
    float[] parameters = network.round(content.parameters(), content.precision());
    return new Recognizer(
        network, parameters, content.precision(), source, target, content.provenance());
  }

  static SignalNetwork network(Network layers, SourceReader source, Tokenizer target) {
    var signal = RecognizerFile.signal(layers, source.inputs(), target.size());
    return new SignalNetwork(signal, source.vocabulary());
  }

  @Override
  public String task() {
    return RecognizerFile.TASK;
  }

  @Override
  public void save(Path file) {
    Tokenizer tokens = source.tokens();
    new RecognizerFile(
            network.description().network(),
            source.vocabulary(),
            source.scaling(),
            target.size(),
            parameters,
            precision,
            tokens == null ? Map.of() : tokens.describe(),
            target.describe(),
            provenance)
        .write(file);
  }

  @Override
  public Recognizer withPrecision(Precision other) {
    return new Recognizer(
        network, network.round(parameters, other), other, source, target, provenance);
  }

  /** Returns the network, without its weights. */
  public SignalNetwork network() {
    return network;
  }

  /** Returns how sources are read. */
  public SourceReader source() {
    return source;
  }

  /** Returns how targets become ids; the id that ends a sentence is the blank. */
  public Tokenizer target() {
    return target;
  }

  /**
   * How labels are looked for.
   *
   * @param beam prefixes that are kept at each step; 1 for the likeliest label of each
   * @param guide a language model of targets that leads the beam, or null
   * @param weight of its log-probabilities
   * @param bonus for each label
   */
  public record Search(int beam, @Nullable LanguageModel guide, double weight, double bonus) {

    /** The likeliest label of each step. */
    public static final Search GREEDY = new Search(1, null, 0, 0);

    /** Checks the numbers. */
    public Search {
      if (beam < 1 || beam > 1000) {
        throw new InputException("the beam is " + beam, "It must be in 1 … 1,000.");
      }
      if (!(Double.isFinite(weight) && weight >= 0)) {
        throw new InputException(
            "the language model's weight is " + weight, "It must be 0 or more.");
      }
      if (!Double.isFinite(bonus)) {
        throw new InputException("the label's bonus is " + bonus, "Give a finite number.");
      }
    }
  }

  /** Returns the labels of a source, as text. */
  public String recognize(String text) {
    return recognize(List.of(text), new Search(10, null, 0, 0), Workers.single())
        .getFirst()
        .getFirst()
        .text();
  }

  /**
   * What was found in a source.
   *
   * @param text its labels
   * @param score log-probability, in nats, with what a language model added; of a greedy search
   *     that of the likeliest labelling alone
   */
  public record Output(String text, double score) {}

  /**
   * Returns what each source may say, the best first; each has the same bits as if it were alone.
   */
  public List<List<Output>> recognize(List<String> texts, Search how, Workers workers) {
    return evaluator(network, weights, source, target, how).outputs(texts, workers);
  }

  static Evaluator evaluator(
      SignalNetwork network,
      SignalNetwork.Weights weights,
      SourceReader source,
      Tokenizer target,
      Search how) {
    LanguageModel model = how.guide;
    CtcSearch.Guide guide =
        model == null ? null : CtcSearch.Guide.of(model, how.weight, how.bonus, target);
    var search = new CtcSearch(target.endOfSentence(), how.beam, guide);
    return new Evaluator(network, weights, source, target, search);
  }

  /** Finds labels, and compares them. */
  record Evaluator(
      SignalNetwork network,
      SignalNetwork.Weights weights,
      SourceReader source,
      Tokenizer target,
      CtcSearch search) {

    /** Sources that are read side by side. */
    private static final int TOGETHER = 64;

    List<List<Output>> outputs(List<String> texts, Workers workers) {
      var sequences =
          new RecognizedSequences(
              texts.stream().map(text -> source.sequence(text, new int[0])).toList(),
              source.inputs());
      Integer[] order = IntStream.range(0, texts.size()).boxed().toArray(Integer[]::new);
      Arrays.sort(order, Comparator.comparingInt(sequences::length)); // stable
      var all = new ArrayList<List<Output>>(Collections.nCopies(texts.size(), List.of()));
      var space = network.newBuffers(false);
      for (int from = 0; from < order.length; from += TOGETHER) {
        int[] some =
            Arrays.stream(order, from, Math.min(order.length, from + TOGETHER))
                .mapToInt(Integer::intValue)
                .toArray();
        SignalBatch batch = sequences.batch(some);
        Matrix rows = network.outputs(weights, batch, space, workers);
        workers.run(
            some.length,
            1,
            (first, end) -> {
              for (int s = first; s < end; s++) {
                var found = search.search(logProbabilities(rows, batch.steps(), s));
                all.set(some[s], found.stream().map(this::output).toList());
              }
            });
      }
      return all;
    }

    private Output output(CtcSearch.Found found) {
      return new Output(target.decode(found.labels()), found.score());
    }

    private static float[][] logProbabilities(Matrix rows, Steps steps, int s) {
      float[][] all = new float[steps.length(s)][];
      for (int t = 0; t < all.length; t++) {
        int at = rows.row(steps.row(t, s));
        all[t] = Arrays.copyOfRange(rows.data(), at, at + rows.columns());
        double total = Softmax.logSumExp(all[t], 0, all[t].length);
        for (int k = 0; k < all[t].length; k++) {
          all[t][k] = (float) (all[t][k] - total);
        }
      }
      return all;
    }

    /** Returns 1 - the label error rate: edits as a share of the labels wanted. */
    double labelAccuracy(List<Pair> pairs, Workers workers) {
      List<List<Output>> found = outputs(pairs.stream().map(Pair::source).toList(), workers);
      long edits = 0;
      long labels = 0;
      for (int i = 0; i < pairs.size(); i++) {
        List<Integer> own = ids(found.get(i).getFirst().text());
        List<Integer> wanted = ids(pairs.get(i).target());
        edits += EditDistance.of(own, wanted);
        labels += wanted.size();
      }
      return 1 - (double) edits / Math.max(1, labels);
    }

    private List<Integer> ids(String text) {
      return Arrays.stream(target.encode(text)).boxed().toList();
    }
  }
}
