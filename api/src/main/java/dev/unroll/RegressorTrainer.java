package dev.unroll;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.batch.SourceReader;
import dev.unroll.data.Tokenizer;
import dev.unroll.learn.TrainingPlan;
import dev.unroll.model.Regressor;
import dev.unroll.network.Network;
import dev.unroll.result.Verdict;
import dev.unroll.store.ModelFile;
import dev.unroll.task.RunOutput;
import dev.unroll.task.regress.RegressVerdict;
import dev.unroll.task.regress.RegressorFields;
import dev.unroll.task.regress.RegressorRun;
import dev.unroll.task.regress.RegressorRun.Example;
import dev.unroll.text.Lines;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
import dev.unroll.text.VocabularyTokenizer;
import dev.unroll.text.inspect.TextForm;
import dev.unroll.text.table.TextReading;
import dev.unroll.text.table.TextTable;
import dev.unroll.train.Training;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Trains a network that predicts a number from a text or from a sequence of numbers.
 *
 * {@snippet file="example/SnippetsTest.java" region="regressor"}
 */
public final class RegressorTrainer
    extends TaskTrainer<RegressorFields, RegressorRun, Regressor, RegressorTrainer> {

  private final Rows rows = new Rows(TextTable.VALUES).answers(TextTable.Answers.ONE);
  private TokenOptions tokens = TokenOptions.open(Segmentation.Unit.WORDS);
  private @Nullable Tokenizer tokenizer;
  private boolean numbers;
  private @Nullable Regressor parent;

  RegressorTrainer() {
    super(RegressorRun.DEFAULTS);
  }

  @Override
  RegressorTrainer self() {
    return this;
  }

  @Override
  Regressor model(ModelFile<RegressorFields> file) {
    return new Regressor(file);
  }

  @Override
  public Verdict verdict(RegressorRun run, Regressor model, Workers workers) {
    return RegressVerdict.of(run, model.provenance());
  }

  @Override
  public RegressorTrainer from(Regressor model) {
    parent = model;
    rows.table(TextTable.ofValues(model.provenance()));
    numbers = model.source().tokens() == null;
    tokens = tokens.like(model.source().tokens());
    return begin(model, model.network().description().network());
  }

  /** Trains on objects that have a text and a value. */
  public <T> RegressorTrainer data(
      Iterable<T> data, Function<? super T, String> text, ToDoubleFunction<? super T> value) {
    rows.learned().add(data, text, written(value));
    return this;
  }

  /** Trains on objects that have a text and a value. */
  public <T> RegressorTrainer data(
      Stream<T> data, Function<? super T, String> text, ToDoubleFunction<? super T> value) {
    return data(data.toList(), text, value);
  }

  /** Trains on comma-separated tables, whose first line names the columns. */
  public RegressorTrainer csv(Path... files) {
    rows.learned().files(TextTable.Form.CSV, files);
    return this;
  }

  /** Trains on tables (.csv, .tsv), JSON objects (.jsonl, .json) and fastText lines. */
  public RegressorTrainer files(Path... files) {
    rows.learned().files(files);
    return this;
  }

  /** Sets the delimiter of tables. By default it is detected. */
  public RegressorTrainer delimiter(char between) {
    rows.delimiter(between);
    return this;
  }

  /** Sets the column of the texts. By default it is {@code text}, or detected. */
  public RegressorTrainer text(String column) {
    rows.text(column);
    return this;
  }

  /** Sets the column of the values. By default it is {@code value}, or detected. */
  public RegressorTrainer value(String column) {
    rows.label("value", column);
    return this;
  }

  /**
   * Sets the column of the weight of each text in the loss. A text of weight 2 counts as if it were
   * there twice.
   */
  public RegressorTrainer weight(String column) {
    rows.weight(column);
    return this;
  }

  /**
   * Sets the column of the group of each text. A group stays on one side of the split into training
   * and validation.
   */
  public RegressorTrainer group(String column) {
    rows.group(column);
    return this;
  }

  /** Receives a sentence for everything that was detected in tables, such as columns. */
  public RegressorTrainer notes(Consumer<String> receiver) {
    rows.notes(receiver);
    return this;
  }

  /**
   * Receives the same sentences, with options named by {@code option}; see {@link InputException}.
   */
  public RegressorTrainer notes(Consumer<String> receiver, UnaryOperator<String> option) {
    rows.notes(receiver, option);
    return this;
  }

  /** Sets how tables are read. */
  public RegressorTrainer table(TextTable how) {
    rows.table(how);
    return this;
  }

  /**
   * Sets how symbolic links in folders are treated. By default they must not lead out of the
   * folder.
   */
  public RegressorTrainer links(Lines.Links how) {
    rows.links(how);
    return this;
  }

  /** Validates on other tables. */
  public RegressorTrainer validation(Path... files) {
    rows.validation().files(files);
    return this;
  }

  /** Validates on other objects. */
  public <T> RegressorTrainer validation(
      Iterable<T> data, Function<? super T, String> text, ToDoubleFunction<? super T> value) {
    rows.validation().add(data, text, written(value));
    return this;
  }

  /** Validates on other objects. */
  public <T> RegressorTrainer validation(
      Stream<T> data, Function<? super T, String> text, ToDoubleFunction<? super T> value) {
    return validation(data.toList(), text, value);
  }

  /** Uses words as tokens (Unicode segmentation); by default the unit is derived from the texts. */
  public RegressorTrainer words() {
    return tokens(tokens.withUnit(Segmentation.Unit.WORDS));
  }

  /** Uses characters as tokens, which suits names and other short texts. */
  public RegressorTrainer characters() {
    return tokens(tokens.withUnit(Segmentation.Unit.CHARACTERS));
  }

  /** Sets what a token is, and which tokens have a vector. */
  public RegressorTrainer tokens(TokenOptions options) {
    tokens = Objects.requireNonNull(options, "options");
    return this;
  }

  /** Uses an existing tokenizer, such as that of another model. */
  public RegressorTrainer tokenizer(Tokenizer value) {
    tokenizer = Objects.requireNonNull(value, "value");
    return this;
  }

  /**
   * Learns from objects that have a sequence of numbers, and a value.
   *
   * @param steps the numbers of each step, equally many for every step
   */
  public <T> RegressorTrainer numbers(
      Iterable<T> data, Function<? super T, float[][]> steps, ToDoubleFunction<? super T> value) {
    Objects.requireNonNull(steps, "steps");
    return numbers().data(data, each -> SourceReader.write(steps.apply(each)), value);
  }

  /** Trains on objects that have a sequence of numbers, and a value. */
  public <T> RegressorTrainer numbers(
      Stream<T> data, Function<? super T, float[][]> steps, ToDoubleFunction<? super T> value) {
    return numbers(data.toList(), steps, value);
  }

  /** Trains on objects that have a sequence of numbers, as lists of lists, and a value. */
  public <T> RegressorTrainer numberLists(
      Iterable<T> data,
      Function<? super T, ? extends List<? extends List<? extends Number>>> steps,
      ToDoubleFunction<? super T> value) {
    Objects.requireNonNull(steps, "steps");
    return numbers().data(data, each -> SourceReader.write(steps.apply(each)), value);
  }

  /** Trains on objects that have a sequence of numbers, as lists of lists, and a value. */
  public <T> RegressorTrainer numberLists(
      Stream<T> data,
      Function<? super T, ? extends List<? extends List<? extends Number>>> steps,
      ToDoubleFunction<? super T> value) {
    return numberLists(data.toList(), steps, value);
  }

  /** Validates on other objects that have a sequence of numbers, and a value. */
  public <T> RegressorTrainer validationNumbers(
      Iterable<T> data, Function<? super T, float[][]> steps, ToDoubleFunction<? super T> value) {
    Objects.requireNonNull(steps, "steps");
    return validation(data, each -> SourceReader.write(steps.apply(each)), value);
  }

  /** Validates on other objects that have a sequence of numbers, and a value. */
  public <T> RegressorTrainer validationNumbers(
      Stream<T> data, Function<? super T, float[][]> steps, ToDoubleFunction<? super T> value) {
    return validationNumbers(data.toList(), steps, value);
  }

  /**
   * Reads texts as sequences of numbers: spaces separate steps and commas the numbers of a step,
   * such as {@code 0.12,1 0.4,0}. There is no dropout at the input.
   */
  public RegressorTrainer numbers() {
    numbers = true;
    return network(this::usual);
  }

  @Override
  Network usual(Network layers) {
    return numbers ? layers.withoutInputDropout() : layers;
  }

  @Override
  boolean hasOwnValidation() {
    return !rows.validation().isEmpty();
  }

  @Override
  public RegressorRun prepare(RunOutput output) {
    if (rows.learned().isEmpty()) {
      throw noData("Give texts with values: data, csv or files.");
    }
    search();
    if (hasOwnValidation()) {
      Rows.checkNoGroups(rows.table().aside());
    }
    var checker = new SameSteps();
    List<Example> all = examples(rows.learned(), checker);
    List<List<Example>> parts =
        hasOwnValidation()
            ? List.of(all, examples(rows.validation(), checker))
            : Example.cut(all, share(all.size()));
    var source =
        SequenceReaders.of(
            parts.getFirst().stream().map(Example::source).toList(),
            numbers,
            parent == null ? null : parent.source(),
            this::tokenizer);
    Training course = training(amount(parts.getFirst(), source));
    RunOutput kept = saying(output).withReading(rows.table().sourceOfValues());
    return parent == null
        ? new RegressorRun(network(), source, parts, course, kept)
        : RegressorRun.from(
            RegressorFields.of(network(), source, parent.scaling()), parts, course, kept);
  }

  private static <T> Function<T, List<String>> written(ToDoubleFunction<? super T> value) {
    Objects.requireNonNull(value, "value");
    return each -> List.of(Double.toString(value.applyAsDouble(each)));
  }

  private TrainingPlan.Amount amount(List<Example> learned, SourceReader source) {
    long steps = learned.stream().mapToLong(each -> source.steps(each.source())).sum();
    boolean small =
        source.tokens() instanceof VocabularyTokenizer own && own.segmentation().unit().isSmall();
    return new TrainingPlan.Amount(learned.size(), steps, TrainingPlan.Pace.of(small));
  }

  private Tokenizer tokenizer(@Nullable Tokenizer known, List<String> texts) {
    if (tokenizer != null) {
      return tokenizer;
    }
    if (!tokens.open() || known != null) {
      return tokens.tokenizer(known, texts);
    }
    TextForm.Found form = TextForm.of(texts).toRead();
    found(form.reason());
    return tokens.withUnit(form.unit()).tokenizer(texts);
  }

  private List<Example> examples(Rows.Part part, SameSteps checker) {
    return TextReading.numbers(part.read()).stream()
        .map(
            row ->
                row.read(
                    own -> {
                      if (numbers) {
                        checker.check(own.text());
                      }
                      return Example.of(own.text(), own.labels().getFirst())
                          .with(own.known().weight(), own.known().group());
                    }))
        .toList();
  }

  /** Sequences of numbers whose steps are all like the first one. */
  private static final class SameSteps {
    private int inputs;

    void check(String source) {
      inputs = inputs == 0 ? SourceReader.inputs(source) : inputs;
      SourceReader.checkNumbers(source, inputs);
    }
  }
}
