package dev.unroll.task.lm;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.batch.StreamCut;
import dev.unroll.data.IdStream;
import dev.unroll.data.Provenance;
import dev.unroll.data.Reading;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.Json;
import dev.unroll.learn.Learner;
import dev.unroll.learn.Trainer;
import dev.unroll.network.Network;
import dev.unroll.ngram.NgramCounts;
import dev.unroll.result.Overview;
import dev.unroll.store.ModelFile;
import dev.unroll.task.Defaults;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.train.Training;
import dev.unroll.train.Validation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that the training of a language model needs. */
public final class LanguageModelRun extends Run<LanguageModelFields> {

  /** Tokens of the longest n-grams that are usually added to a network. */
  public static final int ORDER = 5;

  /** What a run takes where its user says nothing. */
  public static final Defaults DEFAULTS = new Defaults(0.005, 0, true, 0, Direction.FORWARD, 0.05);

  /** Above so many tokens, a plain softmax takes most of the time of training. */
  private static final int LARGE_VOCABULARY = 9_000;

  /** Ids at which the clusters of a large vocabulary begin. */
  private static final List<Integer> CLUSTERS = List.of(2_000, 8_000);

  /** Tokens of a text that tell whether frequent ones have the first ids. */
  private static final int SAMPLE = 100_000;

  private final IdStream training;
  private final IdStream validation;

  /** The text that both parts were cut from; null where they are two. */
  private final @Nullable IdStream whole;

  /** Tokens of the longest n-grams that may be added to the network; 0 for none. */
  private final int order;

  private @Nullable NgramPart ngrams;

  /**
   * Returns what a run takes for a text of some tokens: dropout where it is read so often that it
   * is learned by heart.
   *
   * @param small whether a token is a character or a byte, of which text has more
   */
  public static Defaults defaults(long tokens, boolean small) {
    boolean little = tokens < (small ? 300_000 : 3_000_000);
    return little ? DEFAULTS.withDropout(0.4) : DEFAULTS;
  }

  /**
   * Returns the ids at which the clusters of an adaptive softmax begin that suits a text; none if
   * its vocabulary is small, or not ordered by frequency, as one from a dictionary, or if the
   * network has an output that cannot have them.
   */
  public static List<Integer> clusters(IdStream text, Network network) {
    boolean chosen = network.tied() || !network.cutoffs().isEmpty();
    if (chosen || text.tokenizer().size() <= LARGE_VOCABULARY) {
      return List.of();
    }
    long sample = Math.min(SAMPLE, text.size());
    long frequent = 0;
    for (long i = 0; i < sample; i++) {
      frequent += text.id(i) < CLUSTERS.getFirst() ? 1 : 0;
    }
    return 2 * frequent > sample ? CLUSTERS : List.of();
  }

  /**
   * Prepares a run.
   *
   * @param training text to learn from
   * @param validation text that chooses the best parameters, under the same tokenizer
   * @param network description of the network
   * @param options options of the run
   * @param output what is kept of the run, and where
   * @throws InputException if there is nothing to learn from, or the network cannot be
   */
  public LanguageModelRun(
      IdStream training, IdStream validation, Network network, Training options, RunOutput output) {
    this(List.of(training, validation), null, network, options, output);
  }

  private LanguageModelRun(
      List<IdStream> parts,
      @Nullable IdStream whole,
      Network network,
      Training options,
      RunOutput output) {
    super(fields(parts.get(0), parts.get(1), network, options), options, output);
    training = parts.get(0);
    validation = parts.get(1);
    this.whole = whole;
    order = 0;
  }

  private LanguageModelRun(LanguageModelRun other, int order, RunOutput output) {
    super(other.fields(), other.options(), output);
    training = other.training;
    validation = other.validation;
    whole = other.whole;
    boolean counts = training.size() <= NgramPart.MOST_TOKENS && training.condition() == null;
    this.order = counts ? order : 0;
  }

  /** A run that keeps nothing but its result. */
  public LanguageModelRun(
      IdStream training, IdStream validation, Network network, Training options) {
    this(training, validation, network, options, RunOutput.NOTHING);
  }

  /** The same run, with something else kept of it. */
  public LanguageModelRun withOutput(RunOutput output) {
    return new LanguageModelRun(this, order, output);
  }

  /**
   * The same run, whose network may get n-grams of the training text beside it: where that has no
   * more than 300,000 tokens and is not written for labels, and they make the validation text
   * clearly more likely. If {@link #of} has cut both from one text of no more tokens, the model
   * then gets the n-grams of all of it.
   *
   * @param longest tokens of the longest n-grams, 2 to 10; 0 for none
   */
  public LanguageModelRun withNgrams(int longest) {
    if (longest != 0 && (longest < 2 || longest > NgramCounts.LONGEST)) {
      throw new IllegalArgumentException("n-grams of " + longest + " tokens");
    }
    return new LanguageModelRun(this, longest, output());
  }

  private static LanguageModelFields fields(
      IdStream training, IdStream validation, Network network, Training options) {
    if (training.size() < 2 || validation.size() < 1) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "the corpus has %,d tokens to train on and %,d to validate on",
              training.size(),
              validation.size()),
          "Give more text: at least two lines, or some more for {valid}.");
    }
    training.tokenizer().checkSame(validation.tokenizer());
    if (training.condition() != null && options.reading() == Reading.STREAM) {
      throw new InputException(
          "what is written for a label is read sentence by sentence, not as one stream",
          "Take {reading sentences}.");
    }
    if (training.isBackward() != validation.isBackward()) {
      throw new IllegalArgumentException("only one of the texts is read backward");
    }
    if (training.isBackward() && options.reading() == Reading.STREAM) {
      throw new InputException(
          "a model that reads backward reads each sentence on its own, not one stream",
          "Take {reading sentences}.");
    }
    checkSize(training, network, options);
    checkSampling(training.tokenizer().size(), network, options);
    var built = new LanguageNetwork(network, training.tokenizer().size(), training.condition());
    return new LanguageModelFields(
        built, training.tokenizer(), options.reading(), training.isBackward());
  }

  private static void checkSampling(int vocabulary, Network network, Training options) {
    int sampled = options.sampledTokens();
    if (sampled == 0) {
      return;
    }
    if (!network.cutoffs().isEmpty()) {
      throw new InputException(
          "an adaptive softmax computes few rare tokens already, and samples none",
          "Leave {sampled-softmax} or {adaptive-softmax} out.");
    }
    if (options.objective().labelSmoothing() > 0) {
      throw new InputException(
          "label smoothing gives all tokens a share, of which a sampled softmax computes few",
          "Leave {sampled-softmax} or {label-smoothing} out.");
    }
    if (sampled > vocabulary / 2) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "there are %,d tokens to be sampled of a vocabulary of %,d",
              sampled,
              vocabulary),
          String.format(
              Locale.ROOT, "Sample %,d or fewer, or leave {sampled-softmax} out.", vocabulary / 2));
    }
  }

  /** Of each layer, the gates of all steps that are held at a time lie in one array. */
  private static void checkSize(IdStream training, Network network, Training options) {
    int most = options.checkpointSteps() == 0 ? options.steps() : options.checkpointSteps();
    long held = Math.min(most, options.steps());
    long rows = Math.min(training.size(), options.batch() * held);
    for (Network.Layer layer : network.layers()) {
      if (rows * 4 * layer.units() > Integer.MAX_VALUE) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "batch × steps × units is %,d × %,d × %,d: more than one array can hold",
                options.batch(),
                held,
                layer.units()),
            "Make {batch}, {steps} or {units} smaller, or set {checkpoint-steps}.");
      }
    }
  }

  /**
   * Takes the last part of a corpus, about {@code share} of its tokens or sentences, for
   * validation; n-grams, if any, are those of the whole corpus at the end.
   */
  public static LanguageModelRun of(
      IdStream corpus, double share, Network network, Training options) {
    if (!(share > 0 && share < 1)) {
      throw new InputException("the validation share is " + share, "It must be in (0, 1).");
    }
    if (options.reading() == Reading.STREAM && corpus.size() > 1) {
      var parts = StreamCut.near(corpus, Math.max(1, Math.round(corpus.size() * (1 - share))));
      return of(corpus, List.of(parts.before(), parts.after()), network, options);
    }
    long sentences = corpus.sentences();
    if (sentences < 2) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "the corpus has %d sentence: too few to keep one for validation",
              sentences),
          "Give a text of more lines, or another for {valid}.");
    }
    long aside = Math.max(1, Math.min(sentences - 1, Math.round(sentences * share)));
    var parts =
        List.of(corpus.part(0, sentences - aside), corpus.part(sentences - aside, sentences));
    return of(corpus, parts, network, options);
  }

  private static LanguageModelRun of(
      IdStream corpus, List<IdStream> parts, Network network, Training options) {
    return new LanguageModelRun(parts, corpus, network, options, RunOutput.NOTHING);
  }

  /** Returns the text to learn from. */
  public IdStream training() {
    return training;
  }

  /** Returns the text that chooses the best parameters. */
  public IdStream validation() {
    return validation;
  }

  @Override
  protected Overview understood() {
    return LanguageOverview.of(training, validation);
  }

  @Override
  public LanguageLearner learner() {
    return new LanguageLearner(fields().network(), training, validation, options());
  }

  @Override
  protected Provenance.Part trainingPart() {
    return part(training);
  }

  @Override
  protected Provenance.Part validationPart() {
    return part(validation);
  }

  private static Provenance.Part part(IdStream text) {
    return new Provenance.Part(text.fingerprint(), Map.of("Tokens", text.size()));
  }

  /** Fingerprints of parts of one text say that they are. */
  @Override
  protected boolean saysOwnValidation() {
    return false;
  }

  /** The loss is all that there is: the text need not be read again. */
  @Override
  protected Validation validation(Learner learner, Trainer.Outcome outcome, Workers workers) {
    return new Validation(outcome.loss(), null);
  }

  @Override
  protected Map<String, String> making() {
    var tokenizer = training.tokenizer();
    var map = new LinkedHashMap<String, String>();
    map.put("training text", training.fingerprint());
    map.put("validation text", validation.fingerprint());
    map.put("vocabulary", vocabulary(tokenizer.size()));
    map.put("tokenizer", Fingerprint.of(Json.write(tokenizer.describe())));
    map.put("network", Json.write(fields().network().description().toJson()));
    var condition = training.condition();
    if (condition != null) {
      map.put("written for", condition.describe());
    }
    if (order > 0) {
      map.put("n-grams", "of up to " + order + (whole == null ? "" : ", at the end of both texts"));
    }
    return map;
  }

  @Override
  protected ModelFile<LanguageModelFields> finished(
      ModelFile<LanguageModelFields> trained, Workers workers) {
    return order == 0 ? trained : ngrams().addedTo(trained, workers);
  }

  /**
   * Returns a model of this run as the validation text chose it, which can be measured there: its
   * n-grams are those of the training text alone.
   */
  public ModelFile<LanguageModelFields> chosen(ModelFile<LanguageModelFields> ended) {
    return order == 0 ? ended : ngrams().chosen(ended);
  }

  /** Texts are counted once. */
  private NgramPart ngrams() {
    NgramPart own = ngrams;
    if (own == null) {
      own = new NgramPart(training, validation, whole, order, options());
      ngrams = own;
    }
    return own;
  }

  /** The same text in any locale, as it is part of the identity of a run. */
  static String vocabulary(int tokens) {
    return String.format(Locale.ROOT, "%,d tokens", tokens);
  }
}
