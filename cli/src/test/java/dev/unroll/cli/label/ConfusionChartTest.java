package dev.unroll.cli.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.cli.chart.SvgTexts;
import dev.unroll.result.LabelScore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfusionChartTest {

  @TempDir Path folder;

  private SvgTexts drawn(LabelScore score) {
    Path file = folder.resolve("confusion.svg");
    new ConfusionChart(score).picture().write(file);
    return SvgTexts.of(file);
  }

  @Test
  void titleNamesTheMostFrequentMistake() {
    var found = List.of(Set.of("a"), Set.of("b"), Set.of("b"), Set.of("a"));
    var wanted = List.of(Set.of("a"), Set.of("b"), Set.of("a"), Set.of("a"));
    String all = drawn(LabelScore.of(found, wanted)).all();
    assertThat(all).contains("75.0% of 4 are right", "a taken for b (1 of 3)", "67", "33");
  }

  @Test
  void ofManyLabelsTheMostConfusedAreShown() {
    var found = new ArrayList<Set<String>>();
    var wanted = new ArrayList<Set<String>>();
    for (int i = 0; i < 60; i++) {
      found.add(Set.of("label " + (i == 41 ? 17 : i)));
      wanted.add(Set.of("label " + i));
    }
    SvgTexts drawn = drawn(LabelScore.of(found, wanted));
    assertThat(drawn.all()).contains("label 17", "label 41", "all others");
    assertThat(drawn.clipped()).isEmpty();
    assertThat(drawn.overlapping()).isEmpty();
  }
}
