package dev.unroll.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.train.TinyText;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class StreamCutTest {

  private static final TinyText TEXT = TinyText.sample();

  @Property(tries = 100)
  void bothPartsTogetherAreTheStream(@ForAll @IntRange(min = 1, max = 400) int position) {
    var cut = StreamCut.near(TEXT, position);
    assertThat(cut.before().size() + cut.after().size()).isEqualTo(TEXT.size());
    assertThat(cut.before().size()).isPositive();
    assertThat(cut.after().size()).isPositive();
    for (int i = 0; i < TEXT.size(); i++) {
      long inAfter = i - cut.before().size();
      assertThat(inAfter < 0 ? cut.before().id(i) : cut.after().id(inAfter)).isEqualTo(TEXT.id(i));
    }
  }

  @Property(tries = 100)
  void aTextOfManySentencesIsCutAtTheFirstEndFromThePositionOn(
      @ForAll @IntRange(min = 1, max = 400) int position) {
    long end = 0;
    for (long s = 1; end < position; s++) {
      end = TEXT.sentenceStart(s);
    }
    assertThat(StreamCut.near(TEXT, position).before().size()).isEqualTo(end);
  }

  /** Of one long line, each part is a sentence of its own. */
  @Example
  void aTextOfOneSentenceIsCutExactlyThere() {
    var line = new TinyText(List.of("abcdefghi"));
    var cut = StreamCut.near(line, 4);
    assertThat(List.of(cut.before().size(), cut.after().size())).containsExactly(4L, 6L);
    assertThat(cut.after().sentences()).isEqualTo(1);
    assertThat(cut.before().fingerprint()).isNotEqualTo(cut.after().fingerprint());
  }
}
