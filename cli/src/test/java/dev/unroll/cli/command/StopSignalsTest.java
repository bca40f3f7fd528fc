package dev.unroll.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.train.TrainingListener;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a signal does before, during and after training. */
class StopSignalsTest {

  private final StringWriter said = new StringWriter();
  private final List<Integer> halts = new ArrayList<>();

  private StopSignals signals() {
    return new StopSignals(new PrintWriter(said, true), null, false, halts::add);
  }

  @Test
  void beforeTrainingTheProgramEndsAtOnce() {
    try (var signals = signals()) {
      signals.received("INT");
    }
    assertThat(halts).containsExactly(130);
  }

  @Test
  void theFirstOneStopsTrainingAndTheSecondTheProgram() {
    try (var signals = signals()) {
      var listener = signals.watching(TrainingListener.NONE);
      assertThat(listener.stops()).isFalse();
      signals.received("TERM");
      assertThat(listener.stops()).isTrue();
      assertThat(signals.status()).isEqualTo(143);
      assertThat(halts).isEmpty();
      assertThat(said.toString()).contains("stopping after this step");
      signals.received("INT"); // of a launcher that got the same
      assertThat(halts).isEmpty();
      signals.received("TERM");
    }
    assertThat(halts).containsExactly(143);
  }

  /** Such as while the model is compared with the simplest ones of its task. */
  @Test
  void afterTrainingTheProgramEndsAtOnce() {
    try (var signals = signals()) {
      var unused = signals.watching(TrainingListener.NONE);
      signals.end();
      signals.received("INT");
    }
    assertThat(halts).containsExactly(130);
    assertThat(said.toString()).isEmpty();
  }
}
