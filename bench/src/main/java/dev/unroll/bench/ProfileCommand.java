package dev.unroll.bench;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code unroll-bench profile}: where the time of training goes. */
@Command(
    name = "profile",
    mixinStandardHelpOptions = true,
    description =
        "Prints where the time of training goes: products, packing, gates, softmax, update, input; and"
            + " what it allocates.")
final class ProfileCommand implements Callable<Integer> {

  @Override
  public Integer call() throws IOException {
    TrainingProfile.run();
    return 0;
  }
}
