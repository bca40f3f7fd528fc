package dev.unroll.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.learn.TrainingPlan.Pace;
import dev.unroll.train.Objective;
import dev.unroll.train.Preset;
import dev.unroll.train.Training;
import dev.unroll.train.Training.Choice;
import dev.unroll.train.optimizer.Adam;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {

  private static final Training OPEN = Training.defaults();

  private static Training found(Training asked, long sequences) {
    return TrainingPlan.of(asked, Preset.USUAL, words(sequences)).training();
  }

  /** Returns data of 15 words a sequence. */
  private static TrainingPlan.Amount words(long sequences) {
    return new TrainingPlan.Amount(sequences, 15 * sequences);
  }

  @Test
  void sequencesOfAStreamAreSaidToBeWindows() {
    assertThat(words(150).areFew()).isEqualTo("150 sequences are few");
    assertThat(new TrainingPlan.Amount(105, 6_700, Pace.USUAL, 64).areFew())
        .isEqualTo("105 sequences of 64 tokens are few");
  }

  private static long steps(Training options, long sequences) {
    return options.epochs() * Math.ceilDiv(sequences, (long) options.batch());
  }

  @Test
  void fewSequencesAreReadForSixHundredStepsAtLeast() {
    for (long sequences : new long[] {60, 150, 200, 700, 1_000, 1_500}) {
      Training found = found(OPEN, sequences);
      assertThat(steps(found, sequences)).as("%d sequences", sequences).isBetween(600L, 1_250L);
    }
    assertThat(found(OPEN, 1).epochs()).as("bounded").isEqualTo(100);
  }

  @Test
  void manySequencesAreReadTenTimesAndVeryManyLess() {
    assertThat(found(OPEN, 8_000).epochs()).isEqualTo(10);
    assertThat(found(OPEN, 8_000).batch()).isEqualTo(32);
    Training many = found(OPEN, 200_000);
    assertThat(many.epochs()).isEqualTo(5);
    assertThat(found(OPEN, 100_000_000).epochs()).isEqualTo(1);
  }

  @Test
  void eachEpochIsValidatedOrThereAreEightValidations() {
    for (long sequences : new long[] {10, 150, 900, 5_000, 40_000, 200_000, 100_000_000}) {
      Training found = found(OPEN, sequences);
      long steps = steps(found, sequences);
      long every = found.validateEvery() == 0 ? steps / found.epochs() : found.validateEvery();
      assertThat(steps / every).as("%d sequences", sequences).isBetween(8L, 100L);
      assertThat(found.patience()).isBetween(5, 25);
    }
  }

  @Test
  void epochsThatWereAskedForAreValidatedOnceEach() {
    for (int epochs : new int[] {2, 20, 200}) {
      Training found = found(OPEN.withEpochs(epochs), 15_000);
      assertThat(found.validateEvery()).isZero();
      assertThat(found.patience()).isEqualTo(5);
    }
  }

  @Test
  void piecesOfWordsTakeHalfAsLongAgain() {
    var few = new TrainingPlan.Amount(150, 1_500, Pace.PIECES);
    assertThat(TrainingPlan.of(OPEN, Preset.USUAL, few).training().epochs()).isEqualTo(48);
    var captions = new TrainingPlan.Amount(27_550, 900_000, Pace.PIECES);
    assertThat(TrainingPlan.of(OPEN, Preset.USUAL, captions).training().epochs()).isEqualTo(15);
    assertThat(TrainingPlan.of(OPEN, Preset.SMALL, captions).training().epochs()).isEqualTo(1);
  }

  @Test
  void charactersTakeThreeTimesAsLong() {
    var few = new TrainingPlan.Amount(150, 1_500, Pace.CHARACTERS);
    assertThat(TrainingPlan.of(OPEN, Preset.USUAL, few).training().epochs()).isEqualTo(95);
    var names = new TrainingPlan.Amount(13_000, 100_000, Pace.CHARACTERS);
    assertThat(TrainingPlan.of(OPEN, Preset.USUAL, names).training().epochs()).isEqualTo(30);
    var book = new TrainingPlan.Amount(40_000, 2_600_000, Pace.CHARACTERS);
    assertThat(TrainingPlan.of(OPEN, Preset.USUAL, book).training().epochs()).isEqualTo(5);
  }

  @Test
  void spansTakeTwiceAsLong() {
    var few = new TrainingPlan.Amount(150, 1_500, Pace.SPANS);
    assertThat(TrainingPlan.of(OPEN, Preset.USUAL, few).training().epochs()).isEqualTo(64);
    var many = new TrainingPlan.Amount(13_000, 200_000, Pace.SPANS);
    assertThat(TrainingPlan.of(OPEN, Preset.USUAL, many).training().epochs()).isEqualTo(20);
  }

  @Test
  void whatIsChosenStaysEvenWhereItIsTheUsualValue() {
    Training asked = OPEN.withEpochs(10).withBatch(32, 64).withValidation(0, 5);
    assertThat(found(asked, 150).describe()).isEqualTo(asked.describe());
    assertThat(TrainingPlan.of(asked, Preset.BEST, words(150)).reasons()).isEmpty();
    assertThat(found(OPEN.withEpochs(3), 150).epochs()).isEqualTo(3);
    assertThat(found(OPEN.withBatch(50, 64), 150).batch()).isEqualTo(50);
  }

  @Test
  void everyChoiceCanBeOpenAndChosen() {
    for (Choice choice : Choice.values()) {
      assertThat(OPEN.isOpen(choice)).isTrue();
    }
    Training chosen =
        OPEN.withOptimizer(new Adam(0.002))
            .withEpochs(10)
            .withBatch(32, 64)
            .withValidation(0, 5)
            .withObjective(Objective.CROSS_ENTROPY)
            .withSeed(7);
    for (Choice choice : Choice.values()) {
      assertThat(chosen.isOpen(choice)).isFalse();
    }
    assertThat(chosen.asUsual().isOpen(Choice.EPOCHS)).isTrue();
    assertThat(OPEN.withSteps(20).isOpen(Choice.BATCH)).isTrue();
  }

  @Test
  void presetsCostMoreInTheirOrder() {
    long before = 0;
    for (Preset preset : Preset.values()) {
      Training found = TrainingPlan.of(OPEN, preset, words(8_000)).training();
      assertThat(steps(found, 8_000)).isGreaterThan(before);
      before = steps(found, 8_000);
      assertThat(Preset.of(preset.label())).isEqualTo(preset);
    }
  }

  @Test
  void whatWasFoundIsSaid() {
    assertThat(TrainingPlan.of(OPEN, Preset.USUAL, words(150)).reasons())
        .containsExactly("batch 8: 150 sequences are few", "epochs 32: 19 steps each, 608 in all");
  }
}
