package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.Cancellation;
import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.model.Recognizer;
import dev.unroll.result.Decoding;
import dev.unroll.result.Sampling;
import dev.unroll.server.http.Metrics;
import dev.unroll.server.model.BatchKey;
import dev.unroll.server.model.Batcher;
import dev.unroll.server.model.Work;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Work for which nobody waits any more ends. */
class CancellationTest {

  /** Steps that are made before the work is canceled. */
  private static final int STEPS = 3;

  private static final Workers ONE = Workers.single();
  private static final Recognizer.Search SEARCH = Recognizer.Search.beam(3);

  /** What a model answers to an input of more steps. */
  private record Case(String name, Supplier<Object> work) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    String text = "good food bad room anna ".repeat(4);
    var words = new LabeledSequence(List.of(text.split(" ", -1)), List.of());
    var lm = TestModels.LM;
    return Stream.of(
        new Case("score", () -> lm.score(List.of(text), ONE)),
        new Case("next", () -> lm.next(text, 2)),
        new Case("next words", () -> lm.nextWords(text, 2)),
        new Case("beam", () -> lm.beam("an", Sampling.defaults().withLength(20).pastEnd(), 3, 1.0)),
        new Case("classify", () -> TestModels.CLASSIFIER.classify(List.of(text), ONE)),
        new Case("tag", () -> TestModels.TAGGER.tag(List.of(words), ONE)),
        new Case(
            "transduce",
            () -> TestModels.TRANSDUCER.transduce(List.of("a n n a"), Decoding.BEAM, ONE)),
        new Case(
            "recognize",
            () -> TestModels.RECOGNIZER.recognize(List.of("aaannnnnnaaa"), SEARCH, ONE)),
        new Case("regress", () -> TestModels.REGRESSOR.predict(List.of(text), ONE)),
        new Case(
            "forecast",
            () ->
                TestModels.FORECASTER.forecast(
                    DoubleStream.iterate(1, i -> i + 1).limit(20).boxed().toList())));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyModelStopsWithinAStepAndAnswersTheNextRequest(Case each) {
    Object before = each.work.get();
    var steps = new AtomicInteger();
    assertThatThrownBy(
            () -> Cancellation.until(() -> steps.incrementAndGet() > STEPS, each.work::get))
        .isInstanceOf(CancellationException.class);
    assertThat(steps).hasValue(STEPS + 1);
    assertThat(Cancellation.until(() -> false, each.work)).isEqualTo(before);
  }

  /** The only thread that computes is free again when the deadline is over. */
  @Test
  void aBatchEndsWithTheDeadlineOfItsLastRequest() {
    var limits = new Batcher.Limits(Duration.ZERO, 8, 100, 1);
    try (var batcher = new Batcher(limits, new Metrics())) {
      assertThatThrownBy(
              () ->
                  batcher.run(
                      new BatchKey("m", this, "way"),
                      List.of("long"),
                      forever(new CountDownLatch(1)),
                      System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50)))
          .isInstanceOf(CancellationException.class);
      long later = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      assertThat(batcher.runAlone("m", () -> 7, later)).isEqualTo(7);
    }
  }

  @Test
  void theEndOfTheServerIsTheEndOfItsWork() throws Exception {
    var batcher = new Batcher(new Batcher.Limits(Duration.ZERO, 8, 100, 1), new Metrics());
    var begun = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    Thread.startVirtualThread(
        () -> {
          try {
            long later = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
            batcher.run(new BatchKey("m", this, "way"), List.of("long"), forever(begun), later);
          } catch (CancellationException e) {
            ended.countDown();
          }
        });
    begun.await();
    batcher.close();
    assertThat(ended.await(1, TimeUnit.MINUTES)).isTrue();
  }

  private static Work<String, String> forever(CountDownLatch begun) {
    return inputs -> {
      begun.countDown();
      while (true) {
        Cancellation.check();
      }
    };
  }
}
