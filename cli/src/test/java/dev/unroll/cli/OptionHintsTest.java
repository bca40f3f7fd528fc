package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options as users of other tools type them. */
class OptionHintsTest {

  @ParameterizedTest
  @CsvSource({
    "lm train, --lr, --lr is --rate here",
    "lm train, --learning-rate, --learning-rate is --rate here",
    "classify train, --learning_rate=0.1, --learning_rate is --rate here",
    "tag train, -lr, -lr is --rate here",
    "lm train, --hidden, --hidden is --units here",
    "forecast train, --hidden-size, --hidden-size is --units here",
    "lm train, --batch-size, --batch-size is --batch here",
    "lm train, --batch_size, --batch_size is --batch here",
    "lm train, --layers, --units 200",
    "lm train, --max-epochs, --max-epochs is --epochs here",
    "transduce train, --num-epochs, --num-epochs is --epochs here",
    "lm train, --seq-len, --seq-len is --steps here",
    "forecast train, --seq-len, --seq-len is --context here",
    "regress train, --target, --target is --value here",
    "classify train, --target, --target is --label here",
    "lm train, --valid_share=0.2, --valid_share is --valid-share here",
    "lm train, --device, --threads",
    "transduce predict, --num-beams, --num-beams is --beam here",
  })
  void isToldWhatItIsHere(String command, String option, String hint) {
    var result = Session.run((command + " file " + option + " 1").split(" ", -1));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains(hint).doesNotContain("--learned-start");
    assertThat(result.err().lines().count()).isEqualTo(2);
  }

  @Test
  void aCommandWithoutTheOptionIsNotSentToIt() {
    assertThat(Session.run("lm", "eval", "model", "file", "--lr", "1").err())
        .doesNotContain("--rate");
  }

  @Test
  void aTypingErrorIsStillMended() {
    assertThat(Session.run("lm", "train", "file", "--epoch", "1").err()).contains("--epochs");
    assertThat(Session.run("lm", "train", "file", "--optimiser", "sgd").err())
        .contains("--optimizer");
  }
}
