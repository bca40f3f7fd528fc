package dev.unroll;

import dev.unroll.base.InputException;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Lexicon;
import dev.unroll.learn.TrainingPlan;
import dev.unroll.learn.TrainingPlan.Pace;
import dev.unroll.model.LabelModel;
import dev.unroll.network.Network;
import dev.unroll.result.LabelMeasure;
import dev.unroll.task.RunOutput;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.label.LabelRun;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.LabelTask;
import dev.unroll.task.label.Labels;
import dev.unroll.task.label.Spelling;
import dev.unroll.task.label.TokenVectors;
import dev.unroll.text.TokenOptions;
import dev.unroll.text.WordLexicon;
import dev.unroll.text.WordVectors;
import dev.unroll.text.inspect.TextForm;
import dev.unroll.train.Training;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What trainers of classifiers and taggers share.
 *
 * @param <M> the model
 * @param <T> this type
 */
public abstract class LabelTrainer<M extends LabelModel, T extends LabelTrainer<M, T>>
    extends TaskTrainer<LabelFields, LabelRun, M, T> {

  private static final int CHARACTER_WIDTH = 30;

  private TokenOptions tokens;

  /** The same with the unit that was found, where it was open. */
  private @Nullable TokenOptions foundTokens;

  private @Nullable M parent;
  private @Nullable Spelling spelling;
  private boolean saysSpelling;
  private @Nullable Lexicon lexicon;
  private EmbeddedLexicon.@Nullable VectorFile vectors;
  private @Nullable WordVectors known;
  private @Nullable LabelMeasure measure;
  private BiFunction<List<LabeledSequence>, List<String>, List<Double>> labelWeights =
      (data, labels) -> List.of();
  private int longest;

  /** Whether labels are weighted or smoothed, which no CRF can do. */
  private boolean smoothed;

  LabelTrainer(TokenOptions tokens) {
    super(LabelRun.DEFAULTS);
    this.tokens = tokens;
  }

  /** Reads the data to learn from. */
  public abstract List<LabeledSequence> data();

  /** Reads data of its own that chooses the best model; none where a share does. */
  abstract List<LabeledSequence> validationData();

  /** Returns the labels and columns of the data. */
  abstract Labels labels(List<LabeledSequence> all);

  /** Returns the network's description; {@code layers} has everything but the output. */
  abstract LabelSpec description(Network layers, Labels labels);

  /** Returns what chooses the best model by default. */
  abstract LabelMeasure usualMeasure(Labels labels);

  /** Returns the length of the longest n-grams that may be added to a network; 0 for none. */
  int order(Lexicon read) {
    return 0;
  }

  @Override
  public final T from(M model) {
    parent = model;
    spelling = model.description().spelling();
    saysSpelling = true;
    if (model.lexicon() instanceof WordLexicon own) {
      tokens = tokens.withSegmentation(own.segmentation());
    }
    take(model);
    return begin(model, model.description().network());
  }

  /** Takes over what else a model says of how it reads and labels. */
  abstract void take(M model);

  /** Sets what a token is, and which tokens have a vector. */
  public final T tokens(TokenOptions options) {
    tokens = Objects.requireNonNull(options, "options");
    foundTokens = null;
    return self();
  }

  /**
   * Adds character features: a bidirectional LSTM with this many units per direction reads the
   * characters of each token.
   */
  public final T spelling(int units) {
    return spelling(units, CHARACTER_WIDTH);
  }

  /** Adds character features, with character vectors of {@code width} elements. */
  public final T spelling(int units, int width) {
    spelling = new Spelling(width, units);
    saysSpelling = true;
    return self();
  }

  /** Reads tokens without character features. */
  public final T withoutSpelling() {
    spelling = null;
    saysSpelling = true;
    return self();
  }

  /**
   * Uses an existing lexicon, such as that of another model, instead of building one from the data.
   */
  public final T lexicon(Lexicon value) {
    lexicon = Objects.requireNonNull(value, "value");
    return self();
  }

  /** Starts from word vectors of GloVe, fastText (text) or word2vec, which are trained further. */
  public final T vectors(Path file) {
    return vectors(new EmbeddedLexicon.VectorFile(Objects.requireNonNull(file, "file"), false));
  }

  /** Uses the word vectors of such a file, and does not train them. */
  public final T frozenVectors(Path file) {
    return vectors(new EmbeddedLexicon.VectorFile(Objects.requireNonNull(file, "file"), true));
  }

  private T vectors(EmbeddedLexicon.VectorFile file) {
    vectors = file;
    known = null;
    return self();
  }

  /** Starts from word vectors in memory, all of one width, which are trained further. */
  public final T vectors(Map<String, float[]> byWord) {
    int width = byWord.isEmpty() ? 0 : byWord.values().iterator().next().length;
    if (width == 0 || byWord.values().stream().anyMatch(row -> row.length != width)) {
      throw new InputException(
          "the vectors are none, or not of one width", "Give a word or more, all of one width.");
    }
    known = new WordVectors(width, Map.copyOf(byWord));
    vectors = null;
    return self();
  }

  /** Sets the measure that selects the best model. */
  public final T measure(LabelMeasure value) {
    measure = Objects.requireNonNull(value, "value");
    return self();
  }

  /** Balances the loss: each label counts the same, however rare it is. */
  public final T balanced() {
    return labelWeights(LabelRun::balanced);
  }

  /** Sets the weight of each label in the loss, as a function of the data and the labels. */
  public final T labelWeights(
      BiFunction<List<LabeledSequence>, List<String>, List<Double>> weights) {
    labelWeights = Objects.requireNonNull(weights, "weights");
    return self();
  }

  /** Trains on the first {@code count} tokens of each text only; 0 for all. */
  public final T longest(int count) {
    if (count < 0) {
      throw new InputException("the longest text has " + count, "Give 0 for all, or a number.");
    }
    longest = count;
    return self();
  }

  @Override
  public final LabelRun prepare(RunOutput output) {
    search();
    List<LabeledSequence> data = data();
    if (!hasOwnValidation()) {
      var parts = LabeledSequence.cut(data, share(data.size()));
      if (parts.get(1).isEmpty() && !data.isEmpty()) {
        throw nothingAside(data.size());
      }
      return prepare(parts, allLabels(data), output);
    }
    List<LabeledSequence> validation = validationData();
    var all = new ArrayList<>(data);
    all.addAll(validation);
    return prepare(List.of(data, validation), allLabels(all), output);
  }

  /** Returns the share of so many sequences that is held out to select the best parameters. */
  public final double validationShare(long sequences) {
    return share(sequences);
  }

  private InputException nothingAside(int count) {
    return count == 1
        ? new InputException(
            "there is one " + sequence() + " only, and none to validate on",
            "Give more" + ends() + ", or data of its own for {valid}.")
        : new InputException(
            String.format(
                Locale.ROOT,
                "each of %,d %ss has a label that no other has, so that there is none to validate on",
                count,
                sequence()),
            "Name the right column, give several of each label, or data of its own for {valid}.");
  }

  /** Returns what a sequence is called. */
  String sequence() {
    return "text";
  }

  /** Returns what ends a sequence, where that may be forgotten. */
  String ends() {
    return "";
  }

  /**
   * Prepares a run on two parts of the data.
   *
   * @param parts the training part and the validation part; n-grams of a classifier are those of
   *     both in the end, unless the validation data was given by itself
   * @param labels the labels of all data, see {@link #allLabels}
   */
  public final LabelRun prepare(
      List<List<LabeledSequence>> parts, Labels labels, RunOutput output) {
    List<LabeledSequence> data = parts.get(0);
    if (parent != null && (vectors != null || known != null)) {
      throw new InputException(
          "vectors of a file do nothing where a model is trained further, which has its own",
          "Leave {vectors} out.");
    }
    List<Double> weights = labelWeights.apply(data, labels.names());
    smoothed = !weights.isEmpty() || training().objective().labelSmoothing() > 0;
    EmbeddedLexicon read = lexicon(data.stream().map(LabeledSequence::tokens).toList());
    LabelSpec description = description(layers(read.width()), labels);
    boolean perStep = description.output() instanceof LabelSpec.PerStep;
    var task = new LabelTask(read.lexicon(), labels, description, read.vectors());
    List<LabeledSequence> shortened = shortened(data, perStep);
    boolean weighted = !weights.isEmpty() || areWeighted(data);
    int order = weighted ? 0 : order(read.lexicon());
    boolean refit = order > 0 && !hasOwnValidation() && !areWeighted(parts.get(1));
    var goal =
        new LabelRun.Goal(
            measure == null ? usualMeasure(labels) : measure,
            weights,
            measure != null,
            new LabelRun.Counting(order, refit ? shortened(parts.get(1), perStep) : List.of()));
    Training course =
        training(new TrainingPlan.Amount(data.size(), LabeledSequence.tokens(data), pace()));
    return new LabelRun(task, List.of(shortened, parts.get(1)), goal, course, saying(output));
  }

  private List<LabeledSequence> shortened(List<LabeledSequence> data, boolean perStep) {
    return longest == 0 ? data : data.stream().map(each -> each.first(longest, perStep)).toList();
  }

  private static boolean areWeighted(List<LabeledSequence> data) {
    return data.stream().anyMatch(each -> each.weight() != 1);
  }

  private EmbeddedLexicon lexicon(List<List<String>> words) {
    Lexicon given = lexicon;
    if (given != null) {
      if (spelling() != null && given.characters() == 0) {
        throw new InputException(
            "the lexicon that is given has no characters",
            "Create it spelled, or leave {spelling} out.");
      }
      return given(given);
    }
    if (parent != null && parent.lexicon() instanceof WordLexicon own) {
      tokens().checkUnit(own.segmentation().unit());
      return EmbeddedLexicon.extending(own, words, tokens());
    }
    return known == null
        ? EmbeddedLexicon.of(words, tokens(), spelling() != null, vectors)
        : EmbeddedLexicon.of(words, tokens(), spelling() != null, known);
  }

  private EmbeddedLexicon given(Lexicon own) {
    EmbeddedLexicon.VectorFile file = vectors;
    if (file != null) {
      return EmbeddedLexicon.of(own, WordVectors.read(file.file(), own::hasSeen, 0), file.frozen());
    }
    return known == null
        ? new EmbeddedLexicon(own, TokenVectors.NONE, 0)
        : EmbeddedLexicon.of(own, known, false);
  }

  /** Returns the labels and columns of all data, after those of the model to begin with. */
  public final Labels allLabels(List<LabeledSequence> all) {
    Labels own = labels(all);
    return parent == null ? own : parent.labelNames().extendedBy(own);
  }

  /** The embedding is as wide as the vectors that it begins with. */
  private Network layers(int width) {
    Network own = networkForData();
    if (width == 0 || own.embedding() == width) {
      return own;
    }
    if (own.embedding() != LabelRun.DEFAULTS.embedding()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "the embedding is %d wide, but the vectors are %d wide",
              own.embedding(),
              width),
          "Leave {embedding} out.");
    }
    return own.withEmbedding(width);
  }

  /** Returns how much longer than usual it takes to learn the labels. */
  Pace pace() {
    return Pace.of(tokens().unit().isSmall());
  }

  /** Returns the network, once the data is read. */
  Network networkForData() {
    return network();
  }

  /** Returns what a token is. */
  final TokenOptions tokens() {
    return foundTokens == null ? tokens : foundTokens;
  }

  /** Returns whether labels are weighted or smoothed, each by itself. */
  final boolean judgesEach() {
    return smoothed;
  }

  /** Puts tokens into lower case by default: the spelling shows their case. */
  final void lowerCase() {
    foundTokens = tokens.open() ? tokens.withLowerCase(true).asOpen(false) : null;
  }

  /** Finds what a token is from the texts, where that is open. */
  final void findTokens(Supplier<List<String>> texts) {
    foundTokens = null;
    if (tokens.open()) {
      TextForm.Found form = TextForm.of(texts.get()).toRead();
      foundTokens = tokens.withUnit(form.unit());
      found(form.reason());
    }
  }

  /** Returns how tokens are read by their characters by default. */
  @Nullable Spelling usualSpelling() {
    return null;
  }

  /** Returns the lexicon that is given, if any. */
  final Optional<Lexicon> lexicon() {
    return Optional.ofNullable(lexicon);
  }

  /** Returns how tokens are read by their characters. */
  final @Nullable Spelling spelling() {
    return saysSpelling ? spelling : usualSpelling();
  }
}
