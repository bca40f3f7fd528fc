package dev.unroll.server.task;

import dev.unroll.base.Workers;
import dev.unroll.data.Tokenizer;
import dev.unroll.model.LanguageModel;
import dev.unroll.result.Sampling;
import dev.unroll.result.SentenceScore;
import dev.unroll.server.http.Call;
import dev.unroll.server.http.Endpoint;
import dev.unroll.server.http.Metrics;
import dev.unroll.server.http.Problem;
import dev.unroll.server.json.Field;
import dev.unroll.server.json.OneOrMany;
import dev.unroll.server.model.Continuations;
import dev.unroll.server.model.Models;
import dev.unroll.server.model.Served;
import dev.unroll.server.model.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Endpoints of language models: score, next, tokenize, detokenize. */
public final class LanguageEndpoints {

  private final Models models;
  private final Metrics metrics;

  /** Creates the endpoints. */
  public LanguageEndpoints(Models models, Metrics metrics) {
    this.models = models;
    this.metrics = metrics;
  }

  /** Texts to score. */
  record ScoreRequest(
      @Field("a model; none for the only one of the task") @Nullable String model,
      @Field(Served.ABOUT_GIVEN) @Nullable String given,
      @Field("a text, or a list of texts; each a sentence on its own") OneOrMany<String> text,
      @Field("whether each token's score is wanted") @Nullable Boolean perToken,
      @Field(value = "how many likelier tokens are shown of each; 0 by default", min = 0, max = 20)
          @Nullable Integer alternatives) {}

  /** A token that might stand there. */
  record ScoreAlternative(String token, Double logProbability) {}

  /** The score of a token. */
  record ScoreToken(
      String token,
      @Field("natural logarithm, given the tokens before it") Double logProbability,
      @Field("its place in the model's order, from 1") Integer rank,
      @Field("the likeliest in its place") @Nullable List<ScoreAlternative> alternatives) {}

  /** The score of a text. */
  record ScoreResult(
      String text,
      @Field("natural logarithm; null for what is impossible") Double logProbability,
      Double logProbabilityPerToken,
      @Field("with the end of the sentence") Integer tokens,
      @Field("tokens that the model does not know") Long unknown,
      @Field("tokens that the model finds impossible") @Nullable Long impossible,
      Double perplexity,
      @Nullable List<ScoreToken> perToken) {}

  /** The scores of texts. */
  record ScoreAnswer(String model, List<ScoreResult> results) {}

  /** Prompts whose next tokens are asked for. */
  record NextRequest(
      @Field("a model; none for the only one of the task") @Nullable String model,
      @Field(Served.ABOUT_GIVEN) @Nullable String given,
      @Field("a prompt, or a list of prompts") OneOrMany<String> prompt,
      @Field(value = "how many tokens; 10 by default", min = 1, max = 1000) @Nullable Integer count,
      @Field("whole words, whatever a token is") @Nullable Boolean words) {}

  /** A token that may come next. */
  record NextToken(String token, Double probability) {}

  /** What may come after a prompt. */
  record NextResult(String prompt, @Field("the likeliest first") List<NextToken> next) {}

  /** What may come after prompts. */
  record NextAnswer(String model, List<NextResult> results) {}

  /** Texts to cut into tokens. */
  record TokenizeRequest(
      @Field("a model; none for the only one of the task") @Nullable String model,
      @Field("a text, or a list of texts") OneOrMany<String> text) {}

  /** The tokens of a text. */
  record TokenizeResult(
      String text,
      List<String> tokens,
      List<Integer> ids,
      @Field("parts that the model does not know") List<String> unread) {}

  /** The tokens of texts. */
  record TokenizeAnswer(String model, List<TokenizeResult> results) {}

  /** Tokens to join to a text. */
  record DetokenizeRequest(
      @Field("a model; none for the only one of the task") @Nullable String model,
      @Field(value = "the ids of a text, or a list of such lists", min = 0)
          OneOrMany<List<Integer>> ids) {}

  /** A text of tokens. */
  record DetokenizeResult(String text) {}

  /** Texts of tokens. */
  record DetokenizeAnswer(String model, List<DetokenizeResult> results) {}

  /** Returns the endpoints. */
  public List<Endpoint<?, ?>> endpoints() {
    return List.of(
        Endpoint.post(
            "/v1/score",
            "Scores texts: log-probabilities and perplexity.",
            ScoreRequest.class,
            ScoreAnswer.class,
            this::score),
        Endpoint.post(
            "/v1/next",
            "Predicts the next tokens or words of prompts.",
            NextRequest.class,
            NextAnswer.class,
            this::next),
        Endpoint.post(
            "/v1/tokenize",
            "Cuts texts into tokens.",
            TokenizeRequest.class,
            TokenizeAnswer.class,
            this::tokenize),
        Endpoint.post(
            "/v1/detokenize",
            "Joins tokens to texts.",
            DetokenizeRequest.class,
            DetokenizeAnswer.class,
            this::detokenize));
  }

  private Served find(Call call, @Nullable String name) {
    Served served = models.find(name, LanguageModel.class);
    call.uses(served.name());
    return served;
  }

  private ScoreAnswer score(Call call, ScoreRequest request) {
    Served served = find(call, request.model).given(request.given);
    var model = (LanguageModel) served.model();
    boolean perToken = Boolean.TRUE.equals(request.perToken);
    int alternatives = request.alternatives == null ? 0 : request.alternatives;
    if (alternatives > 0 && !perToken) {
      throw Problem.unusable("alternatives does nothing without perToken; ask for both");
    }
    List<String> texts = request.text.values();
    checkAlternatives(alternatives, texts, model.tokenizer());
    List<SentenceScore> scores =
        served.run(
            perToken ? "scoreWithRanks" : "score",
            texts,
            some ->
                perToken
                    ? model.scoreWithRanks(some, Workers.single())
                    : served.engine().score(some),
            call.deadline());
    long read = scores.stream().mapToLong(each -> each.ids().size()).sum();
    metrics.tokens(served.name(), "read", read);
    var likeliest =
        alternatives == 0 ? null : alternatives(served, scores, alternatives, call.deadline());
    var results = new ArrayList<ScoreResult>();
    for (int i = 0; i < texts.size(); i++) {
      List<ScoreToken> parts =
          perToken
              ? tokens(
                  scores.get(i), model.tokenizer(), likeliest == null ? null : likeliest.get(i))
              : null;
      results.add(result(texts.get(i), scores.get(i), model.tokenizer(), parts));
    }
    return new ScoreAnswer(served.name(), results);
  }

  /** Counts them before anything is computed, which takes far longer. */
  private static void checkAlternatives(int each, List<String> texts, Tokenizer tokenizer) {
    if (each == 0) {
      return;
    }
    long tokens = texts.stream().mapToLong(text -> tokenizer.encode(text).length + 1).sum();
    if (each * tokens > Continuations.MOST_ALTERNATIVES) {
      throw Problem.of(
          413,
          "alternatives × tokens is "
              + each * tokens
              + ", at most "
              + Continuations.MOST_ALTERNATIVES
              + "; send less at once, or ask for fewer");
    }
  }

  private static ScoreResult result(
      String text, SentenceScore score, Tokenizer tokenizer, @Nullable List<ScoreToken> parts) {
    return new ScoreResult(
        text,
        score.total(),
        score.total() / score.ids().size(),
        score.ids().size(),
        score.count(tokenizer.unknown()),
        score.impossible() > 0 ? score.impossible() : null,
        score.perplexity(),
        parts);
  }

  private static List<ScoreToken> tokens(
      SentenceScore score,
      Tokenizer tokenizer,
      @Nullable List<List<Continuations.Alternative>> likeliest) {
    return IntStream.range(0, score.ids().size())
        .mapToObj(
            t ->
                new ScoreToken(
                    tokenizer.token(score.ids().get(t)),
                    score.logProbabilities().get(t),
                    score.ranks().get(t),
                    likeliest == null
                        ? null
                        : likeliest.get(t).stream()
                            .map(
                                each ->
                                    new ScoreAlternative(
                                        tokenizer.token(each.id()), each.logProbability()))
                            .toList()))
        .toList();
  }

  /** Of each text and each of its tokens the likeliest tokens in its place. */
  private static List<List<List<Continuations.Alternative>>> alternatives(
      Served served, List<SentenceScore> scores, int count, long deadline) {
    Sampling nothing = Sampling.defaults().withLength(0);
    List<Text.Order> orders =
        scores.stream()
            .map(score -> score.ids().stream().mapToInt(Integer::intValue).toArray())
            .map(ids -> new Text.Order("", ids, nothing, 0, true))
            .toList();
    var found = new ArrayList<List<List<Continuations.Alternative>>>();
    scores.forEach(score -> found.add(new ArrayList<>()));
    try (var read = new Continuations(served, orders, count, false)) {
      for (var step = read.next(deadline); step != null; step = read.next(deadline)) {
        if (step.kind() == Continuations.Kind.PROMPT) {
          found.get(step.index()).add(step.likeliest());
        }
      }
    }
    return found;
  }

  private NextAnswer next(Call call, NextRequest request) {
    Served served = find(call, request.model).given(request.given);
    var model = (LanguageModel) served.model();
    int count = request.count == null ? 10 : request.count;
    boolean words = Boolean.TRUE.equals(request.words);
    List<List<LanguageModel.Next>> found =
        served.run(
            List.of("next", count, words),
            request.prompt.values(),
            some ->
                some.stream()
                    .map(each -> words ? model.nextWords(each, count) : model.next(each, count))
                    .toList(),
            call.deadline());
    return new NextAnswer(
        served.name(),
        IntStream.range(0, found.size())
            .mapToObj(
                i ->
                    new NextResult(
                        request.prompt.values().get(i),
                        found.get(i).stream()
                            .map(each -> new NextToken(each.token(), each.probability()))
                            .toList()))
            .toList());
  }

  private TokenizeAnswer tokenize(Call call, TokenizeRequest request) {
    Served served = find(call, request.model);
    Tokenizer tokenizer = ((LanguageModel) served.model()).tokenizer();
    return new TokenizeAnswer(
        served.name(),
        request.text.values().stream()
            .map(
                text ->
                    new TokenizeResult(
                        text,
                        tokenizer.cut(text),
                        Arrays.stream(tokenizer.encode(text)).boxed().toList(),
                        tokenizer.unread(text)))
            .toList());
  }

  private DetokenizeAnswer detokenize(Call call, DetokenizeRequest request) {
    Served served = find(call, request.model);
    Tokenizer tokenizer = ((LanguageModel) served.model()).tokenizer();
    return new DetokenizeAnswer(
        served.name(),
        request.ids.values().stream()
            .map(ids -> new DetokenizeResult(tokenizer.decode(checked(ids, tokenizer))))
            .toList());
  }

  private static int[] checked(List<Integer> ids, Tokenizer tokenizer) {
    for (int id : ids) {
      if (id < 0 || id >= tokenizer.size()) {
        throw Problem.unusable("ids has " + id + ", must be in 0 … " + (tokenizer.size() - 1));
      }
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }
}
