package dev.unroll.bench.unroll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Workers;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Form;
import dev.unroll.bench.contender.Sentences;
import dev.unroll.bench.contender.Task;
import dev.unroll.bench.contender.TaskCase;
import dev.unroll.bench.contender.Work;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TaskCaseTest {

  @Test
  void noLengthIsInTwoBatches() {
    assertThat(Sentences.length(0)).isEqualTo(1);
    assertThat(Sentences.length(Sentences.count() - 1)).isEqualTo(Sentences.LONGEST);
    for (int batch = 1; batch < Sentences.batches(); batch++) {
      int first = batch * Sentences.BATCH;
      assertThat(Sentences.length(first)).isGreaterThan(Sentences.length(first - 1));
    }
  }

  @Test
  void sentencesLieOneAfterAnother() {
    int words = 0;
    for (int sentence = 0; sentence < Sentences.count(); sentence++) {
      assertThat(Sentences.first(sentence)).isEqualTo(words);
      words += Sentences.length(sentence);
    }
    assertThat(Sentences.allWords()).isEqualTo(words);
    assertThat(Sentences.words(77, 50)).hasSize(Sentences.length(77));
  }

  /** No parameter is without a gradient; that they are right is tested where they are computed. */
  @ParameterizedTest
  @EnumSource
  void aStepOfTrainingLowersTheLoss(Task task) {
    var work = new TaskCase(Work.TRAIN, task, 4, Form.PACKED);
    try (var workers = new Workers(1)) {
      Contender.Prepared prepared = prepared(work, workers);
      double[] numbers = prepared.numbers();
      assertThat(numbers[1]).isLessThan(numbers[0]);
      assertThat(DoubleStream.of(numbers).min().orElse(0)).isGreaterThan(0);
      prepared.run();
      assertThat(prepared.numbers()[0]).isLessThan(numbers[1]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void answersDoNotDependOnThreads(Task task) {
    var work = new TaskCase(Work.FORWARD, task, 4, Form.PACKED);
    try (var one = new Workers(1);
        var two = new Workers(2)) {
      double[] numbers = prepared(work, one).numbers();
      assertThat(prepared(work, two).numbers()).isEqualTo(numbers);
      assertThat(numbers[1]).isGreaterThan(0);
    }
  }

  private static Contender.Prepared prepared(TaskCase work, Workers workers) {
    return work.task() == Task.TRANSDUCE
        ? new TransduceTaskCase(work, workers)
        : new LabelTaskCase(work, workers);
  }
}
