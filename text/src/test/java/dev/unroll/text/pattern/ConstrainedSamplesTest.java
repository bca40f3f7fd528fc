package dev.unroll.text.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import dev.unroll.data.Reading;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.Network;
import dev.unroll.result.Sampling;
import dev.unroll.task.lm.LanguageModelRun;
import dev.unroll.text.Corpus;
import dev.unroll.text.Segmentation;
import dev.unroll.text.Segmentation.Unit;
import dev.unroll.text.TokenOptions;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Drawn texts fulfill what was asked for, with tokens of every unit. */
class ConstrainedSamplesTest {

  private static final List<String> LINES =
      List.of(
          "the cat saw «Zoë».",
          "a dog (12 years) likes it!",
          "東京、the sea 😀",
          "we saw 7 cats, 12 dogs");

  private static LanguageModel model(Unit unit, Reading reading) {
    var lines = new ArrayList<String>();
    Collections.nCopies(10, LINES).forEach(lines::addAll);
    var options = new TokenOptions(Segmentation.of(unit), unit == Unit.BYTE_PAIRS ? 60 : 0, 1);
    var training = Training.defaults().withEpochs(1);
    var run =
        LanguageModelRun.of(
            Corpus.of(lines, options.corpus(reading)), 0.1, Network.lstm(6), training);
    return new LanguageModel(run.run(TrainingListener.NONE));
  }

  private static void assertAllMatch(LanguageModel model, Pattern pattern, Sampling options) {
    for (String prompt : List.of("", "the cat", "a dog ", "(")) {
      for (int number = 0; number < 3; number++) {
        var sample = model.sample(prompt, options, number);
        assertThat(sample.ids().size()).isLessThanOrEqualTo(options.length());
        assertThat(inside(sample.text(), prompt)).matches(pattern);
        assertThat(model.generate(prompt, options, number).reduce("", String::concat))
            .isEqualTo(sample.text());
      }
      for (var found : model.beam(prompt, options, 3, 1)) {
        assertThat(inside(found.text(), prompt)).matches(pattern);
      }
    }
  }

  /** Without the blank that separates a word from its prompt. */
  private static String inside(String continuation, String prompt) {
    return prompt.isEmpty() || prompt.endsWith(" ")
        ? continuation
        : continuation.replaceFirst("^ ", "");
  }

  @ParameterizedTest
  @EnumSource(Unit.class)
  void theTextMatchesThePatternInEveryUnit(Unit unit) {
    for (Reading reading : Reading.values()) {
      LanguageModel model = model(unit, reading);
      boolean stops = reading == Reading.SENTENCES;
      for (String regex :
          List.of(
              "(the|a) (cat|dog|sea).*",
              ".*12.*cats.*",
              "[^a]*",
              "(.|\\n)*cats,? ?(.|\\n)*7.*",
              "(the )*sea")) {
        var options =
            new Sampling(1.5, 0, 1, false, 25, stops, 3).withConstraint(TextRule.matching(regex));
        assertAllMatch(model, Pattern.compile(regex), options);
      }
    }
  }

  @Test
  void probabilitiesAreThoseOfTheAllowedTokens() {
    LanguageModel model = model(Unit.WORDS, Reading.SENTENCES);
    var rule = TextRule.matching("cat|dog|the sea");
    var options = Sampling.defaults().withLength(1).withConstraint(rule);
    double cat = probability(model, "cat");
    double dog = probability(model, "dog");
    int n = 2000;
    int cats = 0;
    for (int i = 0; i < n; i++) {
      String text = model.sample("a", options, i).text();
      assertThat(text).isIn(" cat", " dog"); // the third one is too long
      cats += text.equals(" cat") ? 1 : 0;
    }
    assertThat((double) cats / n).isCloseTo(cat / (cat + dog), within(0.05));
  }

  private static double probability(LanguageModel model, String token) {
    return model.next("a", model.tokenizer().size()).stream()
        .filter(next -> next.token().equals(token))
        .mapToDouble(LanguageModel.Next::probability)
        .sum();
  }

  @Test
  void allRulesHoldTogether() {
    LanguageModel model = model(Unit.CHARACTERS, Reading.STREAM);
    var rule =
        TextRule.containing("12")
            .and(TextRule.containing("sea"))
            .and(TextRule.without(List.of("e ", "t")))
            .and(TextRule.matching("[a-z0-9 ]{10,}"));
    var options = Sampling.defaults().withLength(20).withConstraint(rule);
    for (int i = 0; i < 20; i++) {
      String text = model.sample("", options, i).text();
      assertThat(text).contains("12", "sea").doesNotContain("t", "e ").matches("[a-z0-9 ]{10,20}");
    }
  }

  @Test
  void whatCannotBeWrittenIsRefused() {
    LanguageModel model = model(Unit.WORDS, Reading.SENTENCES);
    var options = Sampling.defaults().withConstraint(TextRule.matching("zebra"));
    assertThatThrownBy(() -> model.sample("", options))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no text of the model's tokens fulfills");
    var longer = options.withLength(2).withConstraint(TextRule.matching("the cat saw"));
    assertThatThrownBy(() -> model.beam("", longer, 2, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the shortest has 3");
    assertThatThrownBy(() -> longer.withStops(List.of("cat")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("may miss");
  }

  @Test
  void aTextEndsBeforeTheFirstStop() {
    LanguageModel model = model(Unit.BYTE_PAIRS, Reading.STREAM);
    var free = Sampling.defaults().withLength(400);
    var options = free.withStops(List.of("saw 7", "12 ", "ts"));
    for (int i = 0; i < 20; i++) {
      String whole = model.sample("", free, i).text();
      int end = whole.length();
      for (String stop : options.stops()) {
        end = whole.contains(stop) ? Math.min(end, whole.indexOf(stop)) : end;
      }
      assertThat(model.sample("", options, i).text()).isEqualTo(whole.substring(0, end));
      assertThat(model.generate("", options, i).reduce("", String::concat))
          .isEqualTo(whole.substring(0, end));
    }
  }
}
