package dev.unroll.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.unroll.base.Workers;
import dev.unroll.learn.Trainer;
import dev.unroll.network.Network;
import dev.unroll.task.lm.LanguageLearner;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A training in a process of its own, which prints the CPU time of its first steps. */
public final class FirstStepMain {

  private static final int VOCABULARY = 66;
  private static final int BATCH = 32;
  private static final int STEPS_OF_BATCH = 50;

  /** Some steps. */
  enum Part {
    FIRST(0, 1, "to the end of the first step"),
    NEXT(1, 10, "steps 2 to 10, together"),
    LATER(10, 50, "steps 11 to 50, together");

    private final int from;
    private final int to;
    private final String title;

    Part(int from, int to, String title) {
      this.from = from;
      this.to = to;
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  private FirstStepMain() {}

  /** Trains a layer of so many units on so many threads. */
  public static void main(String[] args) {
    var network = new LanguageNetwork(Network.lstm(Integer.parseInt(args[0])), VOCABULARY);
    int threads = Integer.parseInt(args[1]);
    long steps = Part.LATER.to;
    var options =
        Training.defaults().withEpochs(1).withBatch(BATCH, STEPS_OF_BATCH).withThreads(threads);
    double[] seconds = new double[(int) steps + 1];
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            if (report.step() <= steps) {
              seconds[(int) report.step()] = processSeconds();
            }
          }
        };
    try (var workers = new Workers(threads)) {
      var learner =
          new LanguageLearner(
              network,
              RandomIds.ofSize(VOCABULARY, (steps + 1) * BATCH * STEPS_OF_BATCH),
              RandomIds.ofSize(VOCABULARY, 256),
              options);
      new Trainer(learner, options, workers, listener).run();
    }
    System.out.println(
        Arrays.stream(Part.values())
            .map(part -> Double.toString(seconds[part.to] - seconds[part.from]))
            .collect(Collectors.joining(" ")));
  }

  private static double processSeconds() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime() * 1e-9;
  }
}
