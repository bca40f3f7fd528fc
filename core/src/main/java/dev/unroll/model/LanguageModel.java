package dev.unroll.model;

import dev.unroll.base.InputException;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.batch.LengthBatches;
import dev.unroll.data.IdStream;
import dev.unroll.data.Reading;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.FixedList;
import dev.unroll.file.Numbers;
import dev.unroll.head.LinearHead;
import dev.unroll.kernel.Softmax;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.Steps;
import dev.unroll.network.Network;
import dev.unroll.network.NetworkState;
import dev.unroll.result.Model;
import dev.unroll.result.Sampling;
import dev.unroll.result.SentenceScore;
import dev.unroll.store.ModelFile;
import dev.unroll.store.Task;
import dev.unroll.task.Pool;
import dev.unroll.task.lm.BeamSearch;
import dev.unroll.task.lm.Drawing;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.task.lm.LanguageModelRun;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.task.lm.Likeliest;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A language model: P(y⟨1⟩ … y⟨T⟩) = Π P(y⟨t⟩ | y⟨1⟩ … y⟨t-1⟩), by a recurrent network, which may
 * be mixed with n-grams of its training text. It is immutable; one model serves any number of
 * threads and streams.
 *
 * {@snippet file="example/SnippetsTest.java" region="language-model"}
 */
public final class LanguageModel extends Model implements TokenModel, BeamSearch.Searched {

  /** The task of language models. */
  public static final Task<LanguageModelFields, LanguageModel> TASK =
      new Task<>("lm", "tokens", LanguageModelFields.CODEC, LanguageModel::new);

  private static final Steps ONE_STEP = Steps.equal(1, 1);

  private final ModelFile<LanguageModelFields> file;
  private final LanguageNetwork network;
  private final LanguageNetwork.Weights weights;
  private final Tokenizer tokenizer;
  private final Reading reading;
  private final Pool<LanguageNetwork.Buffers> buffers;
  private final Pool<LanguageStream> streams;

  /** Creates the model that a run ended with, or that was read from a file. */
  public LanguageModel(ModelFile<LanguageModelFields> file) {
    this(file, file.fields().network().pack(file.parameters(), file.precision(), Workers.single()));
  }

  private LanguageModel(ModelFile<LanguageModelFields> file, LanguageNetwork.Weights weights) {
    super(file);
    this.file = file;
    this.weights = weights;
    network = file.fields().network();
    tokenizer = file.fields().tokenizer();
    reading = file.fields().reading();
    // Room for a batch of a server, with all logits that are held at a time.
    buffers = new Pool<>(4L * Pool.MOST_ROWS, network::newBuffers);
    streams = new Pool<>(() -> new LanguageStream(network, weights));
  }

  /** Trains a model; the last tenth of the sentences is held out to select the best parameters. */
  public static LanguageModel train(IdStream corpus, Network network, Training training) {
    var run = LanguageModelRun.of(corpus, 0.1, network, training);
    return new LanguageModel(run.run(TrainingListener.NONE));
  }

  /**
   * Opens a model file.
   *
   * @throws InputException if it is missing, damaged or not a language model
   */
  public static LanguageModel open(Path file) {
    return TASK.open(file);
  }

  /**
   * Opens a model from a stream, which is read up to the end of the model and not closed.
   *
   * @throws InputException if it cannot be read, is damaged or not a language model
   */
  public static LanguageModel open(InputStream in) {
    return TASK.open(in);
  }

  /**
   * Opens a model file and rounds its weight matrices, as {@link #withPrecision} does.
   *
   * @throws InputException if it is missing, damaged or not a language model
   */
  public static LanguageModel open(Path file, Precision precision) {
    return new LanguageModel(
        ModelFile.read(file, LanguageModelFields.CODEC).withPrecision(precision));
  }

  /**
   * Returns the same model, conditioned on a label; the weights are shared.
   *
   * @throws InputException if the model has no such condition
   */
  public LanguageModel withCondition(String label) {
    var condition = network.condition();
    return withCondition(condition == null ? new float[0] : condition.vector(label));
  }

  /**
   * Returns the same model, conditioned on a vector; the weights are shared.
   *
   * @throws InputException if the model has no such condition
   */
  public LanguageModel withCondition(float[] vector) {
    return new LanguageModel(file, network.withCondition(weights, vector));
  }

  @Override
  public LanguageModel withPrecision(Precision precision) {
    ModelFile<LanguageModelFields> rounded = file.withPrecision(precision);
    var packed = network.pack(rounded.parameters(), precision, Workers.single());
    return new LanguageModel(rounded, network.withConditionOf(packed, weights));
  }

  /** Returns the model without its n-grams, if it has any. */
  public LanguageModel withoutNgrams() {
    boolean mixed = file.fields().hasNgrams();
    return mixed ? new LanguageModel(LanguageModelFields.withoutNgrams(file), weights) : this;
  }

  /** Returns the model as its run selected it, with n-grams of the training text alone. */
  public LanguageModel chosenBy(LanguageModelRun run) {
    return new LanguageModel(run.chosen(file), weights);
  }

  @Override
  public Task<?, ?> task() {
    return TASK;
  }

  @Override
  public Map<String, Object> summary() {
    return file.fields().summary();
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** Returns the network, without its weights. */
  public LanguageNetwork network() {
    return network;
  }

  @Override
  public Reading reading() {
    return reading;
  }

  /** Returns whether the model reads sentences from their last token to their first. */
  public boolean isBackward() {
    return file.fields().backward();
  }

  /** Refuses what needs a model that reads from left to right. */
  void checkForward() {
    if (isBackward()) {
      throw new InputException(
          "the model reads from right to left: it scores texts, but continues none",
          "Use it to score or to fill gaps, or train one without {backward}.");
    }
  }

  /** Returns the state before a sentence: it predicts the first token. */
  @Override
  public NetworkState start() {
    checkForward();
    return step(startState(1), firstInput());
  }

  /**
   * Returns a stream at the beginning of a sentence, for one thread: its logits predict the first
   * token. This is the fastest way to continue token by token.
   */
  public LanguageStream stream() {
    return begin(new LanguageStream(network, weights));
  }

  private LanguageStream begin(LanguageStream stream) {
    checkForward();
    stream.read(firstInput());
    return stream;
  }

  /**
   * Reads one token. The given state is not changed, so you can keep it and return to it.
   *
   * @param state what was read before
   * @param token id of the token read now
   * @return the state after it, from which {@link #logits} predicts the next token
   */
  @Override
  public NetworkState step(NetworkState state, int token) {
    if (token != Embedding.START && (token < 0 || token >= tokenizer.size())) {
      throw new IllegalArgumentException(
          "token is " + token + ", must be in 0 … " + (tokenizer.size() - 1));
    }
    int[] tokens = {token};
    return buffers.use(
        1, own -> network.forward(weights, ONE_STEP, tokens, state, own, Workers.single()));
  }

  /** Writes the logits of the token that follows {@code state}, one for each id. */
  @Override
  public void logits(NetworkState state, float[] logits) {
    network.logits(weights, state, logits);
  }

  /** Scores a sentence: the log-probability of each of its tokens and of {@code <EOS>}. */
  public SentenceScore score(String sentence) {
    return score(List.of(sentence), Workers.single()).getFirst();
  }

  /**
   * Scores sentences, each with the same bits as if it were the only one, and ranks their tokens.
   */
  @Override
  public List<SentenceScore> scoreWithRanks(List<String> sentences, Workers workers) {
    List<int[]> targets = sentences.stream().map(this::closed).toList();
    var scores = targets.stream().map(ids -> new double[ids.length]).toList();
    var ranks = targets.stream().map(ids -> new int[ids.length]).toList();
    scoreAlone(
        targets,
        true,
        workers,
        (s, t, logProbability, rank) -> {
          scores.get(s)[t] = logProbability;
          ranks.get(s)[t] = rank;
        });
    return IntStream.range(0, targets.size())
        .mapToObj(s -> SentenceScore.of(targets.get(s), scores.get(s), ranks.get(s)))
        .toList();
  }

  @Override
  public List<double[]> logProbabilities(List<int[]> sentences, Workers workers) {
    var scores = sentences.stream().map(ids -> new double[ids.length]).toList();
    scoreAlone(sentences, false, workers, (s, t, score, rank) -> scores.get(s)[t] = score);
    return scores;
  }

  private void scoreAlone(
      List<int[]> sentences, boolean withRanks, Workers workers, SequenceScorer.TokenSink sink) {
    new SentenceScorer(file.fields(), weights, new LengthBatches.Team<>(workers, this::lend))
        .scoreAlone(sentences, withRanks, sink);
  }

  private void lend(long rows, Consumer<LanguageNetwork.Buffers> use) {
    long wide = tokenizer.size() / Pool.MOST_ROWS; // a logit for each token
    buffers.run(rows + wide * Math.min(rows, LinearHead.ROWS_TOGETHER), use);
  }

  @Override
  public void read(IdStream text, Workers workers, TokenSink sink) {
    if (reading == Reading.STREAM) {
      newScorer(network.newBuffers(), workers).scoreStream(text, sink);
    } else {
      var own = new Pool<>(Long.MAX_VALUE, network::newBuffers);
      new SentenceScorer(file.fields(), weights, new LengthBatches.Team<>(workers, own::run))
          .scoreSentences(text, sink);
    }
  }

  /** Returns the state of {@code batch} sequences before their first input. */
  NetworkState startState(int batch) {
    return network.startState(weights, batch);
  }

  LanguageNetwork.Weights weights() {
    return weights;
  }

  /** The parameters themselves, which nobody may change. */
  float[] trained() {
    return file.parameters();
  }

  private SequenceScorer newScorer(LanguageNetwork.Buffers own, Workers workers) {
    return new SequenceScorer(file.fields(), weights, own, workers);
  }

  /**
   * A text drawn from the model.
   *
   * @param ids its tokens, without the prompt's; {@code <EOS>} last if it was drawn
   * @param text the text to print after the prompt, without the stop text
   * @param logProbability natural logarithm of their probability, given the prompt
   */
  public record Sample(List<Integer> ids, String text, double logProbability) {
    /** Copies the list. */
    public Sample {
      ids = FixedList.copyOf(ids);
    }

    /** Returns the text. */
    @Override
    public String toString() {
      return text;
    }
  }

  /** Draws a text that begins with exactly {@code prompt}, which may be empty. */
  public String sample(String prompt, Sampling options) {
    return prompt + sample(prompt, options, 0).text();
  }

  /** Draws the continuation of a prompt; each {@code number} gives another one. */
  public Sample sample(String prompt, Sampling options, long number) {
    return after(
        prompt,
        stream -> {
          var drawing = new Drawing(tokenizer, prompt, stream, options, number);
          var ids = IntStream.builder();
          var text = new StringBuilder();
          double total = 0;
          while (drawing.draw()) {
            ids.add(drawing.id());
            total += drawing.logProbability();
            text.append(drawing.text());
          }
          text.append(drawing.rest());
          return new Sample(FixedList.of(ids.build().toArray()), text.toString(), total);
        });
  }

  /** Draws a continuation and passes on each token, {@code <EOS>} too, as soon as it is drawn. */
  public void sample(String prompt, Sampling options, long number, TokenSink sink) {
    after(
        prompt,
        stream -> {
          var drawing = new Drawing(tokenizer, prompt, stream, options, number);
          while (drawing.draw()) {
            sink.token(drawing.id(), drawing.logProbability());
          }
          return true;
        });
  }

  /**
   * Draws the continuation of a prompt lazily, piece by piece, as the stream is consumed. The
   * pieces together are what {@link #sample(String, Sampling)} draws.
   */
  public Stream<String> generate(String prompt, Sampling options) {
    return generate(prompt, options, 0);
  }

  /** Draws the continuation of a prompt piece by piece; each {@code number} gives another one. */
  public Stream<String> generate(String prompt, Sampling options, long number) {
    var own = read(prompt, new LanguageStream(network, weights)); // for as long as it is read
    return new Generation(new Drawing(tokenizer, prompt, own, options, number)).pieces();
  }

  /**
   * A token that may come next.
   *
   * @param token the token, or a word; {@code <EOS>} for the end of the sentence
   * @param probability its probability
   */
  public record Next(String token, double probability) {
    /** Returns a text such as {@code sat 0.2134}. */
    @Override
    public String toString() {
      return token + " " + Numbers.rounded(probability);
    }
  }

  /**
   * Returns the likeliest words after a prompt, whatever the token unit, the likeliest first;
   * {@code <EOS>} stands for no word. A word that the prompt has begun is completed. A beam search
   * finds them: if a word can be written in many ways, its probability is a lower bound.
   */
  public List<Next> nextWords(String prompt, int count) {
    Numbers.checkCount("count", count, 0, Integer.MAX_VALUE);
    return new NextWords(this, prompt)
        .find(after(prompt), count).stream()
            .map(found -> new Next(found.getKey(), found.getValue()))
            .toList();
  }

  /** Returns the {@code count} likeliest tokens after a prompt, the likeliest first. */
  public List<Next> next(String prompt, int count) {
    Numbers.checkCount("count", count, 0, Integer.MAX_VALUE);
    return after(prompt, stream -> likeliest(stream.logits(), count));
  }

  private List<Next> likeliest(float[] logits, int count) {
    double normalizer = Softmax.logSumExp(logits, 0, logits.length);
    return Arrays.stream(Likeliest.ids(logits, count))
        .mapToObj(id -> new Next(tokenizer.token(id), StrictMath.exp(logits[id] - normalizer)))
        .toList();
  }

  /**
   * Returns the most probable continuations that a beam search finds, the best first.
   *
   * @param width hypotheses kept at each step, and the maximum number of continuations returned
   * @param lengthPower a, in the comparison by log-probability / lengthᵃ; 0 compares probabilities
   */
  public List<Sample> beam(String prompt, Sampling options, int width, double lengthPower) {
    if (!options.stops().isEmpty()) {
      throw new InputException(
          "a beam search ends its texts with the sentence, not at other texts",
          "Leave {stop} out, or say by {pattern} how a text ends.");
    }
    return new BeamSearch(this, width, lengthPower)
        .search(after(prompt), options).stream().map(found -> sample(prompt, found)).toList();
  }

  private Sample sample(String prompt, BeamSearch.Found found) {
    var detokenizer = tokenizer.detokenizer(prompt);
    var text = new StringBuilder();
    for (int id : found.ids()) {
      text.append(id == tokenizer.endOfSentence() ? "" : detokenizer.add(id));
    }
    text.append(detokenizer.end());
    return new Sample(FixedList.of(found.ids()), text.toString(), found.logProbability());
  }

  /**
   * Returns the parts of a prompt that the model does not know, each once: it reads {@code <UNK>}
   * or nothing instead.
   */
  public List<String> unread(String prompt) {
    return lines(prompt).stream()
        .flatMap(line -> tokenizer.unread(line).stream())
        .distinct()
        .toList();
  }

  /** Reads a prompt from the start of a sentence; each of its line ends closes a sentence. */
  private LanguageStream read(String prompt, LanguageStream stream) {
    stream.restart();
    begin(stream);
    for (int id : promptIds(prompt)) {
      stream.read(id);
    }
    return stream;
  }

  /** Uses a stream that has read a prompt, and that is used again afterwards. */
  private <R> R after(String prompt, Function<LanguageStream, R> use) {
    return streams.use(1, stream -> use.apply(read(prompt, stream)));
  }

  /** Returns the state after a prompt. */
  NetworkState after(String prompt) {
    return after(prompt, LanguageStream::state);
  }

  /** Returns the ids of a prompt, whose line ends close sentences. */
  public int[] promptIds(String prompt) {
    var ids = IntStream.builder();
    List<String> lines = lines(prompt);
    for (int i = 0; i < lines.size(); i++) {
      Arrays.stream(tokenizer.encode(lines.get(i))).forEach(ids);
      if (i < lines.size() - 1) {
        ids.add(tokenizer.endOfSentence());
      }
    }
    return ids.build().toArray();
  }

  private static List<String> lines(String prompt) {
    return List.of(prompt.split("\r?\n", -1)); // as files are cut into lines
  }

  /** Returns x⟨1⟩: -1, read as zeros, before a sentence; in a stream the end of the one before. */
  public int firstInput() {
    return file.fields().firstInput();
  }
}
