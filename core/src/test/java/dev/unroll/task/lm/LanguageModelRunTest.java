package dev.unroll.task.lm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.network.Network;
import dev.unroll.train.TinyText;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class LanguageModelRunTest {

  @Test
  void aLargeVocabularyHasClustersUnlessTheOutputIsChosen() {
    TinyText large = TinyText.sample(9_001);
    Network usual = Network.lstm(4);
    assertThat(LanguageModelRun.clusters(large, usual)).containsExactly(2_000, 8_000);
    assertThat(LanguageModelRun.clusters(TinyText.sample(9_000), usual)).isEmpty();
    assertThat(LanguageModelRun.clusters(large, usual.withTied(true))).isEmpty();
    assertThat(LanguageModelRun.clusters(large, usual.withAdaptiveSoftmax(9))).isEmpty();
  }

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
