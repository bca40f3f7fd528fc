package dev.unroll.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.base.PoolingKind;
import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Lexicon;
import dev.unroll.data.NumberLexicon;
import dev.unroll.data.Provenance;
import dev.unroll.network.Network;
import dev.unroll.store.ModelFile;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.label.LabelNetwork;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.Labels;
import dev.unroll.train.Training;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelModelTest {

  private static final NumberLexicon TOKENS = new NumberLexicon(9);
  private static final String TEXT = "2 3 4 5 6 7 8 2 3 4 5 6 7 8";

  private static Classifier classifier(int units) {
    var data = List.of(new LabeledSequence(List.of("2"), List.of("A", "B")));
    var labels = Labels.of(data, List.of(), Map.of());
    var output = new LabelSpec.PerSequence(2, PoolingKind.MAX, false);
    var network =
        new LabelNetwork(new LabelSpec(Network.gru(units), null, output), TOKENS.size(), 0);
    var fields = new LabelFields(network, TOKENS, labels);
    return new Classifier(new ModelFile<>(fields, network.initialize(1), Provenance.NONE));
  }

  @Test
  void theBuffersOfATextAreUsedForTheNext() {
    var classifier = classifier(16);
    for (int i = 0; i < 5; i++) {
      classifier.classify(TEXT);
    }
    assertThat(classifier.inference.buffers.size()).isEqualTo(1);
  }

  @Test
  void threadsThatShareAModelGetTheAnswersOfOne() {
    var classifier = classifier(24);
    var expected = classifier.classify(TEXT).probabilities();
    var found =
        IntStream.range(0, 400)
            .parallel()
            .mapToObj(i -> classifier.classify(TEXT).probabilities())
            .toList();
    assertThat(found).allSatisfy(each -> assertThat(each).isEqualTo(expected));
    var many = Collections.nCopies(800, List.of(TEXT, "2 3", "4")).stream().flatMap(List::stream);
    for (var texts : List.of(List.of(TEXT, "2 3", "4"), many.toList())) {
      try (var workers = new Workers(2)) {
        var answers = classifier.classify(texts, workers);
        for (int i = 0; i < texts.size(); i += 3) {
          assertThat(answers.get(i).probabilities()).isEqualTo(expected);
        }
      }
    }
  }

  /** Tags would be compared with those of other words, and learned from them. */
  @Test
  void wordsWithoutATagAreRefused() {
    var whole = new LabeledSequence(List.of("2", "3"), List.of("A", "B"));
    var data = new ArrayList<>(Collections.nCopies(9, whole));
    Network layers = Network.gru(3);
    Training options = Training.defaults().withEpochs(1);
    Tagger tagger = Tagger.train(data, TOKENS, layers, options);
    assertThat(tagger.evaluate(data).sentences()).isEqualTo(9);
    for (var labels : List.of(List.of("A"), List.of("A", "B", "A"))) {
      data.set(3, new LabeledSequence(List.of("2", "3"), labels));
      assertThatThrownBy(() -> tagger.evaluate(data))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("sequence 4 has 2 tokens, but " + labels.size() + " label");
      assertThatThrownBy(() -> Tagger.train(data, TOKENS, layers, options))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("has 2 tokens, but " + labels.size() + " label");
    }
  }

  /** Words that are known by now, new ones and threads: the bits are those of a fresh model. */
  @Test
  void whatAModelHasReadBeforeChangesNoAnswer() {
    var classifier = classifier(24);
    var texts =
        IntStream.range(0, 200).mapToObj(i -> 2 + i % 7 + " " + (2 + i / 7 % 7) + " 5").toList();
    var expected =
        texts.stream().map(text -> classifier(24).classify(text).probabilities()).toList();
    var found =
        IntStream.range(0, 2000)
            .parallel()
            .mapToObj(i -> classifier.classify(texts.get(i % 200)).probabilities())
            .toList();
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).isEqualTo(expected.get(i % 200));
    }
  }

  /** A lexicon that counts the tokens it is asked for. */
  private static final class Counting {
    private int tokens;

    private Lexicon lexicon() {
      return (Lexicon)
          Proxy.newProxyInstance(
              Lexicon.class.getClassLoader(),
              new Class<?>[] {Lexicon.class},
              (proxy, method, arguments) -> {
                tokens += method.getName().equals("id") ? 1 : 0;
                return method.invoke(TOKENS, arguments);
              });
    }
  }

  @Test
  void tagsAndTheirProbabilitiesComeFromOnePass() {
    var counting = new Counting();
    for (boolean crf : new boolean[] {false, true}) {
      var data = List.of(new LabeledSequence(List.of("2", "3"), List.of("A", "B")));
      var labels = Labels.of(data, List.of(), Map.of());
      var spec = new LabelSpec(Network.gru(8), null, new LabelSpec.PerStep(2, crf));
      var network = new LabelNetwork(spec, TOKENS.size(), 0);
      var fields = new LabelFields(network, counting.lexicon(), labels);
      var tagger = new Tagger(new ModelFile<>(fields, network.initialize(1), Provenance.NONE));
      var sentence = new LabeledSequence(List.of(TEXT.split(" ")), List.of());
      List<String> tags = tagger.tag(List.of(sentence), Workers.single()).getFirst().tags();
      float[][] all = tagger.inference.probabilities(List.of(sentence), Workers.single()).get(0);
      counting.tokens = 0;
      var found = tagger.tagWithProbabilities(List.of(sentence), Workers.single()).getFirst();
      assertThat(counting.tokens).isEqualTo(14);
      assertThat(found.tags()).isEqualTo(tags);
      for (int t = 0; t < 14; t++) {
        double expected = all[t][labels.names().indexOf(tags.get(t))];
        assertThat(found.probabilities().get(t)).isEqualTo(expected);
      }
    }
  }
}
