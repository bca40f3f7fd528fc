package dev.unroll.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LabeledTest {

  private enum Size implements Labeled {
    SMALL,
    VERY_LARGE
  }

  @Test
  void everyConstantIsFoundByItsLabel() {
    assertThat(Size.VERY_LARGE.label()).isEqualTo("very-large");
    for (Size each : Size.values()) {
      assertThat(Labeled.find(Size.values(), each.label())).contains(each);
    }
  }

  @Test
  void anUnknownLabelIsReportedWithWhatThereIs() {
    assertThat(Labeled.find(Size.values(), "SMALL")).isEmpty();
    assertThatThrownBy(() -> Labeled.of(Size.values(), "huge", "no size is called ", "Use small."))
        .isInstanceOf(InputException.class)
        .hasMessage("no size is called huge\n  Use small.");
  }
}
