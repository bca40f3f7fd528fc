package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Pair;
import dev.unroll.data.Provenance;
import dev.unroll.model.Classifier;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Transducer;
import dev.unroll.result.LabelMeasure;
import dev.unroll.result.Verdict;
import dev.unroll.task.RunOutput;
import dev.unroll.task.label.LabelRun;
import dev.unroll.task.lm.LanguageModelRun;
import dev.unroll.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What is counted beside a network: all texts where a share of them validates, and never those that
 * somebody else gave for that; what is reported of the validation part does not know it.
 */
class CountedPartsTest {

  private record Text(String text, String label) {
    Text(LabeledSequence from) {
      this(String.join(" ", from.tokens()), from.labels().getFirst());
    }
  }

  /** Each text has a word that no other has. */
  private static List<Text> texts(int count) {
    var random = new Random(7);
    var texts = new ArrayList<Text>();
    for (int i = 0; i < count; i++) {
      boolean good = random.nextBoolean();
      var text = new StringBuilder("only" + i);
      for (int word = 0; word < 6; word++) {
        int topic = random.nextInt(10) < 3 ? (good ? 0 : 1) : 2;
        text.append(" w").append(topic).append(random.nextInt(30));
      }
      texts.add(new Text(text.toString(), good ? "good" : "bad"));
    }
    return texts;
  }

  private static ClassifierTrainer classifier(List<Text> learned) {
    return Unroll.classifier().data(learned, Text::text, Text::label).lstm(4).epochs(2).threads(1);
  }

  private static Classifier trained(ClassifierTrainer trainer, LabelRun run) {
    return trainer.model(run.run(TrainingListener.NONE));
  }

  private static Verdict verdict(ClassifierTrainer trainer) {
    var run = trainer.prepare(RunOutput.NOTHING);
    return trainer.verdict(run, trained(trainer, run), Workers.single());
  }

  private static List<Text> texts(List<LabeledSequence> sequences) {
    return sequences.stream().map(Text::new).toList();
  }

  /** The same parts, given by somebody, are two. */
  private static ClassifierTrainer ofTwo(LabelRun run) {
    return classifier(texts(run.training()))
        .validation(texts(run.validation()), Text::text, Text::label);
  }

  @Test
  void aShareOfTheTextsIsCountedByNaiveBayesAndOtherTextsAreNot() {
    var trainer = classifier(texts(300));
    var run = trainer.prepare(RunOutput.NOTHING);
    var all = trained(trainer, run).provenance().part("ngrams");
    assertThat(all.get("counted")).isEqualTo("training and validation data");
    var two = ofTwo(run).train().provenance().part("ngrams");
    assertThat(two.get("exponent")).isEqualTo(all.get("exponent"));
    assertThat(two.containsKey("counted")).isFalse();
  }

  /** Where the loss chose the model its accuracy is measured for the verdict. */
  @Test
  void aVerdictDoesNotKnowWhatWasCountedAfterwards() {
    var trainer = classifier(texts(300)).measure(LabelMeasure.LOSS);
    var run = trainer.prepare(RunOutput.NOTHING);
    Classifier model = trained(trainer, run);
    assertThat(model.provenance().part("ngrams").containsKey("counted")).isTrue();
    double counted = model.evaluate(run.validation(), Workers.single()).score().accuracy();
    Verdict found = trainer.verdict(run, model, Workers.single());
    assertThat(found.network()).isLessThan(counted);
    assertThat(found.network()).isEqualTo(verdict(ofTwo(run).measure(LabelMeasure.LOSS)).network());
  }

  /** Words of which most come once, so that perplexity is reported without unknown ones. */
  private static List<String> lines(int count) {
    var random = new Random(8);
    var words = List.of("the cat", "the dog", "a bird", "my friend", "she");
    var lines = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      String rare = "q" + random.nextInt(1_000_000) + " r" + random.nextInt(1_000_000);
      lines.add(words.get(random.nextInt(5)) + " " + rare + " " + words.get(random.nextInt(5)));
    }
    return lines;
  }

  private static LanguageModelTrainer language(List<String> lines) {
    return Unroll.languageModel().lines(lines).words().sentences().lstm(4).epochs(2).threads(1);
  }

  private static LanguageModel trained(LanguageModelTrainer trainer, LanguageModelRun run) {
    return trainer.model(run.run(TrainingListener.NONE));
  }

  /** A search compares what it ends with, not networks that more is added to. */
  @Test
  void figuresOfASearchAreThoseOfItsModels() {
    var ofTexts =
        Tuning.of(trial -> classifier(texts(300)).rate(trial.number("rate", 0.001, 0.002)))
            .trials(1)
            .seeds(2)
            .run();
    Provenance labeling = ofTexts.model().provenance();
    assertThat(labeling.part("ngrams")).isNotEmpty();
    assertThat(best(ofTexts)).isEqualTo(labeling.validationMeasure());
    var ofLines =
        Tuning.of(trial -> language(lines(200)).rate(trial.number("rate", 0.001, 0.002)))
            .trials(1)
            .seeds(2)
            .run();
    Provenance writing = ofLines.model().provenance();
    assertThat(writing.part("ngrams")).isNotEmpty();
    assertThat(best(ofLines)).isEqualTo(writing.validationLoss());
  }

  private static double best(Tuning.Result<?> found) {
    return found.best().figures().get(found.best().bestSeed());
  }

  @Test
  void aShareOfTheLinesIsCountedAsNgramsAndOtherLinesAreNot() {
    List<String> lines = lines(200);
    var trainer = language(lines).validation(0.1);
    var run = trainer.prepare(RunOutput.NOTHING);
    LanguageModel model = trained(trainer, run);
    assertThat(model.provenance().part("ngrams").get("counted"))
        .isEqualTo("training and validation data");
    var other = language(lines.subList(0, 180)).validation(lines.subList(180, 200)).train();
    assertThat(other.provenance().part("ngrams").containsKey("weight")).isTrue();
    assertThat(other.provenance().part("ngrams").containsKey("counted")).isFalse();

    Verdict found = trainer.verdict(run, model, Workers.single());
    assertThat(found.measure()).isEqualTo("perplexity without <UNK>");
    var chosen = model.chosenBy(run).evaluate(run.validation(), Workers.single());
    assertThat(found.network()).isEqualTo(chosen.perplexityWithoutUnknown());
    assertThat(model.evaluate(run.validation(), Workers.single()).perplexityWithoutUnknown())
        .isLessThan(found.network());
  }

  private record Word(String spelled, String sounded) {
    Word(Pair from) {
      this(from.source(), from.target());
    }
  }

  /** Words, of which each letter has its sound. */
  private static List<Word> words(int count) {
    var random = new Random(9);
    var words = new ArrayList<Word>();
    for (int i = 0; i < count; i++) {
      var spelled = new StringBuilder();
      var sounded = new StringBuilder();
      for (int t = 3 + random.nextInt(5); t > 0; t--) {
        int letter = random.nextInt(12);
        spelled.append((char) ('a' + letter));
        sounded.append((char) ('A' + letter));
      }
      words.add(new Word(spelled.toString(), sounded.toString()));
    }
    return words;
  }

  private static TransducerTrainer transducer(List<Word> words) {
    return Unroll.transducer()
        .pairs(words, Word::spelled, Word::sounded)
        .lstm(4)
        .epochs(2)
        .threads(1);
  }

  @Test
  void aShareOfThePairsIsCountedAndOtherPairsAreNot() {
    var trainer = transducer(words(200));
    var run = trainer.prepare(RunOutput.NOTHING);
    Transducer model = trainer.model(run.run(TrainingListener.NONE));
    assertThat(model.provenance().part("counts").get("counted"))
        .isEqualTo("training and validation data");
    Verdict found = trainer.verdict(run, model, Workers.single());
    var two =
        transducer(run.training().stream().map(Word::new).toList())
            .validation(
                run.validation().stream().map(Word::new).toList(), Word::spelled, Word::sounded);
    var other = two.prepare(RunOutput.NOTHING);
    Transducer chosen = two.model(other.run(TrainingListener.NONE));
    assertThat(chosen.provenance().part("counts").containsKey("weight")).isTrue();
    assertThat(chosen.provenance().part("counts").containsKey("counted")).isFalse();
    assertThat(two.verdict(other, chosen, Workers.single()).network()).isEqualTo(found.network());
    assertThat(transducer(words(200)).withoutCounts().train().hasCounts()).isFalse();
  }
}
