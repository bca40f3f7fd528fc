package dev.unroll.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.data.Provenance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BitChangesTest {

  @ParameterizedTest
  @ValueSource(strings = {"0.1.0", "0.2.0", "0.2.9", "", "none"})
  void olderVersionsHearOfAdam(String version) {
    assertThat(BitChanges.since(version)).startsWith("since 0.3.0").contains("Adam", "cosine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.3.0", "0.3.1", "0.10.0", "1.0.0"})
  void laterVersionsHearOfNothing(String version) {
    assertThat(BitChanges.since(version)).isEmpty();
  }

  @Test
  void thisVersionHasAllChanges() {
    assertThat(BitChanges.since(Provenance.VERSION)).isEmpty();
  }
}
