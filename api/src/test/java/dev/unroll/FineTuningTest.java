package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.base.PoolingKind;
import dev.unroll.base.Precision;
import dev.unroll.text.Passages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FineTuningTest {

  record Text(String body, String label) {}

  private static List<Text> texts(String a, String b, String labelOfB) {
    var texts = new ArrayList<Text>();
    for (int i = 0; i < 20; i++) {
      texts.add(new Text(a, "a"));
      texts.add(new Text(b, labelOfB));
    }
    return texts;
  }

  @Test
  void newWordsAndLabelsAreAddedAndOldOnesKeepTheirMeaning() {
    var first =
        Unroll.classifier()
            .data(texts("one two one", "three four three", "b"), Text::body, Text::label)
            .lstm(8)
            .rate(0.02)
            .epochs(15)
            .train();
    var second =
        Unroll.classifier()
            .from(first)
            .data(texts("one two one", "five six five", "c"), Text::body, Text::label)
            .rate(0.02)
            .epochs(15)
            .freeze("embedding")
            .train();
    assertThat(second.labels()).containsExactly("a", "b", "c");
    assertThat(second.classify("five six five").label()).isEqualTo("c");
    assertThat(second.lexicon().id("three")).isEqualTo(first.lexicon().id("three"));
    assertThat(second.lexicon().id("five")).isEqualTo(first.lexicon().size());
    assertThat(second.provenance().option("from")).isEqualTo(first.fingerprint());
    // The embedding was frozen, so that the old words have their old vectors.
    int rows = first.lexicon().size() * 100;
    for (int i = 0; i < rows; i++) {
      assertThat(second.parameters()[i]).isEqualTo(first.parameters()[i]);
    }
  }

  @Test
  void aLanguageModelLearnsNewCharacters() {
    var first = Unroll.languageModel().characters().sentences().lines(lines("ab")).lstm(8);
    var model = first.epochs(5).train();
    var tuned = Unroll.languageModel().from(model).lines(lines("cd")).epochs(20).rate(0.02).train();
    assertThat(tuned.tokenizer().size()).isEqualTo(model.tokenizer().size() + 2);
    assertThat(tuned.score("cdcd").perplexity()).isLessThan(3);
  }

  @Test
  void aModelIsTrainedFurtherFromTheSideFromWhichItReads() {
    var first = Unroll.languageModel().characters().lines(lines("ab")).lstm(4).epochs(1);
    var backward = first.backward().train();
    assertThat(backward.isBackward()).isTrue();
    var tuned = Unroll.languageModel().from(backward).lines(lines("cd")).epochs(1).train();
    assertThat(tuned.isBackward()).isTrue();
    var forward =
        Unroll.languageModel().characters().sentences().lines(lines("ab")).lstm(4).epochs(1);
    var model = forward.train();
    assertThatThrownBy(
            () -> Unroll.languageModel().backward().from(model).lines(lines("ab")).train())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("from left to right");
  }

  @Test
  void aModelWithRoundedWeightsIsNotTrainedFurther() {
    var model =
        Unroll.languageModel()
            .characters()
            .sentences()
            .lines(lines("ab"))
            .lstm(4)
            .epochs(1)
            .train();
    var rounded = model.withPrecision(Precision.INT8);
    assertThatThrownBy(() -> Unroll.languageModel().from(rounded))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("rounded to int8");
  }

  @Test
  void theUnitOfTextAndThePoolingStay() {
    var data = texts("one two one", "three four three", "b");
    var first = Unroll.classifier().data(data, Text::body, Text::label).words().lstm(4).epochs(1);
    var model = first.train();
    var words = "reads words, and characters were chosen";
    assertThatThrownBy(
            () ->
                Unroll.classifier()
                    .from(model)
                    .characters()
                    .data(data, Text::body, Text::label)
                    .train())
        .isInstanceOf(InputException.class)
        .hasMessageContaining(words);
    assertThatThrownBy(
            () ->
                Unroll.classifier()
                    .from(model)
                    .pooling(PoolingKind.MEAN)
                    .data(data, Text::body, Text::label)
                    .train())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("keeps its pooling");
    var small = Unroll.languageModel().characters().sentences().lines(lines("ab")).lstm(4);
    var letters = small.epochs(1).train();
    assertThatThrownBy(
            () -> Unroll.languageModel().from(letters).words().lines(lines("ab")).train())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("reads characters, and words were chosen");
  }

  @Test
  void dropoutMayBeChanged() {
    var pairs = List.of("ab", "ba", "aab", "abb", "bba", "bab", "aba", "baa");
    var first =
        Unroll.transducer().pairs(pairs, each -> each, each -> each).validation(0.3).lstm(4);
    var model = first.epochs(1).train();
    var second =
        Unroll.transducer()
            .from(model)
            .network(own -> own.withDropout(0.05))
            .pairs(pairs, each -> each, each -> each)
            .validation(0.3)
            .epochs(1)
            .train();
    assertThat(second.description().encoder().dropouts().input()).isEqualTo(0.05);
    assertThat(second.description().decoder().dropouts().input()).isEqualTo(0.05);
    assertThat(second.description().withDropouts(model.description().decoder().dropouts()))
        .isEqualTo(model.description());
  }

  @Test
  void anotherNetworkIsRefused() {
    var pairs = List.of("ab", "ba", "aab", "abb", "bba", "bab", "aba", "baa");
    var sounds =
        Unroll.transducer().pairs(pairs, each -> each, each -> each).lstm(4).epochs(1).train();
    assertRefused("keeps its network", Unroll.transducer().from(sounds).lstm(8));
    var other = Unroll.transducer().from(sounds).encoder(Direction.FORWARD, 4);
    assertRefused("keeps its encoder and attention", other);
    assertRefused(
        "keeps its encoder and attention", Unroll.transducer().from(sounds).withoutAttention());
    var labels =
        Unroll.classifier().data(texts("a", "b", "b"), Text::body, Text::label).lstm(4).epochs(1);
    var model = labels.train();
    assertRefused("keeps its network", Unroll.classifier().from(model).lstm(8)); // larger
    assertRefused("keeps its network", Unroll.classifier().from(model).gru(4));
    var again = Unroll.classifier().from(model).lstm(8).from(model);
    var tuned = again.data(texts("a", "b", "b"), Text::body, Text::label).epochs(1).train();
    assertThat(tuned.description()).isEqualTo(model.description());
  }

  private static void assertRefused(String why, TransducerTrainer trainer) {
    var data = List.of("ab", "ba", "aab", "abb");
    assertThatThrownBy(() -> trainer.pairs(data, each -> each, each -> each).epochs(1).train())
        .isInstanceOf(InputException.class)
        .hasMessageContaining(why);
  }

  private static void assertRefused(String why, ClassifierTrainer trainer) {
    var data = texts("a", "b", "b");
    assertThatThrownBy(() -> trainer.data(data, Text::body, Text::label).epochs(1).train())
        .isInstanceOf(InputException.class)
        .hasMessageContaining(why);
  }

  @Test
  void filesAreReadInThePassagesOfTheModel(@TempDir Path folder) throws IOException {
    String text = "The cat sat. The dog\nsat. A bird sang.\n\nThe cat ran. The dog ran.\n\n";
    Path book = Files.writeString(folder.resolve("book.txt"), text.repeat(8));
    var model =
        Unroll.languageModel().words().passages(Passages.SENTENCES, book).lstm(4).epochs(1).train();
    var tuned = Unroll.languageModel().from(model).lines(book).epochs(1).train();
    assertThat(tuned.provenance().text(Passages.KEPT)).isEqualTo("sentences");
    assertThat(tuned.provenance().training()).isEqualTo(model.provenance().training());
    var lines = Unroll.languageModel().from(model).sentences().lines(book).epochs(1).train();
    assertThat(lines.provenance().text(Passages.KEPT)).isEmpty();
    assertThat(lines.provenance().training()).isNotEqualTo(model.provenance().training());
  }

  private static List<String> lines(String unit) {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 30; i++) {
      lines.add(unit.repeat(1 + i % 3));
    }
    return lines;
  }
}
