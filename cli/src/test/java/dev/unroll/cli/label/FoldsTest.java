package dev.unroll.cli.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import dev.unroll.Unroll;
import dev.unroll.data.LabeledSequence;
import dev.unroll.task.RunOutput;
import dev.unroll.train.TrainingListener;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What tests a model is counted nowhere in it; all else is, also what chose the model. */
class FoldsTest {

  private record Text(String text, String label) {}

  /** Each text has a word that no other has. */
  private static List<Text> texts() {
    var random = new Random(3);
    var texts = new ArrayList<Text>();
    for (int i = 0; i < 240; i++) {
      boolean good = random.nextBoolean();
      var text = new StringBuilder("only" + i);
      for (int word = 0; word < 6; word++) {
        text.append(random.nextInt(3) == 0 && good ? " g" : " w").append(random.nextInt(20));
      }
      texts.add(new Text(text.toString(), good ? "good" : "bad"));
    }
    return texts;
  }

  private static Set<String> own(List<LabeledSequence> some) {
    var own = new HashSet<String>();
    some.forEach(text -> own.add(text.tokens().getFirst()));
    return own;
  }

  @Test
  void naiveNgramWeightsNoTextThatTestsIt() {
    var trainer =
        Unroll.classifier().data(texts(), Text::text, Text::label).lstm(4).epochs(2).threads(1);
    var folds = new Folds(trainer.data(), 3, 0.2);
    var labels = trainer.allLabels(folds.all());
    for (int fold = 0; fold < folds.count(); fold++) {
      var run = trainer.prepare(folds.rest(fold), labels, RunOutput.NOTHING);
      var counted = run.run(TrainingListener.NONE).fields().ngrams().toJson().get("texts");
      assertThat(counted).asInstanceOf(LIST).containsAll(own(run.training()));
      assertThat(counted).asInstanceOf(LIST).containsAll(own(run.validation()));
      assertThat(counted).asInstanceOf(LIST).doesNotContainAnyElementsOf(own(folds.tested(fold)));
    }
  }
}
