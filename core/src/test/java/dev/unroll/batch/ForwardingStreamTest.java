package dev.unroll.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.data.Condition;
import dev.unroll.data.IdStream;
import dev.unroll.train.TinyText;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A text that is conditioned, or read backward, is otherwise the same text. */
class ForwardingStreamTest {

  private static final Condition LABELS =
      Condition.ofLabels(List.of("a", "b"), Condition.Place.STEPS);

  /** A text whose words are counted, as those of files are. */
  private record Counted(IdStream text, long words) implements ForwardingStream {
    @Override
    public String fingerprint() {
      return text.fingerprint();
    }
  }

  private static final IdStream TEXT = new Counted(TinyText.sample(), 123);

  private static IdStream given(IdStream text) {
    return new ConditionedStream(text, LABELS, new float[(int) text.sentences()][2]);
  }

  @Test
  void wordsAreCountedInEitherForm() {
    assertThat(given(TEXT).words()).isEqualTo(123);
    assertThat(new BackwardStream(TEXT).words()).isEqualTo(123);
    assertThat(new BackwardStream(given(TEXT)).words()).isEqualTo(123);
  }

  @Test
  void bothFormsMayBeInAnyOrder() {
    for (var both : List.of(given(new BackwardStream(TEXT)), new BackwardStream(given(TEXT)))) {
      assertThat(both.isBackward()).isTrue();
      assertThat(both.condition()).isEqualTo(LABELS);
      assertThat(both.conditionOf(3)).hasSize(2);
      assertThat(both.part(1, 5).isBackward()).isTrue();
      assertThat(both.part(1, 5).condition()).isEqualTo(LABELS);
    }
    assertThat(given(TEXT).isBackward()).isFalse();
  }
}
