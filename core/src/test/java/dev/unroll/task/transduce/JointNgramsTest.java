package dev.unroll.task.transduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JointNgramsTest {

  private static final int SOURCES = 4;
  private static final int TARGETS = 3;

  /** Symbols, each of which becomes one or two of its own or nothing, and at times others. */
  private static JointNgrams ngrams(long seed) {
    var random = new Random(seed);
    int[][] becomes = {{0}, {1, 2}, {}, {2}};
    var sources = new ArrayList<int[]>();
    var targets = new ArrayList<int[]>();
    for (int pair = 0; pair < 40; pair++) {
      int[] source = random.ints(1 + random.nextInt(5), 0, SOURCES - 1).toArray();
      var target = Arrays.stream(source).flatMap(each -> Arrays.stream(becomes[each]));
      sources.add(source);
      targets.add(random.nextInt(4) == 0 ? new int[] {0, 1} : target.toArray());
    }
    return JointNgrams.estimate(sources, targets, 3).ngrams();
  }

  private static List<int[]> upTo(int longest) {
    var all = new ArrayList<int[]>(List.of(new int[0]));
    for (int i = 0; all.get(i).length < longest; i++) {
      for (int symbol = 0; symbol < TARGETS; symbol++) {
        int[] longer = Arrays.copyOf(all.get(i), all.get(i).length + 1);
        longer[longer.length - 1] = symbol;
        all.add(longer);
      }
    }
    return all;
  }

  /** What writes and what says how probable it is are two searches. */
  @Test
  void whatIsWrittenIsAsProbableAsAnyTargetIs() {
    JointNgrams ngrams = ngrams(1);
    for (int[] source : List.of(new int[] {0}, new int[] {1, 2}, new int[] {2, 0}, new int[0])) {
      var written = ngrams.write(source);
      for (var each : written) {
        // of any target there are also ways with pieces that were never seen
        assertThat(ngrams.logProbability(source, each.symbols()))
            .isBetween(each.logProbability() - 1e-9, each.logProbability() + 0.5);
      }
      double best = ngrams.logProbability(source, written.getFirst().symbols());
      for (int[] target : upTo(4)) {
        assertThat(ngrams.logProbability(source, target)).isBetween(-200.0, best + 1e-9);
      }
    }
  }

  @Test
  void aSymbolThatWasNeverSeenBecomesNothing() {
    JointNgrams ngrams = ngrams(2);
    assertThat(ngrams.write(0, 3, 1, -1).getFirst().symbols())
        .isEqualTo(ngrams.write(0, 1).getFirst().symbols());
  }

  @Test
  void theyAreReadAsTheyWereWritten() {
    JointNgrams ngrams = ngrams(3);
    String json = Json.write(ngrams.toJson());
    JointNgrams read = JointNgrams.fromJson(Json.parse(json), SOURCES, TARGETS);
    assertThat(Json.write(read.toJson())).isEqualTo(json);
    assertThat(read.describe()).isEqualTo(ngrams.describe());
    for (int[] target : upTo(3)) {
      assertThat(read.logProbability(new int[] {1, 0}, target))
          .isEqualTo(ngrams.logProbability(new int[] {1, 0}, target));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[[4]]",
        "[[0,3]]",
        "[[0,1,1,1]]",
        "[[]]",
        "[1]",
        "[[0],[0]]",
        "[[0],[1],[0,1]]",
        "[[0,-1]]"
      })
  void damagedPiecesAreRefused(String pieces) {
    String counts = Json.write(ngrams(4).toJson().get("counts"));
    String json = "{\"order\":3,\"counts\":" + counts + ",\"pieces\":" + pieces + "}";
    assertThatThrownBy(
            () -> JointNgrams.fromJson(Json.parse(json).parsed(x -> x), SOURCES, TARGETS))
        .isInstanceOfAny(JsonException.class, IllegalArgumentException.class)
        .hasMessageContaining("a piece");
  }
}
