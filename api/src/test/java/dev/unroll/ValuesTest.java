package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Recognizer;
import dev.unroll.model.Transducer;
import dev.unroll.result.Decoding;
import dev.unroll.result.ErrorRates;
import dev.unroll.result.Sampling;
import dev.unroll.store.WarmStart;
import dev.unroll.text.Corpus;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Results are values: equal where their content is, short to print, and nobody can change them. */
class ValuesTest {

  record Example(String text, String label, double value) {}

  private static final List<Example> EXAMPLES =
      IntStream.range(0, 40)
          .mapToObj(i -> i % 2 == 0 ? new Example("ab", "X Y", 1) : new Example("ba", "Y X", 2))
          .toList();

  private static <R> R same(R first, R second) {
    assertThat(first).isEqualTo(second).hasSameHashCodeAs(second);
    return first;
  }

  private static void refusesNothing(ThrowingCallable measuring) {
    assertThatThrownBy(measuring)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("there is nothing to measure on");
  }

  private static void isFixed(List<?> list) {
    assertThatThrownBy(list::removeFirst).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void languageModel() {
    LanguageModel model =
        Unroll.languageModel()
            .characters()
            .sentences()
            .lines(Collections.nCopies(30, "abab"))
            .lstm(4)
            .epochs(2)
            .train();
    var score = same(model.score("abab"), model.score(List.of("abab", "ba")).getFirst());
    assertThat(score.toString())
        .matches("perplexity [0-9.]+ \\(log-probability -[0-9.]+, 5 tokens\\)");
    isFixed(score.ids());
    isFixed(score.logProbabilities());
    var ranked = model.scoreWithRanks(List.of("abab")).getFirst();
    assertThat(ranked.logProbabilities()).isEqualTo(score.logProbabilities());
    assertThat(ranked.ranks()).hasSize(5).allMatch(rank -> rank > 0);
    var sample =
        same(model.sample("a", Sampling.defaults(), 1), model.sample("a", Sampling.defaults(), 1));
    assertThat(sample.toString()).isEqualTo(sample.text());
    isFixed(sample.ids());
    var next = same(model.next("a", 2), model.next("a", 2));
    assertThat(next.toString()).matches("\\[\\S+ [0-9.]+, \\S+ [0-9.]+]");
    var tokens = model.tokenizer();
    var lines = Corpus.of(List.of("ab"), tokens, false);
    assertThat(model.evaluate(lines).tokens()).isEqualTo(3);
    refusesNothing(() -> model.evaluate(lines.part(0, 0)));
    int token = model.tokenizer().encode("a")[0];
    var state = same(model.step(model.start(), token), model.step(model.start(), token));
    assertThat(state).isNotEqualTo(model.start());
    assertThat(state.toString()).startsWith("state of the layers [a of 4");
    assertThat(model.toString()).matches("lm model of [0-9,]+ parameters");
  }

  @Test
  void classifier() {
    var model =
        Unroll.classifier().data(EXAMPLES, Example::text, Example::label).lstm(4).epochs(2).train();
    var answer = same(model.classify("ab"), model.classify(List.of("ab", "ba")).getFirst());
    assertThat(answer.toString()).matches("[XY] [XY] [0-9.]+");
    isFixed(answer.labels());
    assertThatThrownBy(() -> answer.probabilities().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    var report = model.evaluate(EXAMPLES, Example::text, Example::label);
    assertThat(report.toString()).matches("accuracy [0-9.]+%, macro F1 [0-9.]+% of 40 texts");
    same(report, model.evaluate(EXAMPLES, Example::text, Example::label));
    refusesNothing(() -> model.evaluate(List.<Example>of(), Example::text, Example::label));
  }

  @Test
  void tagger() {
    var model =
        Unroll.tagger()
            .data(
                Collections.nCopies(20, "Anna/B-PER Berg/I-PER ran/O"),
                sentence -> part(sentence, 0),
                sentence -> part(sentence, 1))
            .lstm(8)
            .rate(0.02)
            .epochs(20)
            .train();
    var found = same(model.tag("Anna", "Berg", "ran"), model.tag(List.of("Anna", "Berg", "ran")));
    assertThat(found.toString()).isEqualTo("Anna/B-PER Berg/I-PER ran/O");
    assertThat(found.spans()).hasSize(1);
    assertThat(found.words(found.spans().getFirst())).containsExactly("Anna", "Berg");
    assertThat(found.probabilities()).isEmpty();
    assertThat(model.tagWithProbabilities(found.words()).probabilities()).hasSize(3);
    assertThat(model.tagAll(List.of(found.words(), List.of("ran")))).hasSize(2).contains(found);
    isFixed(found.tags());
    refusesNothing(() -> model.evaluate(List.of()));
  }

  private static List<String> part(String sentence, int place) {
    return Stream.of(sentence.split(" ")).map(each -> each.split("/")[place]).toList();
  }

  @Test
  void transducer() {
    var model =
        Unroll.transducer()
            .pairs(EXAMPLES, Example::text, Example::label)
            .targetTokens()
            .gru(8)
            .epochs(2)
            .validation(EXAMPLES, Example::text, Example::label)
            .train();
    var found = same(model.transduce("ab"), model.transduce(List.of("ab", "ba")).getFirst());
    assertThat(found.toString()).isEqualTo(found.text());
    isFixed(found.outputs());
    var how = Decoding.beam(2).withLongest(4).withAttention();
    var shown = model.transduce(List.of("ab"), how).getFirst();
    same(shown, model.transduce(List.of("ab"), how).getFirst());
    shown.outputs().getFirst().attention().forEach(ValuesTest::isFixed);
    var report = same(evaluated(model), evaluated(model));
    assertThat(report.texts()).isEqualTo(2); // of each source once
    assertThat(report.toString())
        .matches("exact match [0-9.]+%, token error rate [0-9.]+% of 2 texts");
    assertThatThrownBy(() -> model.evaluate(List.of()))
        .hasMessageContaining("nothing to measure on");
    assertThat(found.nbest(0)).isEmpty();
    assertThatThrownBy(() -> found.nbest(-1)).hasMessageContaining("count is -1");
  }

  private static ErrorRates evaluated(Transducer model) {
    return model.evaluate(EXAMPLES, Example::text, Example::label);
  }

  @Test
  void recognizer() {
    var model =
        Unroll.recognizer()
            .pairs(EXAMPLES, each -> each.text.repeat(3), Example::text)
            .validation(EXAMPLES, each -> each.text.repeat(3), Example::text)
            .gru(8)
            .epochs(2)
            .train();
    var found = same(model.recognize("ababab"), model.recognize(List.of("ababab")).getFirst());
    assertThat(found.toString()).isEqualTo(found.text());
    assertThat(found.nbest(2)).first().hasToString(found.text());
    var greedy = model.recognize(List.of("ababab"), Recognizer.Search.GREEDY).getFirst();
    assertThat(greedy.outputs()).hasSize(1);
    var report = model.evaluate(EXAMPLES, each -> each.text.repeat(3), Example::text);
    assertThat(report.texts()).isEqualTo(EXAMPLES.size());
    assertThat(report.exact())
        .isEqualTo(
            EXAMPLES.stream()
                .filter(each -> model.recognize(each.text.repeat(3)).text().equals(each.text))
                .count());
  }

  @Test
  void regressor() {
    var model =
        Unroll.regressor()
            .data(EXAMPLES, Example::text, Example::value)
            .validation(EXAMPLES, Example::text, Example::value)
            .lstm(4)
            .epochs(2)
            .train();
    assertThat(model.predict(List.of("ab", "ba"))).first().isEqualTo(model.predict("ab"));
    var report = model.evaluate(EXAMPLES, Example::text, Example::value);
    assertThat(report.toString())
        .matches("MAE [0-9.]+, RMSE [0-9.]+, R² -?[0-9.]+ \\(the mean alone: MAE .*\\)");
    same(report, model.evaluate(EXAMPLES, Example::text, Example::value));
    refusesNothing(() -> model.evaluate(List.<Example>of(), Example::text, Example::value));
  }

  /** The parameters are a copy, and a warm start has its own. */
  @Test
  void parameters() {
    var model =
        Unroll.classifier().data(EXAMPLES, Example::text, Example::label).lstm(4).epochs(1).train();
    var before = model.classify("ab");
    float[] parameters = model.parameters();
    parameters[0] = 1e9f;
    WarmStart.from(model.file()).parameters()[0] = 1e9f;
    assertThat(model.parameters()[0]).isNotEqualTo(1e9f);
    assertThat(model.classify("ab")).isEqualTo(before);
  }
}
