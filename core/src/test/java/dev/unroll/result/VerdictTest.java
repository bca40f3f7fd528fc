package dev.unroll.result;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.result.Verdict.Scale;
import dev.unroll.task.Course;
import dev.unroll.task.OverviewBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTest {

  private static Verdict accuracy(double network, double baseline, long items) {
    return new Verdict("accuracy", Scale.SHARE, network, Map.of("naive Bayes", baseline), items);
  }

  @Test
  void aNetworkThatIsWorseIsToldSo() {
    assertThat(accuracy(0.778, 0.796, 100_000))
        .hasToString("validation accuracy 77.80%; naive Bayes 79.60%: naive Bayes is better");
    var lines =
        new Verdict(
                "perplexity",
                Scale.PERPLEXITY,
                120,
                Map.of("a 3-gram model", 100.0),
                0,
                List.of("{epochs 30}: the last epoch was the best", "more data"))
            .lines(option -> "--" + option);
    assertThat(
            new Verdict("x", Scale.NUMBER, 2, Map.of("y", 1.0), 0, List.of("{epochs 30}: more"))
                .lines()
                .getLast())
        .isEqualTo("Try:   epochs(30): more");
    assertThat(lines)
        .containsExactly(
            "validation perplexity 120.00; a 3-gram model 100.00: a 3-gram model is better",
            "Try:   --epochs 30: the last epoch was the best",
            "       more data");
  }

  @Test
  void aNetworkThatIsBetterIsToldByHowMuch() {
    assertThat(accuracy(0.9, 0.8, 1000).toString()).endsWith(": 50% less error");
    assertThat(new Verdict("perplexity", Scale.PERPLEXITY, 75, Map.of("x", 100.0), 0).toString())
        .endsWith(": 25% less perplexity");
    assertThat(new Verdict("MASE", Scale.NUMBER, 0.998, Map.of("x", 1.0), 0).toString())
        .endsWith(": under 1% less error");
    assertThat(accuracy(0.9, 0.8, 1000).beats()).isTrue();
  }

  @Test
  void severalAreBetterAndOneIs() {
    assertThat(errors("joint n-grams", 0.3)).endsWith(": joint n-grams are better");
    assertThat(errors("linear regression on n-grams", 0.3)).endsWith("on n-grams is better");
    assertThat(errors("last number", 0.3)).endsWith("last number is better");
  }

  private static String errors(String baseline, double rate) {
    return new Verdict("errors", Scale.ERRORS, 0.5, Map.of(baseline, rate), 0).toString();
  }

  @Test
  void fewAnswersTellNothing() {
    Verdict close = accuracy(0.55, 0.5, 20);
    assertThat(close.beats()).isFalse();
    assertThat(close.toString())
        .endsWith("about as good as naive Bayes; 20 answers are too few to tell them apart");
  }

  @Test
  void whatCannotBeMeasuredIsNotSaid() {
    assertThat(accuracy(Double.NaN, 0.5, 20).lines(option -> option)).isEmpty();
    assertThat(new Verdict("x", Scale.NUMBER, 1, Map.of(), 0).lines(option -> option)).isEmpty();
    assertThat(accuracy(1, 1, 20).toString()).endsWith("naive Bayes is as good");
  }

  @Test
  void theCourseOfATrainingSaysWhatToTry() {
    var short1 = new Course(10, 10, 10, 0.9, 1.0, 1.0);
    assertThat(short1.stillImproves()).isTrue();
    assertThat(short1.advice(0.2, 200)).containsExactly("{epochs 30}: the last epoch was the best");
    var learned = new Course(10, 3, 10, 0.1, 0.8, 1.4);
    assertThat(learned.stillImproves()).isFalse();
    assertThat(learned.advice(0.2, 200).getFirst()).startsWith("{dropout 0.5}");
    assertThat(learned.advice(0.5, 200).getFirst()).startsWith("{units 100}");
    assertThat(new Course(10, 0, 0, Double.NaN, Double.NaN, Double.NaN).advice(0, 8)).isEmpty();
  }

  /** That of a normal distribution is, where the numbers lie close together. */
  @Test
  void aLossBelowZeroIsNoSignOfMemorizing() {
    assertThat(new Course(10, 8, 10, -1.02, -1, -0.98).advice(0.2, 200)).isEmpty();
    assertThat(new Course(10, 8, 10, -0.1, 0.1, 0.1).advice(0.2, 200)).isEmpty();
    assertThat(new Course(10, 8, 10, -2, -1, -1).advice(0.2, 200)).hasSize(1);
    assertThat(new Course(10, 8, 10, -1, -1, -0.2).advice(0.2, 200)).hasSize(1);
  }

  @Test
  void factsStandInColumnsAndNotesNameOptions() {
    var builder = new OverviewBuilder();
    builder.fact("data", "3 texts");
    builder.fact("vocabulary", "12");
    builder.value("unknownVocabulary", 0.4);
    builder.note("40% is <UNK>", "try {unit characters}");
    Overview overview = builder.build();
    assertThat(overview.isMostlyUnknown()).isTrue();
    assertThat(overview.lines(option -> "--" + option))
        .containsExactly(
            "data        3 texts",
            "vocabulary  12",
            "note: 40% is <UNK>",
            "      try --unit characters");
    assertThat(overview.toString()).contains("try TokenOptions.of(Unit.CHARACTERS)");
  }
}
