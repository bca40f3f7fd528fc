package dev.unroll.text.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Workers;
import dev.unroll.data.IdStream;
import dev.unroll.data.Reading;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.Network;
import dev.unroll.store.ModelFile;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.task.lm.LanguageModelRun;
import dev.unroll.text.Corpus;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The n-grams of a language model against {@link KneserNey}, which is compared with KenLM: the
 * mixture with the network, by hand.
 */
class NgramMixtureTest {

  private static final int ORDER = 5;

  private static List<String> lines(int count) {
    var random = new Random(5);
    var words = new String[] {"the", "cat", "dog", "sat", "ran", "on", "a", "mat", "slept", "."};
    var lines = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      var line = new StringBuilder();
      int word = random.nextInt(words.length);
      for (int t = random.nextInt(9); t > 0; t--) {
        line.append(words[word]).append(' ');
        word = random.nextInt(3) == 0 ? random.nextInt(10) : (word * 7 + 3) % 10;
      }
      lines.add(line.toString().strip());
    }
    return lines;
  }

  @ParameterizedTest
  @EnumSource
  void theMixtureIsThatOfTheNetworkAndKneserNey(Reading reading) {
    Corpus corpus =
        Corpus.of(
            lines(300), TokenOptions.of(Segmentation.Unit.WORDS).withMinCount(2).corpus(reading));
    var options = Training.defaults().withEpochs(1).withBatch(8, 20).withReading(reading);
    var run = LanguageModelRun.of(corpus, 0.2, Network.lstm(6), options).withNgrams(ORDER);
    ModelFile<LanguageModelFields> file = run.run(TrainingListener.NONE);
    double weight = (double) file.provenance().part("ngrams").get("weight");
    var model = new LanguageModel(file);
    IdStream held = run.validation();
    assertMixture(model.chosenBy(run), KneserNey.estimate(run.training(), ORDER), weight, held);
    assertMixture(model, KneserNey.estimate(corpus, ORDER), weight, held);
  }

  private static void assertMixture(
      LanguageModel both, NgramModel ngrams, double weight, IdStream held) {
    var mixed = scores(both, held);
    var ofNetwork = scores(both.withoutNgrams(), held);
    var ofNgrams = scores(ngrams, held);
    for (int t = 0; t < mixed.size(); t++) {
      double wanted =
          (1 - weight) * Math.exp(ofNetwork.get(t)) + weight * Math.exp(ofNgrams.get(t));
      assertThat(mixed.get(t)).as("token %d", t).isCloseTo(Math.log(wanted), within(3e-6));
    }
  }

  private static List<Double> scores(dev.unroll.model.TokenModel model, IdStream text) {
    var scores = new ArrayList<Double>();
    model.read(text, Workers.single(), (id, score) -> scores.add(score));
    return scores;
  }
}
