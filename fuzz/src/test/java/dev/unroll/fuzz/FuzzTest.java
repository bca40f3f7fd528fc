package dev.unroll.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.fuzz.Mutator.Mutant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of file, as it should be, mutated, and as it was when something was found: it is
 * answered or refused by name, within 5 s and 512 MB. {@code experiments/fuzz} does the same for
 * longer.
 */
class FuzzTest {

  private static final int TRIES = 600;
  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  @BeforeAll
  static void asTheProgramDoes() {
    Locale.setDefault(Locale.ROOT);
  }

  @TempDir Path folder;

  static List<Kind> kinds() {
    return Kinds.ALL;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everySeedIsAnsweredByAUseAndEveryUseAnswersASeed(Kind kind) {
    assertThat(kind.seeds()).isNotEmpty();
    var answering = new HashSet<Use>();
    for (Seed seed : kind.seeds()) {
      var use = kept(kind, List.of(seed)).stream().filter(this::isAnswered).findFirst();
      assertThat(use).as(seed.name()).isPresent();
      answering.add(use.get().use());
    }
    var all = kept(kind, kind.seeds());
    for (Use use : kind.uses()) {
      assertThat(all.stream().filter(each -> each.use() == use))
          .as(use.toString())
          .anyMatch(each -> answering.contains(use) || isAnswered(each));
    }
  }

  private boolean isAnswered(Trial trial) {
    try {
      return trial.run(folder) == Trial.Outcome.ANSWERED;
    } catch (Throwable fault) {
      throw new AssertionError(trial.toString(), fault);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatWasFoundOnceIsFixed(Kind kind) {
    var trials = kept(kind, Seed.files(Places.REGRESSIONS.resolve(kind.name()), "*"));
    assertThat(causes(Campaign.run(trials::get, trials.size(), THREADS))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aMutantIsAnsweredOrRefused(Kind kind) {
    assertThat(causes(FuzzMain.campaign(kind, TRIES, 1))).isEmpty();
  }

  @Test
  void aTryIsRepeatedByItsNumber() {
    Kind kind = Kinds.of("series");
    assertThat(Trial.of(kind, 7, 9).mutant().bytes())
        .isEqualTo(Trial.of(kind, 7, 9).mutant().bytes());
    assertThat(Trial.of(kind, 7, 9).mutant().bytes())
        .isNotEqualTo(Trial.of(kind, 7, 10).mutant().bytes());
  }

  /** Returns files as they are, used in every way. */
  private static List<Trial> kept(Kind kind, List<Seed> files) {
    var trials = new ArrayList<Trial>();
    for (Seed file : files) {
      kind.uses()
          .forEach(
              use -> trials.add(new Trial(kind, file, new Mutant(file.bytes(), false), use, "")));
    }
    return trials;
  }

  private static List<String> causes(Campaign.Result result) {
    return result.findings().stream()
        .collect(Collectors.groupingBy(Finding::cause))
        .entrySet()
        .stream()
        .map(
            each ->
                each.getValue().size()
                    + " × "
                    + each.getKey()
                    + "\n"
                    + each.getValue().getFirst().describe())
        .toList();
  }
}
