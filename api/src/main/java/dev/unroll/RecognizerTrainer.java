package dev.unroll;

import dev.unroll.base.Workers;
import dev.unroll.batch.SourceReader;
import dev.unroll.data.Pair;
import dev.unroll.data.Tokenizer;
import dev.unroll.learn.TrainingPlan;
import dev.unroll.model.Recognizer;
import dev.unroll.network.Network;
import dev.unroll.result.Verdict;
import dev.unroll.store.ModelFile;
import dev.unroll.task.RunOutput;
import dev.unroll.task.recognize.RecognizeVerdict;
import dev.unroll.task.recognize.RecognizerFields;
import dev.unroll.task.recognize.RecognizerRun;
import dev.unroll.text.table.PairTable;
import dev.unroll.train.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Trains a network with CTC on sequences whose labels are not aligned.
 *
 * {@snippet file="example/SnippetsTest.java" region="recognizer-trainer"}
 */
public final class RecognizerTrainer
    extends PairTrainer<RecognizerFields, RecognizerRun, Recognizer, RecognizerTrainer> {

  private boolean numbers;
  private @Nullable Recognizer parent;

  RecognizerTrainer() {
    super(RecognizerRun.DEFAULTS);
  }

  @Override
  RecognizerTrainer self() {
    return this;
  }

  @Override
  Recognizer model(ModelFile<RecognizerFields> file) {
    return new Recognizer(file);
  }

  @Override
  public Verdict verdict(RecognizerRun run, Recognizer model, Workers workers) {
    return RecognizeVerdict.of(run, model.provenance());
  }

  @Override
  public RecognizerTrainer from(Recognizer model) {
    parent = model;
    numbers = model.source().tokens() == null;
    readLike(model.source().tokens(), model.target());
    return begin(model, model.network().description().network());
  }

  /**
   * Reads sources as sequences of numbers: spaces separate steps and commas the numbers of a step,
   * such as {@code 0.12,1 0.4,0}. There is no dropout at the input.
   */
  public RecognizerTrainer numbers() {
    numbers = true;
    return network(this::usual);
  }

  /** Labels need as many steps at least, so that those of sources are the smallest. */
  @Override
  boolean findsSourceUnit() {
    return false;
  }

  @Override
  Network usual(Network layers) {
    return numbers ? layers.withoutInputDropout() : layers;
  }

  /**
   * Learns from objects that have a sequence of numbers, and labels.
   *
   * @param steps the numbers of each step, equally many for every step
   */
  public <D> RecognizerTrainer numbers(
      Iterable<D> data, Function<? super D, float[][]> steps, Function<? super D, String> labels) {
    Objects.requireNonNull(steps, "steps");
    Objects.requireNonNull(labels, "labels");
    return numbers().pairs(data, each -> SourceReader.write(steps.apply(each)), labels);
  }

  /** Trains on objects that have a sequence of numbers, and labels. */
  public <D> RecognizerTrainer numbers(
      Stream<D> data, Function<? super D, float[][]> steps, Function<? super D, String> labels) {
    return numbers(data.toList(), steps, labels);
  }

  /** Trains on objects that have a sequence of numbers, as lists of lists, and labels. */
  public <D> RecognizerTrainer numberLists(
      Iterable<D> data,
      Function<? super D, ? extends List<? extends List<? extends Number>>> steps,
      Function<? super D, String> labels) {
    Objects.requireNonNull(steps, "steps");
    Objects.requireNonNull(labels, "labels");
    return numbers().pairs(data, each -> SourceReader.write(steps.apply(each)), labels);
  }

  /** Trains on objects that have a sequence of numbers, as lists of lists, and labels. */
  public <D> RecognizerTrainer numberLists(
      Stream<D> data,
      Function<? super D, ? extends List<? extends List<? extends Number>>> steps,
      Function<? super D, String> labels) {
    return numberLists(data.toList(), steps, labels);
  }

  /** Validates on other objects that have a sequence of numbers, and labels. */
  public <D> RecognizerTrainer validationNumbers(
      Iterable<D> data, Function<? super D, float[][]> steps, Function<? super D, String> labels) {
    Objects.requireNonNull(steps, "steps");
    Objects.requireNonNull(labels, "labels");
    return validation(data, each -> SourceReader.write(steps.apply(each)), labels);
  }

  /** Validates on other objects that have a sequence of numbers, and labels. */
  public <D> RecognizerTrainer validationNumbers(
      Stream<D> data, Function<? super D, float[][]> steps, Function<? super D, String> labels) {
    return validationNumbers(data.toList(), steps, labels);
  }

  @Override
  public RecognizerRun prepare(RunOutput output) {
    search();
    List<PairTable.Line> read = pairs().learned().lines();
    List<PairTable.Line> validation = pairs().validation().lines();
    var lines = new ArrayList<>(read);
    lines.addAll(validation);
    if (numbers) {
      int inputs = SourceReader.inputs(lines.getFirst().pair().source());
      lines.forEach(line -> line.check(pair -> SourceReader.checkNumbers(pair.source(), inputs)));
    }
    List<List<Pair>> parts = parts(read, validation);
    List<Pair> learned = parts.getFirst();
    Tokenizer target =
        targets(
            parent == null ? null : parent.target(), learned.stream().map(Pair::target).toList());
    var source =
        SequenceReaders.of(
            learned.stream().map(Pair::source).toList(),
            numbers,
            parent == null ? null : parent.source(),
            this::sources);
    lines.forEach(line -> line.check(pair -> RecognizerRun.check(source, target, pair)));
    Training course = training(amount(learned, TrainingPlan.Pace.USUAL));
    return new RecognizerRun(
        RecognizerFields.of(network(), source, target),
        parts,
        course,
        saying(output).withReading(pairs().table().kept()));
  }
}
