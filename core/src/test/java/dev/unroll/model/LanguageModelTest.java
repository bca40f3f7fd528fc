package dev.unroll.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.unroll.base.InputException;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.data.Reading;
import dev.unroll.kernel.Softmax;
import dev.unroll.network.Dropouts;
import dev.unroll.network.Network;
import dev.unroll.network.NetworkState;
import dev.unroll.result.Sampling;
import dev.unroll.result.SentenceScore;
import dev.unroll.store.ModelFile;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.train.TinyText;
import dev.unroll.train.Training;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LanguageModelTest {

  private static final TinyText TEXT = TinyText.sample();
  private static final LanguageModel SENTENCES = train(Reading.SENTENCES);
  private static final LanguageModel STREAM = train(Reading.STREAM);

  /** All that changes what a step computes when a model is used. */
  private static final LanguageModel RESIDUAL =
      train(
          Reading.SENTENCES,
          Network.lstm(24, 24)
              .withResidual(true)
              .withLearnedStart(true)
              .withDropouts(new Dropouts(0, 0, 0, 0, 0, 0.1, 0.2, false)));

  private static LanguageModel train(Reading reading) {
    return train(reading, Network.lstm(24).withDropout(0.1));
  }

  private static LanguageModel train(Reading reading, Network network) {
    var options = Training.defaults().withEpochs(15).withBatch(4, 30).withReading(reading);
    return LanguageModel.train(TEXT, network, options);
  }

  private static List<String> lines() {
    var lines = new ArrayList<>(List.of("", "a", "the cat sat on the mat", "zzz ??", "she slept"));
    lines.add("the dog ran ".repeat(100));
    return lines;
  }

  @Test
  void aSentenceHasTheSameScoreAloneInAnyBatchOnAnyThreadsAndStepByStep() {
    for (LanguageModel model : List.of(SENTENCES, STREAM, RESIDUAL)) {
      try (var workers = new Workers(3)) {
        List<SentenceScore> together = model.scoreWithRanks(lines(), workers);
        for (int i = 0; i < together.size(); i++) {
          SentenceScore alone = model.score(lines().get(i));
          assertThat(together.get(i).logProbabilities()).isEqualTo(alone.logProbabilities());
          assertThat(stepByStep(model, ids(alone)))
              .isEqualTo(alone.logProbabilities().stream().mapToDouble(x -> x).toArray());
        }
      }
    }
  }

  /** So many that each thread reads batches of its own. */
  @Test
  void manySentencesHaveTheScoresOfBeingAlone() {
    var words = List.of("the", "cat", "dog", "sat", "ran", "zzz");
    var sentences =
        IntStream.range(0, 900)
            .mapToObj(i -> String.join(" ", Collections.nCopies(1 + i % 23, words.get(i % 6))))
            .toList();
    try (var workers = new Workers(3)) {
      List<SentenceScore> together = STREAM.score(sentences, workers);
      for (int i = 0; i < together.size(); i++) {
        assertThat(together.get(i).logProbabilities())
            .isEqualTo(STREAM.score(sentences.get(i)).logProbabilities());
      }
    }
  }

  private static int[] ids(SentenceScore score) {
    return score.ids().stream().mapToInt(Integer::intValue).toArray();
  }

  private static double[] stepByStep(LanguageModel model, int[] ids) {
    double[] scores = new double[ids.length];
    float[] logits = new float[model.tokenizer().size()];
    NetworkState state = model.start();
    for (int t = 0; t < ids.length; t++) {
      model.logits(state, logits);
      scores[t] = logits[ids[t]] - Softmax.logSumExp(logits, 0, logits.length);
      state = model.step(state, ids[t]);
    }
    return scores;
  }

  @Test
  void aStreamHasTheBitsOfTheStatesAndCanGoBack() {
    var models = new ArrayList<>(List.of(SENTENCES, STREAM, RESIDUAL));
    for (Precision precision : Precision.values()) {
      models.add(SENTENCES.withPrecision(precision));
    }
    for (LanguageModel model : models) {
      int[] ids = ids(model.score("the cat sat on the mat"));
      List<Double> expected = model.score("the cat sat on the mat").logProbabilities();
      var stream = model.stream();
      NetworkState begin = stream.state();
      for (int turn = 0; turn < 2; turn++) {
        for (int t = 0; t < ids.length; t++) {
          float[] logits = stream.logits();
          double score = logits[ids[t]] - Softmax.logSumExp(logits, 0, logits.length);
          assertThat(score).isEqualTo(expected.get(t));
          stream.read(ids[t]);
        }
        stream.restore(begin);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aModelInFewerBitsIsSavedSmallerAndStaysTheSame(Precision precision, @TempDir Path folder)
      throws IOException {
    LanguageModel model = STREAM.withPrecision(precision);
    Path file = folder.resolve("m.safetensors");
    Path whole = folder.resolve("whole.safetensors");
    model.save(file);
    STREAM.save(whole);
    var read = ModelFile.read(file, LanguageModelFields.CODEC);
    assertThat(read.precision()).isEqualTo(precision);
    assertThat(read.parameters()).isEqualTo(model.parameters());
    String sentence = "the cat sat on the mat";
    double exact = STREAM.score(sentence).total();
    assertThat(model.score(sentence).total()).isCloseTo(exact, withinPercentage(2));
    if (precision != Precision.FLOAT32) {
      assertThat(model.score(sentence).total()).isNotEqualTo(exact);
      assertThat(Files.size(file)).isLessThan(Files.size(whole));
    }
  }

  @Test
  void ranksCountTheTokensThatAreMoreProbable() {
    var score = SENTENCES.scoreWithRanks(List.of("the cat"), Workers.single()).get(0);
    float[] logits = new float[TEXT.tokenizer().size()];
    NetworkState state = SENTENCES.start();
    for (int t = 0; t < score.ids().size(); t++) {
      SENTENCES.logits(state, logits);
      int target = score.ids().get(t);
      long above =
          IntStream.range(0, logits.length).filter(i -> logits[i] > logits[target]).count();
      assertThat(score.ranks().get(t)).isEqualTo((int) above + 1);
      state = SENTENCES.step(state, target);
    }
  }

  @Test
  void aStateIsAValueThatOneCanGoBackTo() {
    NetworkState start = SENTENCES.start();
    float[] before = new float[TEXT.tokenizer().size()];
    float[] after = new float[TEXT.tokenizer().size()];
    SENTENCES.logits(start, before);
    SENTENCES.step(SENTENCES.step(start, 5), 6);
    SENTENCES.logits(start, after);
    assertThat(after).isEqualTo(before);
  }

  @Test
  void oneModelServesManyThreads() throws Exception {
    double expected = SENTENCES.score("the dog ran again").total();
    Callable<Double> job = () -> SENTENCES.score("the dog ran again").total();
    try (var pool = Executors.newFixedThreadPool(8)) {
      for (var answer : pool.invokeAll(java.util.Collections.nCopies(200, job))) {
        assertThat(answer.get()).isEqualTo(expected);
      }
    }
  }

  @Test
  void evaluationIsTheSumOfTheSentencesScores() {
    var evaluation = SENTENCES.evaluate(TEXT, Workers.single());
    double total = 0;
    double ends = 0;
    for (int s = 0; s < TEXT.sentences(); s++) {
      var ids = IntStream.range((int) TEXT.sentenceStart(s), (int) TEXT.sentenceStart(s + 1) - 1);
      var score = SENTENCES.score(TinyText.LETTERS.decode(ids.map(TEXT::id).toArray()));
      total -= score.total();
      ends -= score.logProbabilities().getLast();
    }
    assertThat(evaluation.nats()).isCloseTo(total, within(1e-9));
    assertThat(evaluation.natsOfEnds()).isCloseTo(ends, within(1e-9));
    assertThat(evaluation.tokens()).isEqualTo(TEXT.size());
    assertThat(evaluation.perplexity()).isCloseTo(Math.exp(total / TEXT.size()), within(1e-9));
    assertThat(evaluation.perplexityWithoutEnds())
        .isCloseTo(Math.exp((total - ends) / (TEXT.size() - 40)), within(1e-9));
  }

  @Test
  void aStreamIsEvaluatedWithItsStateCarriedOn() {
    var evaluation = STREAM.evaluate(TEXT, Workers.single());
    int[] ids = IntStream.range(0, (int) TEXT.size()).map(TEXT::id).toArray();
    double total = -Arrays.stream(stepByStep(STREAM, ids)).sum();
    assertThat(evaluation.nats()).isCloseTo(total, within(1e-9));
  }

  @Test
  void samplesFollowTheModelsDistribution() {
    float[] logits = new float[TEXT.tokenizer().size()];
    SENTENCES.logits(SENTENCES.start(), logits);
    logits[TinyText.LETTERS.unknown()] = Float.NEGATIVE_INFINITY;
    Softmax.replaceByProbabilities(logits, 0, logits.length);
    int n = 4000;
    int[] drawn = new int[logits.length];
    for (int i = 0; i < n; i++) {
      drawn[SENTENCES.sample("", Sampling.defaults().withLength(1), i).ids().getFirst()]++;
    }
    for (int id = 0; id < logits.length; id++) {
      double deviation = Math.sqrt(logits[id] * (1 - logits[id]) / n);
      assertThat((double) drawn[id] / n).isCloseTo(logits[id], within(5 * deviation + 1e-3));
    }
  }

  @Test
  void theSameSeedDrawsTheSameText() {
    var options = Sampling.defaults().withSeed(9);
    assertThat(SENTENCES.sample("the ", options)).isEqualTo(SENTENCES.sample("the ", options));
    assertThat(SENTENCES.sample("the ", options.withSeed(10)))
        .isNotEqualTo(SENTENCES.sample("the ", options));
    assertThat(SENTENCES.sample("the ", options)).startsWith("the ");
  }

  @Test
  void thePromptComesBackAsItWasGiven() {
    var options = Sampling.defaults().withLength(30);
    for (String prompt : List.of("Ümit & Zoë: the", "  the ", "the cat\r\nThe\n", "", " ", "👍")) {
      var sample = SENTENCES.sample(prompt, options, 0);
      String continuation = sample.text();
      assertThat(SENTENCES.sample(prompt, options)).isEqualTo(prompt + continuation);
      int[] ids = sample.ids().stream().mapToInt(Integer::intValue).toArray();
      int end = ids[ids.length - 1] == TinyText.LETTERS.endOfSentence() ? 1 : 0;
      assertThat(continuation)
          .isEqualTo(TinyText.LETTERS.decode(Arrays.copyOf(ids, ids.length - end)));
    }
    assertThat(SENTENCES.unread("the Ë\nÜ the")).containsExactly("?");
  }

  @Test
  void tokensAreShownAsTheyAreDrawn() {
    var options = new Sampling(1, 0, 1, false, 200, false, 3);
    var shown = new ArrayList<Integer>();
    double[] total = {0};
    SENTENCES.sample(
        "the ",
        options,
        4,
        (id, logProbability) -> {
          shown.add(id);
          total[0] += logProbability;
        });
    var whole = SENTENCES.sample("the ", options, 4);
    assertThat(shown).containsExactlyElementsOf(whole.ids());
    assertThat(total[0]).isEqualTo(whole.logProbability());
  }

  @Test
  void topKAndTopPOfOneAndTemperatureZeroAreGreedy() {
    var greedy = new Sampling(0, 0, 1, false, 60, true, 1);
    var topK = new Sampling(1, 1, 1, false, 60, true, 5);
    var topP = new Sampling(1, 0, 1e-9, false, 60, true, 7);
    String text = SENTENCES.sample("the", greedy);
    assertThat(SENTENCES.sample("the", topK)).isEqualTo(text);
    assertThat(SENTENCES.sample("the", topP)).isEqualTo(text);
  }

  @Test
  void unknownIsNeverDrawnUnlessAsked() {
    var hot = Sampling.defaults().withTemperature(100).withLength(2000);
    var options = new Sampling(100, 0, 1, false, 2000, false, hot.seed());
    assertThat(SENTENCES.sample("", options, 0).ids()).doesNotContain(TinyText.LETTERS.unknown());
    var asked = new Sampling(100, 0, 1, true, 2000, false, hot.seed());
    assertThat(SENTENCES.sample("", asked, 0).ids()).contains(TinyText.LETTERS.unknown());
  }

  @Test
  void aWideBeamFindsTheMostProbableShortText() {
    var options = Sampling.defaults().withLength(40);
    var best = SENTENCES.beam("my ", options, 50, 0).get(0);
    var greedy = SENTENCES.sample("my ", options.withTemperature(0), 0);
    assertThat(best.logProbability()).isGreaterThanOrEqualTo(greedy.logProbability());
    double fromScores = SENTENCES.score("my " + best.text()).total() - prefix("my ");
    assertThat(best.logProbability()).isCloseTo(fromScores, within(1e-9));
  }

  @Test
  void aNarrowBeamReturnsWholeSentences() {
    for (var found : SENTENCES.beam("", Sampling.defaults().withLength(100), 2, 1)) {
      boolean ends = found.ids().getLast() == TEXT.tokenizer().endOfSentence();
      assertThat(ends || found.ids().size() == 100).as("ended or cut by the length").isTrue();
    }
  }

  @Test
  void fewerAnswersThanNoneAreRefused() {
    assertThat(SENTENCES.next("the", 0)).isEmpty();
    assertThat(SENTENCES.nextWords("the", 0)).isEmpty();
    Filler filler = Filler.of(SENTENCES);
    assertThat(filler.fill("the", "sat", 0, Workers.single())).isEmpty();
    var calls =
        List.<ThrowingCallable>of(
            () -> SENTENCES.next("the", -1),
            () -> SENTENCES.nextWords("the", -1),
            () -> filler.fill("the", "sat", -1, Workers.single()));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("count is -1");
    }
  }

  @Test
  void aTextUnderAnotherVocabularyIsRefused() {
    var other = new dev.unroll.data.IdStream[] {TEXT.part(0, 3)};
    assertThat(SENTENCES.evaluate(other[0], Workers.single()).sentences()).isEqualTo(3);
    assertThatThrownBy(() -> SENTENCES.evaluate(new OtherVocabulary(), Workers.single()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("another vocabulary");
  }

  /** A text whose tokenizer is not the model's. */
  private static final class OtherVocabulary implements dev.unroll.data.IdStream {
    @Override
    public dev.unroll.data.Tokenizer tokenizer() {
      return (dev.unroll.data.Tokenizer)
          java.lang.reflect.Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {dev.unroll.data.Tokenizer.class},
              (proxy, method, args) ->
                  switch (method.getName()) {
                    case "describe" -> java.util.Map.of("kind", "other");
                    case "size" -> 50;
                    case "equals" -> false;
                    default -> 0;
                  });
    }

    @Override
    public long size() {
      return 1;
    }

    @Override
    public int id(long position) {
      return 49;
    }

    @Override
    public long sentences() {
      return 1;
    }

    @Override
    public long sentenceStart(long sentence) {
      return sentence;
    }

    @Override
    public long charactersBefore(long sentence) {
      return sentence;
    }

    @Override
    public String fingerprint() {
      return "other";
    }
  }

  @Test
  void aStateOfAnotherNetworkIsRefused() {
    var network = new dev.unroll.task.lm.LanguageNetwork(Network.lstm(23), 29);
    var weights = network.pack(network.initialize(1), Workers.single());
    var other = network.startState(weights, 1);
    assertThatThrownBy(() -> SENTENCES.step(other, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not one of this network");
  }

  private static double prefix(String text) {
    int[] ids = TinyText.LETTERS.encode(text);
    return Arrays.stream(stepByStep(SENTENCES, ids)).sum();
  }

  @Test
  void optionsThatAreChangedKeepAllOthers() {
    var options = Sampling.defaults().withStops(List.of("x"));
    var changed =
        List.of(
            options.withTemperature(2),
            options.withTopK(3),
            options.withTopP(0.5),
            options.withUnknown(),
            options.pastEnd(),
            options.withLength(5),
            options.withSeed(2));
    assertThat(changed).allSatisfy(each -> assertThat(each.stops()).containsExactly("x"));
  }

  @Test
  void optionsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> Sampling.defaults().withTemperature(-1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("temperature is -1.0");
    assertThatThrownBy(() -> new Sampling(1, 0, 0, false, 1, true, 1))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> SENTENCES.beam("", Sampling.defaults(), 0, 1))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> SENTENCES.step(SENTENCES.start(), 29))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token is 29, must be in 0 … 28");
  }

  @Test
  void trainingTwiceGivesTheSameBits() {
    assertThat(train(Reading.SENTENCES).parameters()).isEqualTo(SENTENCES.parameters());
  }

  @Test
  void whatIsGeneratedPieceByPieceIsTheSample() {
    var options = Sampling.temperature(0.9).withLength(30);
    for (LanguageModel model : List.of(SENTENCES, STREAM)) {
      assertThat("the " + String.join("", model.generate("the ", options).toList()))
          .isEqualTo(model.sample("the ", options));
    }
    var endless = new Sampling(1, 0, 1, false, Integer.MAX_VALUE, false, 1);
    assertThat(STREAM.generate("the ", endless).limit(3)).hasSize(3);
  }

  @Test
  void theNextTokensHaveTheirProbabilities() {
    var next = SENTENCES.next("the ", SENTENCES.tokenizer().size());
    assertThat(next.stream().mapToDouble(LanguageModel.Next::probability).sum())
        .isCloseTo(1, within(1e-6));
    assertThat(next.getFirst().probability()).isGreaterThanOrEqualTo(next.get(1).probability());
    assertThat(SENTENCES.next("the ", 2)).isEqualTo(next.subList(0, 2));
  }
}
