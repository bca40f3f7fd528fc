package dev.unroll.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.layer.Embedding;
import dev.unroll.train.TinyText;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BatchesTest {

  private static final TinyText TEXT = TinyText.sample();

  @Property(tries = 100)
  void aStreamHasEveryTokenOnceAndInOrder(
      @ForAll @IntRange(min = 1, max = 2000) int lanes,
      @ForAll @IntRange(min = 1, max = 80) int length,
      @ForAll boolean drawn) {
    var windows = drawn ? Windows.random(length, lanes) : Windows.equal(length);
    var batches = new StreamBatches(TEXT, lanes, windows, Resets.NONE);
    int width = batches.batch(0, 0).steps().batch();
    List<List<Integer>> read = new ArrayList<>();
    for (int lane = 0; lane < width; lane++) {
      read.add(new ArrayList<>());
    }
    int[] last = new int[width];
    for (int i = 0; i < batches.count(0); i++) {
      Batch batch = batches.batch(0, i);
      assertThat(batch.continues()).hasSize(width).containsOnly(i > 0);
      for (int lane = 0; lane < width; lane++) {
        for (int t = 0; t < batch.steps().length(lane); t++) {
          int row = batch.steps().row(t, lane);
          if (i > 0 || t > 0) {
            assertThat(batch.inputs()[row]).isEqualTo(last[lane]);
          }
          last[lane] = batch.targets()[row];
          read.get(lane).add(last[lane]);
        }
      }
    }
    var all = read.stream().flatMap(List::stream).mapToInt(Integer::intValue).toArray();
    assertThat(all).hasSize((int) TEXT.size());
    for (int i = 0; i < all.length; i++) {
      assertThat(all[i]).isEqualTo(TEXT.id(i));
    }
    assertThat(batches.batch(0, 0).inputs()[0]).isEqualTo(Embedding.START);
  }

  @Example
  void asManyWindowsAsAskedBeginAnewAndOthersInEachEpoch() {
    var resets = new Resets(0.03, 5);
    var text = new StreamBatches(TEXT, 50, Windows.equal(1), resets);
    assertThat(text.batch(2, 0).continues()).containsOnly(false);
    assertThat(text.batch(2, 7).continues()).isEqualTo(resets.continues(2, 7, 50));
    assertThat(resets.continues(3, 7, 1000)).isNotEqualTo(resets.continues(2, 7, 1000));
    assertThat(new Resets(0.03, 6).continues(2, 7, 1000))
        .isNotEqualTo(resets.continues(2, 7, 1000));
    int begun = 0;
    for (int index = 1; index <= 1000; index++) {
      for (boolean each : resets.continues(0, index, 100)) {
        begun += each ? 0 : 1;
      }
    }
    assertThat(begun / 100_000.0).isBetween(0.028, 0.032); // four deviations
  }

  @Example
  void drawnWindowsAreAboutAsLongAsAskedAndDifferFromEpochToEpoch() {
    var windows = Windows.random(70, 3);
    int[] starts = windows.starts(0, 700_000);
    int halves = 0;
    for (int i = 1; i < starts.length - 1; i++) {
      int length = starts[i] - starts[i - 1];
      assertThat(length).isBetween(5, 100);
      halves += length < 53 ? 1 : 0;
    }
    assertThat((double) halves / starts.length).isBetween(0.04, 0.06);
    assertThat(starts.length).isBetween(10_000, 10_500); // the mean is 0.95·70 + 0.05·35
    assertThat(windows.starts(1, 700_000)).isNotEqualTo(starts);
    assertThat(windows.starts(0, 700_000)).isEqualTo(starts);
  }

  @Property(tries = 50)
  void sentencesAreAllThereEveryEpochInAnotherOrder(
      @ForAll @IntRange(min = 1, max = 50) int batch, @ForAll long seed) {
    var batches = SentenceBatches.shuffled(TEXT, batch, 1000, seed);
    List<String> expected = new ArrayList<>();
    for (int s = 0; s < TEXT.sentences(); s++) {
      expected.add(text(TEXT, s));
    }
    List<String> first = sentences(batches, 0);
    List<String> second = sentences(batches, 1);
    assertThat(first).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(second).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(sentences(SentenceBatches.shuffled(TEXT, batch, 1000, seed), 0)).isEqualTo(first);
    if (batch < 5) {
      assertThat(second).isNotEqualTo(first);
    }
  }

  @Property(tries = 20)
  void longSentencesAreCutAndNothingIsLost(@ForAll @IntRange(min = 1, max = 30) int longest) {
    var batches = SentenceBatches.ordered(TEXT, 7, longest);
    int tokens = 0;
    int starts = 0;
    for (int i = 0; i < batches.count(0); i++) {
      var steps = batches.batch(0, i).steps();
      assertThat(steps.length()).isLessThanOrEqualTo(longest);
      tokens += steps.rows();
      for (int input : batches.batch(0, i).inputs()) {
        starts += input == Embedding.START ? 1 : 0;
      }
    }
    assertThat(tokens).isEqualTo((int) TEXT.size());
    assertThat(starts).as("only a sentence's first token has no token before it").isEqualTo(40);
  }

  private static String text(TinyText text, int sentence) {
    var out = new StringBuilder();
    for (long i = text.sentenceStart(sentence); i < text.sentenceStart(sentence + 1); i++) {
      out.append(TinyText.LETTERS.token(text.id(i)));
    }
    return out.toString();
  }

  private static List<String> sentences(Batches batches, int epoch) {
    var sentences = new ArrayList<String>();
    for (int i = 0; i < batches.count(epoch); i++) {
      Batch batch = batches.batch(epoch, i);
      for (int s = 0; s < batch.steps().batch(); s++) {
        var out = new StringBuilder();
        for (int t = 0; t < batch.steps().length(s); t++) {
          out.append(TinyText.LETTERS.token(batch.targets()[batch.steps().row(t, s)]));
        }
        sentences.add(out.toString());
      }
    }
    return sentences;
  }
}
