package dev.unroll.task.recognize;

import dev.unroll.data.LengthBatches;
import dev.unroll.data.Pair;
import dev.unroll.data.RecognizedSequences;
import dev.unroll.data.SignalBatch;
import dev.unroll.data.SourceReader;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.InputException;
import dev.unroll.file.ModelFile;
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
import dev.unroll.task.Summaries;
import dev.unroll.task.Task;
import dev.unroll.task.lm.LanguageModel;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes labels of a longer sequence without being told which steps are which label: Morse code into
 * text, pen strokes into letters. The network gives a label or a blank at each step, and was
 * trained by {@link dev.unroll.head.Ctc}. It never changes; threads may share it.
 */
public final class Recognizer extends Model {

  /** The task of networks that label without alignment. */
  public static final Task<RecognizerFields, Recognizer> TASK =
      new Task<>("recognize", "sequences", RecognizerFields.CODEC, Recognizer::new);

  private final ModelFile<RecognizerFields> file;
  private final SignalNetwork network;
  private final SignalNetwork.Weights weights;
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

  @Override
  public Task<?, ?> task() {
    return TASK;
  }

  @Override
  public Map<String, Object> summary() {
    Network layers = network.description().network();
    Tokenizer tokens = source.tokens();
    var summary = tokens == null ? Summaries.ofNumbers(layers) : Summaries.of(layers);
    if (tokens == null) {
      summary.put("source", source.inputs() + " numbers a step");
    } else {
      summary.putAll(Summaries.of("source ", tokens));
    }
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
    return evaluator(file.fields(), weights, how).outputs(texts, workers);
  }

  static Evaluator evaluator(RecognizerFields fields, SignalNetwork.Weights weights, Search how) {
    LanguageModel model = how.guide;
    Tokenizer target = fields.target();
    CtcSearch.Guide guide =
        model == null ? null : CtcSearch.Guide.of(model, how.weight, how.bonus, target);
    return new Evaluator(fields, weights, new CtcSearch(target.endOfSentence(), how.beam, guide));
  }

  /** Finds labels, and compares them. */
  record Evaluator(RecognizerFields fields, SignalNetwork.Weights weights, CtcSearch search) {

    private static final LengthBatches BATCHES = new LengthBatches(64);

    List<List<Output>> outputs(List<String> texts, Workers workers) {
      var sequences =
          new RecognizedSequences(
              texts.stream().map(text -> fields.source().sequence(text, new int[0])).toList(),
              fields.source().inputs());
      var space = fields.network().newBuffers(false);
      return BATCHES.map(
          texts.size(),
          sequences::length,
          chosen -> together(sequences.batch(chosen), space, workers));
    }

    private List<List<Output>> together(
        SignalBatch batch, SignalNetwork.Buffers space, Workers workers) {
      Matrix rows = fields.network().outputs(weights, batch, space, workers);
      var all = new ArrayList<List<Output>>(Collections.nCopies(batch.steps().batch(), List.of()));
      workers.run(
          all.size(),
          1,
          (first, end) -> {
            for (int s = first; s < end; s++) {
              var found = search.search(logProbabilities(rows, batch.steps(), s));
              all.set(s, found.stream().map(this::output).toList());
            }
          });
      return all;
    }

    private Output output(CtcSearch.Found found) {
      return new Output(fields.target().decode(found.labels()), found.score());
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
      return Arrays.stream(fields.target().encode(text)).boxed().toList();
    }
  }
}
