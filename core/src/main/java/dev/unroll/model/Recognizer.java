package dev.unroll.model;

import dev.unroll.base.InputException;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.batch.SourceReader;
import dev.unroll.data.Pair;
import dev.unroll.data.Reading;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Numbers;
import dev.unroll.measure.TextErrors;
import dev.unroll.network.Network;
import dev.unroll.result.ErrorRates;
import dev.unroll.result.Model;
import dev.unroll.stack.SignalNetwork;
import dev.unroll.store.ModelFile;
import dev.unroll.store.Task;
import dev.unroll.task.Pool;
import dev.unroll.task.RunOutput;
import dev.unroll.task.Summaries;
import dev.unroll.task.recognize.CtcSearch;
import dev.unroll.task.recognize.LabelFinder;
import dev.unroll.task.recognize.RecognizerFields;
import dev.unroll.task.recognize.RecognizerRun;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Labels a longer sequence without a known alignment: Morse code to text, pen strokes to letters.
 * The network outputs a label or a blank at each step, and was trained with {@link
 * dev.unroll.head.Ctc}. It is immutable, and threads may share it.
 */
public final class Recognizer extends Model {

  /** The task of networks that recognize labels without an alignment. */
  public static final Task<RecognizerFields, Recognizer> TASK =
      new Task<>("recognize", "sequences", RecognizerFields.CODEC, Recognizer::new);

  private final ModelFile<RecognizerFields> file;
  private final SignalNetwork network;
  private final SignalNetwork.Weights weights;
  private final Pool<SignalNetwork.Buffers> buffers;
  private final SourceReader source;
  private final Tokenizer target;

  /** Creates the model that a run ended with, or that was read from a file. */
  public Recognizer(ModelFile<RecognizerFields> file) {
    super(file);
    this.file = file;
    network = file.fields().network();
    source = file.fields().source();
    target = file.fields().target();
    weights = network.pack(file.parameters(), file.precision(), Workers.single());
    buffers = new Pool<>(() -> network.newBuffers(false));
  }

  /**
   * Trains a recognizer; every twentieth source is held out to select the best parameters, by label
   * error rate. {@link RecognizerRun} has all options.
   *
   * @param pairs sources with their labels
   * @param source how sources are read
   * @param target how labels become ids
   */
  public static Recognizer train(
      List<Pair> pairs, SourceReader source, Tokenizer target, Network layers, Training options) {
    var fields = RecognizerFields.of(layers, source, target);
    var run = new RecognizerRun(fields, Pair.cut(pairs, 0.05), options, RunOutput.NOTHING);
    return new Recognizer(run.run(TrainingListener.NONE));
  }

  /**
   * Opens a model file.
   *
   * @throws InputException if it is missing, damaged or of another task
   */
  public static Recognizer open(Path file) {
    return TASK.open(file);
  }

  /**
   * Opens a model from a stream, which is read up to the end of the model and not closed.
   *
   * @throws InputException if it cannot be read, is damaged or of another task
   */
  public static Recognizer open(InputStream in) {
    return TASK.open(in);
  }

  @Override
  public Task<?, ?> task() {
    return TASK;
  }

  @Override
  public Map<String, Object> summary() {
    Network layers = network.description().network();
    Map<String, Object> summary = Summaries.of(layers, source);
    summary.putAll(Summaries.of("target ", target));
    return summary;
  }

  @Override
  public Recognizer withPrecision(Precision other) {
    return new Recognizer(file.withPrecision(other));
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
   * How labels are searched.
   *
   * @param beam prefixes that are kept at each step; 1 takes the likeliest label of each step
   * @param guide a language model of targets that guides the beam, or null
   * @param weight of its log-probabilities
   * @param bonus for each label
   */
  public record Search(int beam, @Nullable LanguageModel guide, double weight, double bonus) {

    /** The likeliest label of each step. */
    public static final Search GREEDY = beam(1);

    /** Returns a search that keeps this many prefixes at each step. */
    public static Search beam(int width) {
      return new Search(width, null, 0, 0);
    }

    /**
     * Returns the same, guided by a language model of targets.
     *
     * @param by weight of its log-probabilities
     * @param perLabel bonus for each label
     */
    public Search guidedBy(LanguageModel model, double by, double perLabel) {
      return new Search(beam, model, by, perLabel);
    }

    private CtcSearch of(Tokenizer target) {
      if (guide != null && guide.reading() != Reading.SENTENCES) {
        throw new InputException(
            "the language model reads a stream, not sentences",
            "Train it with {reading sentences}, one target per line.");
      }
      CtcSearch.Guide leader =
          guide == null ? null : CtcSearch.Guide.of(guide, weight, bonus, target);
      return new CtcSearch(target.endOfSentence(), beam, leader);
    }

    /** Checks the numbers. */
    public Search {
      if (beam < 1 || beam > 1000) {
        throw new InputException("the beam is " + beam, "It must be in 1 … 1,000.");
      }
      Numbers.check("the language model's weight", weight, 0, 1e30);
      Numbers.check("the label's bonus", bonus, -1e30, 1e30);
    }
  }

  /** How labels are looked for by default. */
  private static final Search USUAL = Search.beam(10);

  /** Returns the labels of a source. */
  public Recognition recognize(String source) {
    return new Recognition(
        recognize(List.of(Objects.requireNonNull(source, "source")), USUAL, Workers.single())
            .getFirst());
  }

  /**
   * Returns the labels of a sequence of numbers.
   *
   * @param steps the numbers of each step
   */
  public Recognition recognize(float[][] steps) {
    return recognize(SourceReader.write(Objects.requireNonNull(steps, "steps")));
  }

  /** Returns the labels of sources, in input order, with all processors. */
  public List<Recognition> recognize(List<String> sources) {
    return recognize(sources, USUAL);
  }

  /** Returns the labels of sources, in input order, with all processors. */
  public List<Recognition> recognize(List<String> sources, Search how) {
    return Workers.use(sources.size(), workers -> recognize(sources, how, workers)).stream()
        .map(Recognition::new)
        .toList();
  }

  /**
   * The result for a source.
   *
   * @param outputs the possible labelings, the best first; at least one
   */
  public record Recognition(List<Output> outputs) {

    /** Copies the list. */
    public Recognition {
      outputs = List.copyOf(outputs);
    }

    /** Returns the best labels, as text. */
    public String text() {
      return outputs.getFirst().text();
    }

    /** Returns the best labelings, at most {@code count}. */
    public List<Output> nbest(int count) {
      Numbers.checkCount("count", count, 0, Integer.MAX_VALUE);
      return outputs.subList(0, Math.min(count, outputs.size()));
    }

    /** Returns the best labels, as text. */
    @Override
    public String toString() {
      return text();
    }
  }

  /**
   * A possible labeling of a source.
   *
   * @param text its labels
   * @param score log-probability, in nats, with what a language model added; of a greedy search
   *     that of the likeliest labeling only
   */
  public record Output(String text, double score) {
    /** Returns the labels. */
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * Returns the possible labelings of each source, the best first; each has the same bits as if it
   * were the only one.
   */
  public List<List<Output>> recognize(List<String> texts, Search how, Workers workers) {
    return finder(how).find(texts, workers).stream()
        .map(found -> found.stream().map(each -> new Output(each.text(), each.score())).toList())
        .toList();
  }

  private LabelFinder finder(Search how) {
    return new LabelFinder(file.fields(), weights, buffers, how.of(target));
  }

  /**
   * Returns the outputs of a recurrent layer at each step of each source, [sources][steps][width];
   * each has the same bits as if it were the only one.
   *
   * @param layer from 1
   * @throws IndexOutOfBoundsException if there is no such layer
   */
  public List<float[][]> outputs(List<String> texts, int layer, Workers workers) {
    int index = Objects.checkIndex(layer - 1, network.description().network().layers().size());
    return finder(USUAL).outputs(texts, index, workers);
  }

  /** Evaluates the recognizer on objects that have a source and its labels. */
  public <T> ErrorRates evaluate(
      Iterable<T> data,
      Function<? super T, String> ofSource,
      Function<? super T, String> ofLabels) {
    var pairs = new ArrayList<Pair>();
    data.forEach(each -> pairs.add(new Pair(ofSource.apply(each), ofLabels.apply(each))));
    return evaluate(pairs);
  }

  /**
   * Evaluates the recognizer on objects that have a sequence of numbers and its labels.
   *
   * @param steps the numbers of each step
   */
  public <T> ErrorRates evaluateNumbers(
      Iterable<T> data,
      Function<? super T, float[][]> steps,
      Function<? super T, String> ofLabels) {
    return evaluate(data, each -> SourceReader.write(steps.apply(each)), ofLabels);
  }

  /** Evaluates the recognizer on sources with their labels, with all processors. */
  public ErrorRates evaluate(List<Pair> pairs) {
    return Workers.use(pairs.size(), workers -> evaluate(pairs, USUAL, workers));
  }

  /** Evaluates the recognizer on sources with their labels. */
  public ErrorRates evaluate(List<Pair> pairs, Search how, Workers workers) {
    var sources = pairs.stream().map(Pair::source).toList();
    var found =
        recognize(sources, how, workers).stream().map(each -> each.getFirst().text()).toList();
    var wanted = pairs.stream().map(pair -> List.of(pair.target())).toList();
    return TextErrors.of(found, wanted, target::cut);
  }
}
