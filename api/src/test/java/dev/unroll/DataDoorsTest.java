package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.data.Measurements;
import dev.unroll.model.Classifier;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Data comes from lists, streams, iterators and own classes, and gives the same model. */
class DataDoorsTest {

  private static void assertRefused(ThrowableAssert.ThrowingCallable trainer, String message) {
    assertThatThrownBy(trainer).isInstanceOf(InputException.class).hasMessageContaining(message);
  }

  /** As empty fields of files are. */
  @Test
  void objectsWithNothingInThemAreRefusedByTheirNumber() {
    var two = List.of("a", "b");
    assertRefused(
        () -> Unroll.classifier().data(two, each -> each.equals("a") ? "x" : null, each -> each),
        "data:2: the text is null");
    assertRefused(
        () -> Unroll.classifier().data(two, each -> each, each -> each.equals("a") ? "x" : null),
        "data:2: the label is null");
    assertRefused(
        () -> Unroll.classifier().data(two, each -> each, each -> " "),
        "data:1: the label is empty");
    assertRefused(
        () -> Unroll.classifier().multiLabel(two, each -> each, each -> null),
        "data:1: the list of labels is null");
    assertRefused(
        () -> Unroll.regressor().data(two, each -> "", each -> 1), "data:1: the text is empty");
    assertRefused(
        () -> Unroll.transducer().pairs(two, each -> each, each -> null),
        "data:1: the target is null");
    assertRefused(
        () -> Unroll.tagger().data(two, List::of, each -> List.of("")), "data:1: the tag is empty");
    assertRefused(
        () -> Unroll.tagger().data(two, each -> null, List::of),
        "data:1: the list of words is null");
    assertRefused(
        () -> Unroll.languageModel().data(two, each -> each, each -> null),
        "data:1: the label is null");
    assertRefused(
        () -> Unroll.languageModel().lines(Arrays.asList("a", null)), "data:2: the line is null");
    assertRefused(
        () -> classifier().data(Arrays.asList("a", null), each -> each, each -> each),
        "data:2: the object is null");
    assertRefused(
        () -> Unroll.tagger().data(two, each -> List.of(), each -> List.of()),
        "data:1: the list of words is empty");
    assertRefused(
        () -> Unroll.forecaster().data(two, each -> null, each -> 1).train(),
        "data:1: the time is null");
  }

  /** No objects are no data, whatever the task. */
  @Test
  void noDataIsSaid() {
    var none = List.<Item>of();
    String nothing = "there is nothing to learn from";
    assertRefused(() -> classifier().data(none, Item::text, Item::label).train(), nothing);
    assertRefused(() -> classifier().csv().train(), nothing);
    assertRefused(
        () -> Unroll.languageModel().data(none, Item::text, Item::label).train(), nothing);
    assertRefused(() -> Unroll.regressor().data(none, Item::text, Item::value).train(), nothing);
    assertRefused(() -> Unroll.transducer().pairs(none, Item::text, Item::label).train(), nothing);
    assertRefused(
        () ->
            classifier()
                .data(ITEMS, Item::text, Item::label)
                .validation(none, Item::text, Item::label)
                .train(),
        "0 to validate on");
  }

  @Test
  void countsOfAForecasterAreChecked() {
    assertRefused(() -> Unroll.forecaster().context(-1), "context is -1");
    assertRefused(() -> Unroll.forecaster().season(0), "season is 0");
    assertRefused(() -> Unroll.forecaster().horizon(0), "horizon is 0");
    assertRefused(() -> Unroll.forecaster().segment(0), "segment is 0");
    Unroll.forecaster().context(0); // a number from the numbers of its row
  }

  @Test
  void nothingToValidateOnIsSaidWithItsReason() {
    var three = List.of("a", "b", "c");
    assertRefused(
        () -> Unroll.classifier().data(three, each -> each, each -> each).train(),
        "each of 3 texts has a label that no other has");
    for (int alone = 0; alone < 4; alone++) { // whichever of them would be chosen
      String other = "b" + alone;
      var four = Stream.of("b0", "b1", "b2", "b3");
      classifier().data(four, each -> each, each -> each.equals(other) ? "y" : "x").train();
    }
    assertRefused(
        () -> Unroll.tagger().data(List.of("a"), List::of, each -> List.of("X")).train(),
        "there is one sentence only, and none to validate on");
  }

  record Item(String text, String label, double value, float[][] steps) {
    List<List<Float>> lists() {
      return Arrays.stream(steps).map(step -> List.of(step[0], step[1])).toList();
    }
  }

  private static final List<Item> ITEMS =
      IntStream.range(0, 30)
          .mapToObj(
              i ->
                  i % 2 == 0
                      ? new Item("a b", "x", i % 3, new float[][] {{1, 0.1f}, {0, i}, {1, 1}})
                      : new Item("b a b", "y", i % 5, new float[][] {{0, 0.1f}, {1, i}, {0, 1}}))
          .toList();

  private static ClassifierTrainer classifier() {
    return Unroll.classifier().lstm(4).epochs(1);
  }

  private static void same(dev.unroll.result.Model first, dev.unroll.result.Model... others) {
    for (var other : others) {
      assertThat(other.parameters()).isEqualTo(first.parameters());
    }
  }

  @Test
  void streamsAndIteratorsAreLists() {
    var iterator = ITEMS.iterator();
    same(
        classifier().data(ITEMS, Item::text, Item::label).train(),
        classifier().data(ITEMS.stream(), Item::text, Item::label).train(),
        classifier().data(() -> iterator, Item::text, Item::label).train());
    var lines = ITEMS.stream().map(Item::text).toList();
    same(
        Unroll.languageModel().sentences().lines(lines).lstm(4).epochs(1).train(),
        Unroll.languageModel().sentences().lines(lines.stream()).lstm(4).epochs(1).train());
    var series = ITEMS.stream().mapToDouble(Item::value).toArray();
    same(
        forecaster().values(series).train(),
        forecaster().values(Arrays.stream(series).boxed().toList()).train(),
        forecaster().data(Measurements.ofRows(ITEMS).column("value", Item::value)).train());
  }

  private static ForecasterTrainer forecaster() {
    return Unroll.forecaster().context(4).horizon(2).lstm(4).epochs(1);
  }

  @Test
  void sequencesOfNumbersAreArraysListsOrText() {
    var recognizer = Unroll.recognizer().lstm(4).epochs(1);
    var model = recognizer.numbers(ITEMS, Item::steps, Item::label).train();
    same(
        model,
        Unroll.recognizer().numberLists(ITEMS, Item::lists, Item::label).lstm(4).epochs(1).train(),
        Unroll.recognizer()
            .numbers(ITEMS.stream(), Item::steps, Item::label)
            .lstm(4)
            .epochs(1)
            .train());
    assertThat(model.evaluateNumbers(ITEMS, Item::steps, Item::label).texts())
        .isEqualTo(ITEMS.size());
    assertThat(model.recognize(ITEMS.getFirst().steps()))
        .isEqualTo(model.recognize("1.0,0.1 0.0,0.0 1.0,1.0"));
    var regressor =
        Unroll.regressor().numbers(ITEMS, Item::steps, Item::value).lstm(4).epochs(1).train();
    same(
        regressor,
        Unroll.regressor().numberLists(ITEMS, Item::lists, Item::value).lstm(4).epochs(1).train(),
        Unroll.regressor()
            .numberLists(ITEMS.stream(), Item::lists, Item::value)
            .lstm(4)
            .epochs(1)
            .train());
    assertThat(regressor.evaluateNumbers(ITEMS, Item::steps, Item::value).score().count())
        .isEqualTo(ITEMS.size());
    assertThat(regressor.predict(ITEMS.getFirst().steps()))
        .isEqualTo(regressor.predict("1,0.1 0,0 1,1"));
  }

  @Test
  void lexiconsTokenizersAndVectorsCanBeGiven() {
    Classifier first = classifier().data(ITEMS, Item::text, Item::label).train();
    var others =
        List.of(new Item("c", "x", 0, new float[0][]), new Item("a", "y", 0, new float[0][]));
    var often = Collections.nCopies(10, others).stream().flatMap(List::stream).toList();
    Classifier second =
        classifier().lexicon(first.lexicon()).data(often, Item::text, Item::label).train();
    assertThat(second.lexicon().describe()).isEqualTo(first.lexicon().describe());
    assertThatThrownBy(
            () ->
                classifier()
                    .lexicon(first.lexicon())
                    .spelling(4)
                    .data(often, Item::text, Item::label)
                    .train())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the lexicon that is given has no characters");
    var vectors = Map.of("a", new float[] {1, 2, 3}, "b", new float[] {4, 5, 6});
    for (var trainer : List.of(classifier(), classifier().lexicon(first.lexicon()))) {
      Classifier embedded =
          trainer.vectors(vectors).freeze("embedding").data(ITEMS, Item::text, Item::label).train();
      int at = 3 * embedded.lexicon().id("b");
      assertThat(Arrays.copyOfRange(embedded.parameters(), at, at + 3)).containsExactly(4, 5, 6);
    }
    assertThatThrownBy(() -> classifier().vectors(Map.of("a", new float[1], "b", new float[2])))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("not of one width");
    var sounds =
        Unroll.transducer()
            .pairs(ITEMS.stream(), Item::text, Item::label)
            .lstm(4)
            .epochs(1)
            .train();
    var again =
        Unroll.transducer()
            .sourceTokenizer(sounds.source())
            .targetTokenizer(sounds.target())
            .pairs(often, Item::text, Item::label)
            .lstm(4)
            .epochs(1)
            .train();
    assertThat(again.source().describe()).isEqualTo(sounds.source().describe());
    assertThat(again.target().describe()).isEqualTo(sounds.target().describe());
  }

  /** Whatever can be left out has a method without it. */
  @Test
  void noTrainerTakesNullOrAnotherBoolean() {
    var trainers =
        List.of(
            Unroll.languageModel(),
            Unroll.classifier(),
            Unroll.tagger(),
            Unroll.transducer(),
            Unroll.recognizer(),
            Unroll.forecaster(),
            Unroll.regressor());
    for (Object trainer : trainers) {
      for (Method method : trainer.getClass().getMethods()) {
        assertThat(Arrays.stream(method.getAnnotatedParameterTypes()))
            .as(method.toString())
            .noneMatch(DataDoorsTest::isNullable);
        assertThat(
                method.getParameterCount() > 1
                    && List.of(method.getParameterTypes()).contains(boolean.class))
            .as(method.toString())
            .isFalse();
      }
    }
  }

  private static boolean isNullable(AnnotatedType type) {
    return type.isAnnotationPresent(Nullable.class);
  }
}
