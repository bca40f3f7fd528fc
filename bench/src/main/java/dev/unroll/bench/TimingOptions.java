package dev.unroll.bench;

import java.util.List;
import picocli.CommandLine.Option;

/** How long what takes turns is timed, and on how many threads. */
final class TimingOptions {

  @Option(names = "--threads", split = ",", paramLabel = "N", description = "Default: 1,2.")
  List<Integer> threads = List.of(1, 2);

  @Option(names = "--rounds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  int rounds;

  @Option(
      names = "--round-time",
      paramLabel = "MS",
      description = "Milliseconds of a round. Default: ${DEFAULT-VALUE}.")
  long roundTime;

  @Option(
      names = "--warm-up",
      paramLabel = "MS",
      description = "Milliseconds before an engine is timed. Default: ${DEFAULT-VALUE}.")
  long warmUp;

  /** Sets the defaults of a command. */
  TimingOptions(int rounds, long roundTime, long warmUp) {
    this.rounds = rounds;
    this.roundTime = roundTime;
    this.warmUp = warmUp;
  }

  Comparison.Plan plan() {
    return new Comparison.Plan(warmUp, roundTime, rounds);
  }
}
