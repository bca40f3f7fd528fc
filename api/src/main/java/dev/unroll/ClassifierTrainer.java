package dev.unroll;

import dev.unroll.base.InputException;
import dev.unroll.base.PoolingKind;
import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Lexicon;
import dev.unroll.model.Classifier;
import dev.unroll.network.Network;
import dev.unroll.result.LabelMeasure;
import dev.unroll.result.Verdict;
import dev.unroll.store.ModelFile;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.label.LabelRun;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.Labels;
import dev.unroll.task.label.NaiveBayes;
import dev.unroll.tasks.LabelVerdict;
import dev.unroll.text.Lines;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
import dev.unroll.text.table.TextTable;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Trains a classifier on texts with labels: objects of any class, tables, or folders.
 *
 * {@snippet file="example/SnippetsTest.java" region="classifier-trainer"}
 */
public final class ClassifierTrainer extends LabelTrainer<Classifier, ClassifierTrainer> {

  private final Rows rows = new Rows(TextTable.USUAL);
  private PoolingKind pooling = PoolingKind.MAX;
  private boolean multiLabel;
  private boolean ngrams = true;

  /** The output of the model that is trained further. */
  private LabelSpec.@Nullable PerSequence ofParent;

  ClassifierTrainer() {
    super(TokenOptions.open(Segmentation.Unit.WORDS));
  }

  @Override
  ClassifierTrainer self() {
    return this;
  }

  @Override
  Classifier model(ModelFile<LabelFields> file) {
    return new Classifier(file);
  }

  @Override
  public Verdict verdict(LabelRun run, Classifier model, Workers workers) {
    return LabelVerdict.of(run, model, workers);
  }

  @Override
  void take(Classifier model) {
    if (model.description().output() instanceof LabelSpec.PerSequence own) {
      pooling = own.pooling();
      multiLabel = own.multiLabel();
      ofParent = own;
    }
    rows.table(TextTable.of(model.labelNames().source()));
  }

  /** Uses words as tokens (Unicode segmentation); by default the unit is derived from the texts. */
  public ClassifierTrainer words() {
    return tokens(tokens().withUnit(Segmentation.Unit.WORDS));
  }

  /** Uses characters as tokens, which suits names and other short texts. */
  public ClassifierTrainer characters() {
    return tokens(tokens().withUnit(Segmentation.Unit.CHARACTERS));
  }

  /** Trains on objects that have a text and a label. */
  public <T> ClassifierTrainer data(
      Iterable<T> data, Function<? super T, String> text, Function<? super T, String> label) {
    rows.learned().add(data, text, Rows.single(label));
    return this;
  }

  /** Trains on objects that have a text and a label. */
  public <T> ClassifierTrainer data(
      Stream<T> data, Function<? super T, String> text, Function<? super T, String> label) {
    return data(data.toList(), text, label);
  }

  /** Trains on objects that have a text and any number of labels. */
  public <T> ClassifierTrainer multiLabel(
      Iterable<T> data,
      Function<? super T, String> text,
      Function<? super T, ? extends Collection<String>> labels) {
    multiLabel = true;
    rows.learned().add(data, text, Objects.requireNonNull(labels, "labels"));
    return this;
  }

  /** Trains on objects that have a text and any number of labels. */
  public <T> ClassifierTrainer multiLabel(
      Stream<T> data,
      Function<? super T, String> text,
      Function<? super T, ? extends Collection<String>> labels) {
    return multiLabel(data.toList(), text, labels);
  }

  /** Trains on comma-separated tables, whose first line names the columns. */
  public ClassifierTrainer csv(Path... files) {
    rows.learned().files(TextTable.Form.CSV, files);
    return this;
  }

  /**
   * Trains on tables (.csv, .tsv), JSON objects (.jsonl, .json), fastText lines, and folders that
   * have a subfolder for each label.
   */
  public ClassifierTrainer files(Path... files) {
    rows.learned().files(files);
    return this;
  }

  /** Sets the delimiter of tables. By default it is detected. */
  public ClassifierTrainer delimiter(char between) {
    rows.delimiter(between);
    return this;
  }

  /** Sets the column of the texts. By default it is {@code text}, or detected. */
  public ClassifierTrainer text(String column) {
    rows.text(column);
    return this;
  }

  /** Sets the column of the labels. By default it is {@code label}, or detected. */
  public ClassifierTrainer label(String column) {
    rows.label("label", column);
    return this;
  }

  /** Allows any number of labels per text, separated by a string. */
  public ClassifierTrainer separator(String between) {
    rows.separator(between);
    multiLabel = true;
    return this;
  }

  /**
   * Sets the column of the weight of each text in the loss. A text of weight 2 counts as if it were
   * there twice.
   */
  public ClassifierTrainer weight(String column) {
    rows.weight(column);
    return this;
  }

  /**
   * Sets the column of the group of each text. A group stays on one side of the split into training
   * and validation.
   */
  public ClassifierTrainer group(String column) {
    rows.group(column);
    return this;
  }

  /** Receives a sentence for everything that was detected in tables, such as columns. */
  public ClassifierTrainer notes(Consumer<String> receiver) {
    rows.notes(receiver);
    return this;
  }

  /**
   * Receives the same sentences, with options named by {@code option}; see {@link InputException}.
   */
  public ClassifierTrainer notes(Consumer<String> receiver, UnaryOperator<String> option) {
    rows.notes(receiver, option);
    return this;
  }

  /** Sets how tables are read. */
  public ClassifierTrainer table(TextTable how) {
    rows.table(how);
    multiLabel |= how.separator() != null;
    return this;
  }

  /**
   * Sets how symbolic links in folders are treated. By default they must not lead out of the
   * folder.
   */
  public ClassifierTrainer links(Lines.Links how) {
    rows.links(how);
    return this;
  }

  /** Validates on other tables or folders. */
  public ClassifierTrainer validation(Path... files) {
    rows.validation().files(files);
    return this;
  }

  /** Validates on other objects. */
  public <T> ClassifierTrainer validation(
      Iterable<T> data, Function<? super T, String> text, Function<? super T, String> label) {
    rows.validation().add(data, text, Rows.single(label));
    return this;
  }

  /** Validates on other objects. */
  public <T> ClassifierTrainer validation(
      Stream<T> data, Function<? super T, String> text, Function<? super T, String> label) {
    return validation(data.toList(), text, label);
  }

  /** Sets how a text becomes one vector. The default is max pooling. */
  public ClassifierTrainer pooling(PoolingKind kind) {
    pooling = Objects.requireNonNull(kind, "kind");
    return this;
  }

  /**
   * Leaves n-grams out. By default a logistic regression on n-grams of the training texts is added
   * to the trained network if that makes the labels of the validation data clearly likelier; never
   * if a text may have several labels, or if labels or texts are weighted. Once that is decided, it
   * also learns from the validation data, if that is a share of the data.
   */
  public ClassifierTrainer withoutNgrams() {
    ngrams = false;
    return this;
  }

  @Override
  int order(Lexicon read) {
    return ngrams && !severalLabels() ? NaiveBayes.usualOrder(read) : 0;
  }

  @Override
  boolean hasOwnValidation() {
    return !rows.validation().isEmpty();
  }

  @Override
  public List<LabeledSequence> data() {
    if (rows.learned().isEmpty()) {
      throw noData("Give texts with labels: data, csv or files.");
    }
    List<TextTable.Row> read = rows.learned().read();
    if (lexicon().isEmpty()) {
      findTokens(() -> read.stream().map(TextTable.Row::text).toList());
    }
    return sequences(read);
  }

  @Override
  List<LabeledSequence> validationData() {
    Rows.checkNoGroups(rows.table().aside());
    return sequences(rows.validation().read());
  }

  /** The lexicon decides what is put into lower case. */
  private List<LabeledSequence> sequences(List<TextTable.Row> read) {
    if (tokens().unit() == Segmentation.Unit.BYTE_PAIRS) {
      throw new InputException(
          "byte pairs are for language models", "Use {unit characters}, bytes, words or tokens.");
    }
    Segmentation cut = tokens().withLowerCase(false).segmentation();
    Function<String, List<String>> tokens =
        lexicon().<Function<String, List<String>>>map(own -> own::cut).orElse(cut::cut);
    return read.stream().map(row -> row.labeled(tokens)).toList();
  }

  /** Whether that was chosen, or is shown by the files. */
  private boolean severalLabels() {
    return multiLabel || rows.table().separator() != null;
  }

  @Override
  Labels labels(List<LabeledSequence> all) {
    return Labels.of(all, List.of(), rows.table().source());
  }

  @Override
  LabelSpec description(Network layers, Labels labels) {
    var output = new LabelSpec.PerSequence(labels.names().size(), pooling, severalLabels());
    LabelSpec.PerSequence own = ofParent;
    if (own != null && (pooling != own.pooling() || output.multiLabel() != own.multiLabel())) {
      throw new InputException(
          "a model that is trained further keeps its pooling and the number of labels of a text, and"
              + " others were chosen",
          "Leave them out, or train another model.");
    }
    return new LabelSpec(layers, spelling(), output);
  }

  @Override
  LabelMeasure usualMeasure(Labels labels) {
    return severalLabels() ? LabelMeasure.MICRO_F1 : LabelMeasure.ACCURACY;
  }
}
