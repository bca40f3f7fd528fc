package dev.unroll.bench.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.unroll.base.Workers;
import dev.unroll.model.Classifier;
import dev.unroll.model.LanguageModel;
import dev.unroll.result.Classification;
import dev.unroll.result.Sampling;
import dev.unroll.result.SentenceScore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** What is asked, and what the library answers to it. */
enum Endpoint {
  /** The label of a text with all probabilities. */
  CLASSIFY("/v1/classify", LoadModels.CLASSIFIER, "\"results\"", 5, 30),
  /** The log-probability of a text. */
  SCORE("/v1/score", LoadModels.LANGUAGE_MODEL, "\"results\"", 5, 30),
  /** Sixteen more tokens of a text, with their log-probabilities. */
  COMPLETIONS("/v1/completions", LoadModels.LANGUAGE_MODEL, "\"system_fingerprint\"", 3, 8);

  private static final int DRAWN = 16;
  private static final Sampling DRAWING = new Sampling(1, 0, 1, false, DRAWN, false, 1);

  private final String path;
  private final String model;
  private final String marker;
  private final int leastWords;
  private final int mostWords;

  Endpoint(String path, String model, String marker, int leastWords, int mostWords) {
    this.path = path;
    this.model = model;
    this.marker = marker;
    this.leastWords = leastWords;
    this.mostWords = mostWords;
  }

  /**
   * Models that may answer, any of them.
   *
   * @param tolerance how far numbers may differ from theirs; 0 for the same bits
   */
  record Library(
      List<Classifier> classifiers, List<LanguageModel> languageModels, double tolerance) {
    Library withTolerance(double other) {
      return new Library(classifiers, languageModels, other);
    }
  }

  String path() {
    return path;
  }

  /** Returns the texts that it is asked about. */
  List<String> texts(LoadModels models, int count) {
    return models.texts(count, leastWords, mostWords);
  }

  /** Calls the library as the server does, and nothing around it. */
  void call(Library library, String text) {
    switch (this) {
      case CLASSIFY -> library.classifiers.getFirst().classify(text);
      case SCORE -> library.languageModels.getFirst().score(text);
      case COMPLETIONS -> library.languageModels.getFirst().sample(text, DRAWING, 0);
    }
  }

  /** Returns a question for each text. */
  List<Question> questions(Library library, List<String> texts) {
    List<Predicate<JsonNode>> checks =
        switch (this) {
          case CLASSIFY -> classified(library, texts);
          case SCORE -> scored(library, texts);
          case COMPLETIONS -> texts.stream().map(text -> completed(library, text)).toList();
        };
    var questions = new ArrayList<Question>();
    for (int i = 0; i < texts.size(); i++) {
      byte[] request = HttpClient.request("POST", path, body(texts.get(i)));
      questions.add(new Question(request, marker, checks.get(i)));
    }
    return questions;
  }

  private String body(String text) {
    var body = JsonNodeFactory.instance.objectNode().put("model", model);
    switch (this) {
      case CLASSIFY -> body.put("text", text).put("probabilities", true);
      case SCORE -> body.put("text", text);
      case COMPLETIONS -> body.put("prompt", text).put("max_tokens", DRAWN).put("logprobs", 0);
    }
    return body.toString();
  }

  private static List<Predicate<JsonNode>> classified(Library library, List<String> texts) {
    return checks(
        library.classifiers.stream().map(each -> each.classify(texts, Workers.single())).toList(),
        (own, answer) -> same(own, answer, library.tolerance));
  }

  /** Returns what tells of each text whether an answer is that of any model. */
  private static <A> List<Predicate<JsonNode>> checks(
      List<List<A>> answers, BiPredicate<A, JsonNode> same) {
    var checks = new ArrayList<Predicate<JsonNode>>();
    for (int i = 0; i < answers.getFirst().size(); i++) {
      int own = i;
      checks.add(
          body ->
              answers.stream()
                  .map(each -> each.get(own))
                  .anyMatch(each -> same.test(each, body.at("/results/0"))));
    }
    return checks;
  }

  private static boolean same(Classification own, JsonNode answer, double tolerance) {
    JsonNode probabilities = answer.path("probabilities");
    if (probabilities.size() != own.probabilities().size()) {
      return false;
    }
    for (Map.Entry<String, Double> each : own.probabilities().entrySet()) {
      if (!close(probabilities.path(each.getKey()), each.getValue(), tolerance)) {
        return false;
      }
    }
    double shown = own.probability(answer.path("label").asText());
    return own.probability() - shown <= tolerance;
  }

  private static boolean close(JsonNode number, double wanted, double tolerance) {
    return number.isNumber() && Math.abs(number.doubleValue() - wanted) <= tolerance;
  }

  private static List<Predicate<JsonNode>> scored(Library library, List<String> texts) {
    return checks(
        library.languageModels.stream().map(each -> each.score(texts, Workers.single())).toList(),
        (own, answer) -> same(own, answer, library.tolerance));
  }

  private static boolean same(SentenceScore own, JsonNode answer, double tolerance) {
    int tokens = own.ids().size();
    return answer.path("tokens").asInt() == tokens
        && close(answer.path("logProbability"), own.total(), tokens * tolerance)
        && close(answer.path("perplexity"), own.perplexity(), own.perplexity() * tolerance);
  }

  private static Predicate<JsonNode> completed(Library library, String text) {
    List<LanguageModel.Sample> answers =
        library.languageModels.stream().map(each -> each.sample(text, DRAWING, 0)).toList();
    List<String> hashes = library.languageModels.stream().map(each -> each.fingerprint()).toList();
    return body -> {
      int which = hashes.indexOf(body.path("system_fingerprint").asText());
      return which >= 0 && same(answers.get(which), body.at("/choices/0"), library.tolerance);
    };
  }

  private static boolean same(LanguageModel.Sample own, JsonNode answer, double tolerance) {
    double total = 0;
    JsonNode each = answer.at("/logprobs/token_logprobs");
    for (JsonNode number : each) {
      total += number.doubleValue();
    }
    int tokens = own.ids().size();
    return answer.path("text").asText().equals(own.text())
        && each.size() == tokens
        && Math.abs(total - own.logProbability()) <= tokens * tolerance;
  }
}
