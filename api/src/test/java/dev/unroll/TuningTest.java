package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.model.Classifier;
import dev.unroll.train.TrainingInterruptedException;
import dev.unroll.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches of settings, from Java. */
class TuningTest {

  private static final int TRIALS = 5;

  @TempDir Path folder;

  record Ticket(String body, String queue) {}

  private static List<Ticket> tickets() {
    String[] things = {"invoice", "screen", "order", "price", "keyboard", "bill"};
    String[] queues = {"billing", "support", "orders", "billing", "support", "billing"};
    String[] says = {"the %s is wrong", "where is the %s", "a new %s please", "my %s came twice"};
    var all = new ArrayList<Ticket>();
    for (int i = 0; i < 24; i++) {
      String text = says[i % says.length].replace("%s", things[i % things.length]);
      all.add(new Ticket(text, queues[i % queues.length]));
    }
    return all;
  }

  private static ClassifierTrainer trainer() {
    return Unroll.classifier()
        .data(tickets(), Ticket::body, Ticket::queue)
        .lstm(8)
        .epochs(3)
        .batch(8)
        .threads(1);
  }

  private static Tuning<Classifier> tuning(int threads) {
    return Tuning.of(
            trial ->
                trainer()
                    .lstm(trial.oneOf("units", 4, 8, 16))
                    .rate(trial.number("rate", 0.001, 0.05, Trial.Scale.LOGARITHMIC))
                    .threads(threads))
        .usual(() -> trainer().threads(threads))
        .trials(TRIALS)
        .seeds(2);
  }

  private static Tuning.Result<Classifier> whole;

  @BeforeAll
  static void search() {
    whole = tuning(1).run();
  }

  @Test
  void theSameOnAnyNumberOfThreads() {
    Tuning.Result<Classifier> one = whole;
    Tuning.Result<Classifier> two = tuning(2).run();
    assertThat(two.ranking()).isEqualTo(one.ranking()).hasSize(TRIALS + 1);
    assertThat(two.model().parameters()).isEqualTo(one.model().parameters());
    assertThat(one.best()).isEqualTo(one.ranking().getFirst());
    assertThat(one.best().figures()).hasSize(2);
  }

  @Test
  void theBestModelIsThatOfAPlainTraining() {
    Tuning.Result<Classifier> found = whole;
    Trial.Result best = found.best();
    ClassifierTrainer plain = trainer().seed(1 + best.bestSeed());
    if (best.number() > 0) {
      plain.lstm((Integer) best.settings().get("units"));
      plain.rate((Double) best.settings().get("rate"));
    }
    assertThat(found.model().parameters()).isEqualTo(plain.train().parameters());
    assertThat(found.model().provenance().unfinished()).isFalse();
  }

  /** Stops a search after some steps, as often as it takes. */
  private static TrainingListener stoppingAfter(int steps) {
    var made = new AtomicInteger();
    return new TrainingListener() {
      @Override
      public void onStep(StepReport report) {
        made.incrementAndGet();
      }

      @Override
      public boolean stops() {
        return made.get() >= steps;
      }
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 7})
  void aSearchThatIsStoppedGoesOnAndFindsTheSame(int steps) {
    int stopped = 0;
    Tuning.Result<Classifier> found = null;
    while (found == null) {
      try {
        found = tuning(1).keepAt(folder).listen(stoppingAfter(steps)).run();
      } catch (TrainingInterruptedException e) {
        stopped++;
        assertThat(stopped).isLessThan(1000);
      }
    }
    assertThat(stopped).isGreaterThan(2);
    assertThat(found.ranking()).isEqualTo(whole.ranking());
    assertThat(found.model().parameters()).isEqualTo(whole.model().parameters());
  }

  @Test
  void aSearchThatHasEndedTrainsNothingAgainAndMayHaveMoreTrials() throws IOException {
    Tuning.Result<Classifier> first = tuning(1).keepAt(folder).run();
    Tuning.Result<Classifier> again = tuning(1).keepAt(folder).listen(stoppingAfter(1)).run();
    assertThat(again.ranking()).isEqualTo(first.ranking());
    try (Stream<Path> files = Files.list(folder)) { // of all models that of the best is left
      assertThat(files).filteredOn(each -> each.toString().endsWith(".safetensors")).hasSize(1);
    }
    Tuning.Result<Classifier> more = tuning(1).trials(TRIALS + 3).keepAt(folder).run();
    assertThat(more.ranking()).isEqualTo(tuning(1).trials(TRIALS + 3).run().ranking());
  }

  @Test
  void aRecordThatWasCutOffOrIsOfAnotherSearchIsRefused() throws IOException {
    tuning(1).keepAt(folder).run();
    var other = tuning(1).seed(2).keepAt(folder);
    assertThatThrownBy(other::run)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("another version")
        .hasMessageContaining("trial-001-1.json");
    Files.writeString(folder.resolve("trial-002-1.json"), "{\"run\":");
    assertThatThrownBy(tuning(1).keepAt(folder)::run)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("trial-002-1.json");
  }

  @Test
  void aTrialThatFailsIsTheLastOne() {
    Tuning.Result<Classifier> found =
        Tuning.of(
                trial -> {
                  double bad = trial.oneOf("bad", 0.0, 1.0);
                  return trainer()
                      .lstm(trial.oneOf("units", 4, 8))
                      .network(usual -> usual.withDropout(bad));
                })
            .trials(4)
            .seeds(1)
            .usual(TuningTest::trainer)
            .run();
    Trial.Result last = found.ranking().getLast();
    assertThat(last.failure()).contains("dropout is 1.0");
    assertThat(last.mean()).isNaN();
    assertThat(found.ranking().getFirst().failure()).isNull();
  }

  @Test
  void aSearchOfWhichNothingCanBeTrainedSaysWhy() {
    var tuning =
        Tuning.of(trial -> trainer().lstm(trial.oneOf("units", 4, 8)).rate(1e30))
            .trials(2)
            .seeds(1);
    assertThatThrownBy(tuning::run)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no trial could be trained to its end");
  }

  @Test
  void settingsThatWereDrawnAreNotTriedAgain() {
    var seen = new HashSet<Object>();
    Tuning.of(trial -> trainer().lstm(trial.oneOf("units", 4, 8, 12)).epochs(1))
        .trials(50)
        .seeds(1)
        .onTrial(each -> seen.add(each.number()))
        .run();
    assertThat(seen).hasSize(3);
  }

  @Test
  void halvingLeavesAThirdEachTime() {
    assertThat(Halving.rungs(1)).containsExactly(new Halving.Rung(1, 1));
    assertThat(Halving.rungs(3)).containsExactly(new Halving.Rung(3, 1));
    assertThat(Halving.rungs(4)).containsExactly(new Halving.Rung(4, 3), new Halving.Rung(2, 1));
    assertThat(Halving.rungs(18))
        .containsExactly(new Halving.Rung(18, 9), new Halving.Rung(6, 3), new Halving.Rung(2, 1));
    assertThat(Halving.rungs(100)).extracting(Halving.Rung::places).containsExactly(100, 34, 12);
    var ninth = new Halving.Rung(18, 9);
    assertThat(ninth.isReached(11, 100)).isFalse();
    assertThat(ninth.isReached(12, 100)).isTrue();
  }

  @Test
  void aSettingDependsOnItsNameAndNotOnTheOthers() {
    var trial = new Trial(1, 3, 0);
    double rate = trial.number("rate", 0.001, 0.1, Trial.Scale.LOGARITHMIC);
    var other = new Trial(1, 3, 0);
    other.oneOf("units", 1, 2, 3);
    assertThat(other.number("rate", 0.001, 0.1, Trial.Scale.LOGARITHMIC)).isEqualTo(rate);
    assertThatThrownBy(() -> other.whole("units", 1, 2)).hasMessageContaining("drawn twice");
  }

  @Test
  void numbersLieInTheirRangesAndAreSpreadAsAskedFor() {
    int low = 0;
    var whole = new HashSet<Integer>();
    for (int number = 1; number <= 300; number++) {
      var trial = new Trial(7, number, 0);
      double rate = trial.number("rate", 0.001, 0.1, Trial.Scale.LOGARITHMIC);
      assertThat(rate).isBetween(0.001, 0.1);
      low += rate < 0.01 ? 1 : 0;
      whole.add(trial.whole("units", 2, 5));
      assertThat(trial.number("dropout", 0, 0.6)).isBetween(0.0, 0.6);
    }
    assertThat(low).isBetween(120, 180);
    assertThat(whole).containsExactlyInAnyOrder(2, 3, 4, 5);
    var trial = new Trial(7, 1, 0);
    assertThatThrownBy(() -> trial.number("rate", 0, 1, Trial.Scale.LOGARITHMIC))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("above 0");
    assertThatThrownBy(() -> trial.whole("units", 5, 2)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> trial.oneOf("cell", List.of())).isInstanceOf(InputException.class);
  }
}
