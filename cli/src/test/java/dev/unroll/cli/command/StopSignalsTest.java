package dev.unroll.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.train.TrainingListener;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a signal does before, during and after training. */
class StopSignalsTest {

  private final StringWriter said = new StringWriter();
  private final List<Integer> halts = new ArrayList<>();

  private StopSignals signals() {
    return signals(false);
  }

  private StopSignals signals(boolean launched) {
    return new StopSignals(new PrintWriter(said, true), null, false, launched, halts::add);
  }

  @Test
  void beforeTrainingTheProgramEndsAtOnce() {
    try (var signals = signals()) {
      signals.received("INT");
    }
    assertThat(halts).containsExactly(130);
  }

  @ParameterizedTest
  @CsvSource({
    "INT, 130, INT, 130",
    "INT, 130, TERM, 143",
    "TERM, 143, TERM, 143",
    "TERM, 143, INT, 130",
    "HUP, 129, INT, 130",
    "HUP, 129, TERM, 143",
  })
  void theFirstOneStopsTrainingAndASecondTheProgram(
      String first, int status, String second, int halt) {
    try (var signals = signals()) {
      var listener = signals.watching(TrainingListener.NONE);
      assertThat(listener.stops()).isFalse();
      signals.received(first);
      assertThat(listener.stops()).isTrue();
      assertThat(signals.status()).isEqualTo(status);
      assertThat(halts).isEmpty();
      assertThat(said.toString()).contains("stopping after this step");
      signals.received(second);
    }
    assertThat(halts).containsExactly(halt);
  }

  /** The program and its launcher get Ctrl-C both, and the launcher passes it on in its way. */
  @ParameterizedTest
  @CsvSource({"INT, INT, 130", "INT, TERM, 143", "HUP, INT, 130", "HUP, TERM, 143"})
  void whatALauncherPassesOnIsNoSecondOne(String first, String second, int halt) {
    try (var signals = signals(true)) {
      var listener = signals.watching(TrainingListener.NONE);
      signals.received(first);
      signals.received("TERM");
      assertThat(listener.stops()).isTrue();
      assertThat(halts).isEmpty();
      signals.received(second);
    }
    assertThat(halts).containsExactly(halt);
  }

  /** The script {@code unroll} passes Ctrl-C on as SIGTERM, every time. */
  @Test
  void theSameTwiceThroughALauncherEndsTheProgram() {
    try (var signals = signals(true)) {
      var unused = signals.watching(TrainingListener.NONE);
      signals.received("TERM");
      signals.received("TERM");
    }
    assertThat(halts).containsExactly(143);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HUP", "TERM"})
  void aTerminalThatIsClosedSendsMoreThanOne(String first) {
    try (var signals = signals()) {
      var unused = signals.watching(TrainingListener.NONE);
      signals.received(first);
      signals.received("HUP");
    }
    assertThat(halts).isEmpty();
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
