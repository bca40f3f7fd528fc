package dev.unroll;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.batch.BackwardStream;
import dev.unroll.data.Condition;
import dev.unroll.data.IdStream;
import dev.unroll.data.Reading;
import dev.unroll.data.Tokenizer;
import dev.unroll.learn.TrainingPlan;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.Network;
import dev.unroll.result.Overview;
import dev.unroll.result.Verdict;
import dev.unroll.store.ModelFile;
import dev.unroll.task.Defaults;
import dev.unroll.task.RunOutput;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.task.lm.LanguageModelRun;
import dev.unroll.text.Corpus;
import dev.unroll.text.Lines;
import dev.unroll.text.Passages;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
import dev.unroll.text.baseline.LanguageVerdict;
import dev.unroll.text.inspect.TextForm;
import dev.unroll.text.table.ConditionedTexts;
import dev.unroll.text.table.TextTable;
import dev.unroll.train.Training;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Trains a language model on text: files, lines from memory, or texts that are conditioned on a
 * label.
 *
 * {@snippet file="example/SnippetsTest.java" region="language-model-trainer"}
 */
public final class LanguageModelTrainer
    extends TaskTrainer<
        LanguageModelFields, LanguageModelRun, LanguageModel, LanguageModelTrainer> {

  private TokenOptions tokens = TokenOptions.open(Segmentation.Unit.WORDS);
  private @Nullable TokenOptions foundTokens;
  private @Nullable Reading reading;
  private @Nullable Reading foundReading;

  /** Why the unit was found that was. */
  private @Nullable String reason;

  private @Nullable Tokenizer tokenizer;
  private @Nullable IdStream corpus;
  private @Nullable IdStream ownValidation;
  private final List<Path> files = new ArrayList<>();
  private final List<Path> passageFiles = new ArrayList<>();
  private Passages passages = Passages.LINES;

  /** What a sentence was to the model that is trained further. */
  private Passages inherited = Passages.LINES;

  private final List<String> lines = new ArrayList<>();
  private final Rows conditioned = new Rows(TextTable.USUAL);
  private final List<Path> validFiles = new ArrayList<>();
  private final List<String> validLines = new ArrayList<>();
  private boolean conditionNumbers;
  private @Nullable LanguageModel parent;
  private Condition.Place place = Condition.Place.STEPS;
  private boolean backward;
  private boolean ngrams = true;
  private boolean adaptive = true;

  LanguageModelTrainer() {
    super(LanguageModelRun.DEFAULTS);
  }

  @Override
  LanguageModelTrainer self() {
    return this;
  }

  @Override
  LanguageModel model(ModelFile<LanguageModelFields> file) {
    return new LanguageModel(file);
  }

  /** Lines that look wrapped are not sentences, and those of a table not text. */
  @Override
  public Overview overview(LanguageModelRun run) {
    boolean sentences = run.options().reading() == Reading.SENTENCES && !inherits();
    return TextTable.noteLines(run.overview(), files, sentences);
  }

  @Override
  public Verdict verdict(LanguageModelRun run, LanguageModel model, Workers workers) {
    return LanguageVerdict.of(run, model, workers);
  }

  @Override
  public LanguageModelTrainer from(LanguageModel model) {
    parent = model;
    reading = model.reading();
    String kept = model.provenance().text(Passages.KEPT);
    inherited = kept.isEmpty() ? Passages.LINES : Passages.of(kept);
    backward |= model.isBackward();
    tokens = tokens.like(model.tokenizer());
    tokenizer = null;
    return begin(model, model.network().description());
  }

  /** Uses words as tokens (Unicode segmentation); by default the unit is derived from the text. */
  public LanguageModelTrainer words() {
    return tokens(tokens.withUnit(Segmentation.Unit.WORDS));
  }

  /** Uses characters as tokens, and reads one stream unless {@link #sentences} is called. */
  public LanguageModelTrainer characters() {
    return tokens(tokens.withUnit(Segmentation.Unit.CHARACTERS));
  }

  /** Uses subwords as tokens, learned from the text (byte-pair encoding). */
  public LanguageModelTrainer bytePairs(int vocabulary) {
    return tokens(tokens.withUnit(Segmentation.Unit.BYTE_PAIRS).withVocabulary(vocabulary));
  }

  /** Sets what a token is, and which tokens have an id. */
  public LanguageModelTrainer tokens(TokenOptions options) {
    tokens = Objects.requireNonNull(options, "options");
    return this;
  }

  /** Uses an existing tokenizer, such as that of another model. */
  public LanguageModelTrainer tokenizer(Tokenizer value) {
    tokenizer = Objects.requireNonNull(value, "value");
    return this;
  }

  /** Reads each line from the initial state. */
  public LanguageModelTrainer sentences() {
    return reading(Reading.SENTENCES);
  }

  /** Reads all lines as one long text. */
  public LanguageModelTrainer stream() {
    return reading(Reading.STREAM);
  }

  private LanguageModelTrainer reading(Reading value) {
    reading = value;
    inherited = Passages.LINES;
    return this;
  }

  /**
   * Reads each line from its last token to its first. Together with a forward model, such a model
   * fills gaps ({@link dev.unroll.model.Filler}).
   */
  public LanguageModelTrainer backward() {
    backward = true;
    reading = Reading.SENTENCES;
    return this;
  }

  /**
   * Leaves n-grams out. By default n-grams of the training text are added to the trained network if
   * they make the validation text clearly likelier and there are at most 300,000 training tokens;
   * never if texts are conditioned on labels. Once that is decided, those of the validation text
   * are added, too, if it is a share of the text.
   */
  public LanguageModelTrainer withoutNgrams() {
    ngrams = false;
    return this;
  }

  /**
   * Uses a plain softmax. By default a vocabulary of more than 9,000 gets an adaptive one, unless
   * the network is tied or given as a whole, or the softmax is sampled.
   */
  public LanguageModelTrainer withoutAdaptiveSoftmax() {
    adaptive = false;
    return this;
  }

  /**
   * Trains on the lines of files (.gz too) and of all files in folders, in UTF-8. A model of
   * passages that is trained further reads passages, unless {@link #sentences} or {@link #stream}
   * is called.
   */
  public LanguageModelTrainer lines(Path... more) {
    files.addAll(Arguments.all("more", more));
    return this;
  }

  /** Trains on the passages of files: paragraphs or sentences, whose lines are joined. */
  public LanguageModelTrainer passages(Passages what, Path... more) {
    passages = Objects.requireNonNull(what, "what");
    passageFiles.addAll(Arguments.all("more", more));
    return this;
  }

  /** Trains on lines. */
  public LanguageModelTrainer lines(Iterable<String> more) {
    more.forEach(line -> lines.add(Rows.present(lines.size() + 1L, "line", line)));
    return this;
  }

  /** Trains on lines. */
  public LanguageModelTrainer lines(Stream<String> more) {
    return lines(more.toList());
  }

  /** Trains on a text, in which line ends count. */
  public LanguageModelTrainer text(String text) {
    return lines(List.of(text.split("\\R", -1)));
  }

  /** Trains on a corpus that has been read and tokenized already. */
  public LanguageModelTrainer corpus(IdStream value) {
    corpus = Objects.requireNonNull(value, "value");
    return this;
  }

  /**
   * Trains on texts that are each conditioned on a label; see {@link
   * LanguageModel#withCondition(String)}.
   */
  public <T> LanguageModelTrainer data(
      Iterable<T> data, Function<? super T, String> text, Function<? super T, String> label) {
    conditioned.learned().add(data, text, Rows.single(label));
    return this;
  }

  /** Trains on texts that are each conditioned on a label. */
  public <T> LanguageModelTrainer data(
      Stream<T> data, Function<? super T, String> text, Function<? super T, String> label) {
    return data(data.toList(), text, label);
  }

  /**
   * Trains on tables (.csv, .tsv) whose first line names the columns, with a label for each text.
   */
  public LanguageModelTrainer table(TextTable how, Path... files) {
    conditioned.table(how);
    conditioned.learned().files(files);
    return this;
  }

  /** Conditions on vectors instead of labels: numbers between spaces or commas. */
  public LanguageModelTrainer conditionOnNumbers() {
    conditionNumbers = true;
    return this;
  }

  /** Lets the network read labels in its initial state only, and not with each token. */
  public LanguageModelTrainer conditionAtStart() {
    place = Condition.Place.START;
    return this;
  }

  /** Validates on the lines of other files, or on other tables after {@link #table}. */
  public LanguageModelTrainer validation(Path... more) {
    validFiles.addAll(Arguments.all("more", more));
    conditioned.validation().files(more);
    return this;
  }

  /** Validates on other lines. */
  public LanguageModelTrainer validation(Iterable<String> more) {
    more.forEach(line -> validLines.add(Rows.present(validLines.size() + 1L, "line", line)));
    return this;
  }

  /** Validates on other lines. */
  public LanguageModelTrainer validation(Stream<String> more) {
    return validation(more.toList());
  }

  /** Validates on other texts with labels. */
  public <T> LanguageModelTrainer validation(
      Iterable<T> data, Function<? super T, String> text, Function<? super T, String> label) {
    conditioned.validation().add(data, text, Rows.single(label));
    return this;
  }

  /** Validates on other texts with labels. */
  public <T> LanguageModelTrainer validation(
      Stream<T> data, Function<? super T, String> text, Function<? super T, String> label) {
    return validation(data.toList(), text, label);
  }

  /** Validates on another corpus. */
  public LanguageModelTrainer validation(IdStream value) {
    ownValidation = Objects.requireNonNull(value, "value");
    return this;
  }

  @Override
  boolean hasOwnValidation() {
    return ownValidation != null
        || !validLines.isEmpty()
        || !conditioned.validation().isEmpty(); // which has the files too
  }

  @Override
  public LanguageModelRun prepare(RunOutput output) {
    search();
    findForm();
    if (reason != null) {
      found(reason);
    }
    Reading how = reading();
    IdStream text = directed(text(how));
    if (parent != null) {
      FurtherReading.check(parent, text);
    }
    Training asked = training().withReading(how);
    var amount = TrainingPlan.Amount.of(text, how == Reading.STREAM ? asked.steps() : 0);
    Training options = training(amount).withReading(how);
    Network network = network(text);
    LanguageModelRun run;
    if (hasOwnValidation()) {
      IdStream valid = ownValidation == null ? validation(text, how) : ownValidation;
      run = new LanguageModelRun(text, directed(valid), network, options);
    } else {
      run = LanguageModelRun.of(text, share(amount), network, options);
    }
    RunOutput said = saying(output);
    boolean lines = passageFiles.isEmpty() && !inherits();
    return run.withNgrams(ngrams ? LanguageModelRun.ORDER : 0)
        .withOutput(lines ? said : said.withReading(Map.of(Passages.KEPT, passages().label())));
  }

  /** Returns whether files are read in passages because those of the model were. */
  private boolean inherits() {
    return inherited != Passages.LINES && !files.isEmpty();
  }

  private Passages passages() {
    return inherits() ? inherited : passages;
  }

  /** Finds unit and reading from the text, where they are open. */
  private void findForm() {
    foundTokens = null;
    foundReading = null;
    reason = corpus == null ? null : reason; // a corpus was made of the form that was found
    boolean known = tokenizer != null || corpus != null || parent != null;
    if (!known && (tokens.open() || reading == null)) {
      holdWhatIsPiped();
      find(files.isEmpty() ? TextForm.of(sample()) : TextForm.ofLines(files));
    }
  }

  /** What can be read once is held, so that it can be looked at before it is cut. */
  private void holdWhatIsPiped() {
    if (lines.isEmpty() && files.stream().anyMatch(Lines::isStandardInput)) {
      Lines.files(files).forEach(file -> Lines.read(file, lines::add));
      files.clear();
    }
  }

  private void find(TextForm form) {
    if (tokens.open()) {
      TextForm.Found found = form.toModel();
      foundTokens = tokens.withUnit(found.unit());
      foundReading = found.reading();
      reason = found.reason();
    } else {
      foundReading = form.reading(tokens.unit());
    }
  }

  /** Returns how {@link #corpus} is built from files, with open settings derived from them. */
  public Corpus.Options form(List<Path> paths) {
    find(TextForm.ofLines(paths));
    tokens = tokens();
    reading = reading();
    return tokens.corpus(reading);
  }

  private List<String> sample() {
    if (!conditioned.learned().isEmpty()) {
      return conditioned.learned().read().stream().map(TextTable.Row::text).toList();
    }
    return passageFiles.isEmpty() ? lines : passages.read(passageFiles);
  }

  /** Of little text a network without dropout learns every line by heart. */
  private Network network(IdStream text) {
    long size = text.size();
    Defaults usual = LanguageModelRun.defaults(size, tokens().unit().isSmall());
    Network chosen =
        network(
            usual,
            String.format(
                Locale.ROOT, "dropout %s: %,d tokens to learn from", usual.dropout(), size));
    boolean open = adaptive && !hasWholeNetwork() && training().sampledTokens() == 0;
    List<Integer> clusters = open ? LanguageModelRun.clusters(text, chosen) : List.of();
    if (clusters.isEmpty()) {
      return chosen;
    }
    String ids = clusters.stream().map(String::valueOf).collect(Collectors.joining(","));
    found(
        String.format(
            Locale.ROOT, "adaptive softmax %s: a vocabulary of %,d", ids, text.tokenizer().size()));
    return chosen.withAdaptiveSoftmax(clusters.toArray(Integer[]::new));
  }

  private TokenOptions tokens() {
    return foundTokens == null ? tokens : foundTokens;
  }

  private IdStream directed(IdStream text) {
    return backward && !text.isBackward() ? new BackwardStream(text) : text;
  }

  private Reading reading() {
    if (reading != null) {
      return reading;
    }
    if (!conditioned.learned().isEmpty() || !passageFiles.isEmpty()) {
      return Reading.SENTENCES;
    }
    return foundReading == null ? tokens().reading() : foundReading;
  }

  private IdStream text(Reading how) {
    int kinds =
        (corpus == null ? 0 : 1)
            + (files.isEmpty() ? 0 : 1)
            + (lines.isEmpty() ? 0 : 1)
            + (passageFiles.isEmpty() ? 0 : 1)
            + (conditioned.learned().isEmpty() ? 0 : 1);
    if (kinds != 1) {
      throw kinds == 0
          ? noData("Give lines, a text or a corpus.")
          : new InputException(
              "text comes from several kinds of sources",
              "Give files, lines, a corpus or labeled data, one of them.");
    }
    if (corpus != null) {
      return corpus;
    }
    if (!conditioned.learned().isEmpty()) {
      Condition known = parent == null ? null : parent.network().condition();
      boolean numbers = known == null ? conditionNumbers : known.labels().isEmpty();
      conditioned.answers(TextTable.Answers.given(numbers));
      var texts = new ConditionedTexts(conditioned.learned().read());
      var condition =
          known == null ? texts.condition(conditionNumbers, place) : texts.extended(known);
      return texts.learned(options(how), condition, training().seed());
    }
    if (inherits()) {
      return read(List.of(), inherited.read(files), tokenizer, how);
    }
    return passageFiles.isEmpty()
        ? read(files, lines, tokenizer, how)
        : read(List.of(), passages.read(passageFiles), tokenizer, how);
  }

  private Corpus.Options options(Reading how) {
    return parent == null ? tokens().corpus(how) : tokens().corpus(how, parent.tokenizer());
  }

  private IdStream validation(IdStream text, Reading how) {
    Condition condition = text.condition();
    if (condition != null) {
      return new ConditionedTexts(conditioned.validation().read())
          .known(text.tokenizer(), condition);
    }
    if (!validFiles.isEmpty() && !validLines.isEmpty()) {
      throw new InputException(
          "validation text comes from files and from lines", "Give one or the other.");
    }
    return passages() == Passages.LINES || validFiles.isEmpty()
        ? read(validFiles, validLines, text.tokenizer(), how)
        : read(List.of(), passages().read(validFiles), text.tokenizer(), how);
  }

  private IdStream read(
      List<Path> paths, List<String> texts, @Nullable Tokenizer known, Reading how) {
    if (known == null) {
      Corpus.Options options = options(how);
      return paths.isEmpty() ? Corpus.of(texts, options) : Corpus.read(paths, options);
    }
    boolean blank = tokens().unit().keepsBlankLines(how);
    return paths.isEmpty() ? Corpus.of(texts, known, blank) : Corpus.read(paths, known, blank);
  }
}
