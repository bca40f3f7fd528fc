package dev.unroll.task.lm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class LanguageModelRunTest {

  @Test
  void theLocaleChangesNoIdentity() {
    var before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertThat(LanguageModelRun.vocabulary(12_345)).isEqualTo("12,345 tokens");
    } finally {
      Locale.setDefault(before);
    }
  }
}
