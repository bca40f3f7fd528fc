package dev.unroll.bench.unroll;

import dev.unroll.base.Workers;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Sentences;
import dev.unroll.bench.contender.TaskCase;
import dev.unroll.kernel.Slice;
import dev.unroll.learn.Learner;
import dev.unroll.stack.ParameterizedNetwork;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The training of a task's network on all sentences. */
final class TaskTraining {

  private final List<Slice> slices;
  private final TrainingSteps steps;

  TaskTraining(Learner learner, float[] parameters, Workers workers) {
    slices = learner.slices().stream().sorted(Comparator.comparing(Slice::name)).toList();
    steps = new TrainingSteps(learner, parameters, TaskCase.RATE, workers);
  }

  /** Returns the parameters of a network that all contenders share. */
  static float[] parameters(ParameterizedNetwork<?> network, TaskCase work) {
    float[] parameters = new float[network.size()];
    for (Slice slice : network.slices()) {
      float[] values = Numbers.parameter(slice.name(), slice.size(), work.units());
      System.arraycopy(values, 0, parameters, slice.offset(), slice.size());
    }
    return parameters;
  }

  /** Makes a step with each batch. */
  void run() {
    for (int batch = 0; batch < Sentences.batches(); batch++) {
      steps.step(batch);
    }
  }

  /** Returns the numbers of training that contenders agree on; one step is made with all. */
  double[] numbers() {
    double[] numbers = new double[2 + slices.size()];
    for (int batch = 0; batch < Sentences.batches(); batch++) {
      steps.gradientOf(batch, batch + 1);
      for (int i = 0; i < slices.size(); i++) {
        int from = slices.get(i).offset();
        int to = from + slices.get(i).size();
        numbers[2 + i] += Numbers.norm(Arrays.copyOfRange(steps.gradients(), from, to));
      }
    }
    numbers[0] = steps.gradientOf(0, Sentences.batches());
    steps.update();
    numbers[1] = steps.gradientOf(0, Sentences.batches());
    return numbers;
  }
}
