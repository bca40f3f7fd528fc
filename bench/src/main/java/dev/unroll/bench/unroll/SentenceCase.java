package dev.unroll.bench.unroll;

import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Sentences;
import dev.unroll.bench.contender.TaskCase;
import dev.unroll.bench.contender.Work;

/** The network of a task on all sentences: a pass of training, or all answers. */
abstract class SentenceCase implements Contender.Prepared {

  private final boolean trains;

  SentenceCase(TaskCase work) {
    trains = work.work() == Work.TRAIN;
  }

  /** What trains the network. */
  abstract TaskTraining training();

  /** Answers the sentences of a batch, from 0. */
  abstract void answer(int batch);

  /** The answers to all sentences, which {@link #answer} fills in. */
  abstract float[] answers();

  @Override
  public final double[] numbers() {
    if (trains) {
      return training().numbers();
    }
    run();
    return new double[] {Numbers.checkSum(answers()), Numbers.norm(answers())};
  }

  @Override
  public final void run() {
    if (trains) {
      training().run();
      return;
    }
    for (int batch = 0; batch < Sentences.batches(); batch++) {
      answer(batch);
    }
  }
}
