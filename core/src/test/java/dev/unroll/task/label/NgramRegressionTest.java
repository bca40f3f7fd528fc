package dev.unroll.task.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.data.LabeledSequence;
import dev.unroll.kernel.CounterRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The regression against its definition, with maps in place of numbers. */
class NgramRegressionTest {

  private static final List<String> LABELS = List.of("A", "B", "C");
  private static final int ORDER = 2;
  private static final List<LabeledSequence> TEXTS = texts(60);
  private static final NgramWeights BAYES = NgramWeights.counted(TEXTS, ORDER, LABELS);

  private static List<LabeledSequence> texts(int count) {
    var random = CounterRandom.of(7, CounterRandom.Purpose.SAMPLING, 5);
    var texts = new ArrayList<LabeledSequence>();
    for (int i = 0; i < count; i++) {
      int label = (int) random.below(2 * i, 3);
      var tokens = new ArrayList<String>();
      for (int t = 0; t < 1 + i % 6; t++) {
        long any = random.below(10_000 + 10 * i + t, 100);
        tokens.add("w" + (any < 40 ? label : any % 9));
      }
      texts.add(new LabeledSequence(tokens, List.of(LABELS.get(label))));
    }
    return texts;
  }

  /** log P(n-gram | label) with add-one smoothing, and log P(label) of the n-gram "bias". */
  private static Map<String, double[]> bayes() {
    var counts = new HashMap<String, double[]>();
    double[] totals = new double[LABELS.size()];
    double[] texts = new double[LABELS.size()];
    for (LabeledSequence text : TEXTS) {
      int label = LABELS.indexOf(text.labels().getFirst());
      texts[label]++;
      for (String ngram : ngrams(text.tokens())) {
        counts.computeIfAbsent(ngram, any -> new double[LABELS.size()])[label]++;
        totals[label]++;
      }
    }
    var logs = new HashMap<String, double[]>();
    counts.forEach(
        (ngram, own) -> {
          double[] row = new double[LABELS.size()];
          for (int label = 0; label < row.length; label++) {
            row[label] = Math.log((own[label] + 1) / (totals[label] + counts.size()));
          }
          logs.put(ngram, centered(row));
        });
    double[] priors = new double[LABELS.size()];
    for (int label = 0; label < priors.length; label++) {
      priors[label] = Math.log(texts[label]);
    }
    logs.put("bias", centered(priors));
    return logs;
  }

  private static double[] centered(double[] row) {
    double mean = (row[0] + row[1] + row[2]) / 3;
    return new double[] {row[0] - mean, row[1] - mean, row[2] - mean};
  }

  private static List<String> ngrams(List<String> tokens) {
    var padded = new ArrayList<>(tokens);
    padded.addFirst("");
    padded.add("");
    var found = new ArrayList<String>();
    for (int n = 1; n <= ORDER; n++) {
      for (int i = 0; i + n <= padded.size(); i++) {
        found.add(String.join("\u001f", padded.subList(i, i + n)));
      }
    }
    return found;
  }

  /** The definition: the loss of each text, and the squared distance from 0.3 · naive Bayes. */
  private static double loss(Map<String, double[]> weights) {
    double loss = 0;
    for (LabeledSequence text : TEXTS) {
      double[] scores = weights.get("bias").clone();
      for (String ngram : ngrams(text.tokens())) {
        for (int label = 0; label < scores.length; label++) {
          scores[label] += weights.get(ngram)[label];
        }
      }
      double sum = Math.exp(scores[0]) + Math.exp(scores[1]) + Math.exp(scores[2]);
      loss += Math.log(sum) - scores[LABELS.indexOf(text.labels().getFirst())];
    }
    for (var each : bayes().entrySet()) {
      for (int label = 0; label < LABELS.size(); label++) {
        double from = weights.get(each.getKey())[label] - 0.3 * each.getValue()[label];
        loss += 3 * from * from / 2;
      }
    }
    return loss;
  }

  private static Map<String, double[]> map(double[] weights) {
    var map = new HashMap<String, double[]>();
    List<String> texts = BAYES.ngrams().texts();
    for (int number = 0; number <= texts.size(); number++) {
      double[] row = {weights[3 * number], weights[3 * number + 1], weights[3 * number + 2]};
      map.put(number == texts.size() ? "bias" : texts.get(number), row);
    }
    return map;
  }

  private static double[] anywhere(int size) {
    var random = CounterRandom.of(8, CounterRandom.Purpose.SAMPLING, 5);
    double[] at = new double[size];
    for (int i = 0; i < size; i++) {
      at[i] = random.below(i, 2001) / 1000.0 - 1;
    }
    return at;
  }

  @Test
  void theLossIsTheDefinition() {
    var regression = new NgramRegression(TEXTS, BAYES, LABELS);
    double[] at = anywhere(3 * (BAYES.ngrams().size() + 1));
    double found = regression.loss(at, new double[at.length]);
    assertThat(found).isCloseTo(loss(map(at)), within(1e-9));
  }

  @Test
  void theGradientIsThatOfTheLoss() {
    var regression = new NgramRegression(TEXTS, BAYES, LABELS);
    double[] at = anywhere(3 * (BAYES.ngrams().size() + 1));
    double[] gradient = new double[at.length];
    regression.loss(at, gradient);
    double[] unused = new double[at.length];
    for (int i = 0; i < at.length; i++) {
      double own = at[i];
      at[i] = own + 1e-5;
      double above = regression.loss(at, unused);
      at[i] = own - 1e-5;
      double below = regression.loss(at, unused);
      at[i] = own;
      double expected = (above - below) / 2e-5;
      assertThat(gradient[i]).isCloseTo(expected, within(1e-7 * Math.max(1, Math.abs(expected))));
    }
  }

  /** As far as gradient descent gets in ten thousand steps. */
  @Test
  void theWeightsMinimizeIt() {
    var regression = new NgramRegression(TEXTS, BAYES, LABELS);
    double[] at = new double[3 * (BAYES.ngrams().size() + 1)];
    double[] gradient = new double[at.length];
    for (int step = 0; step < 10_000; step++) {
      regression.loss(at, gradient);
      for (int i = 0; i < at.length; i++) {
        at[i] -= 0.01 * gradient[i];
      }
    }
    double[] found = regression.minimum();
    for (int i = 0; i < at.length; i++) {
      assertThat(found[i]).isCloseTo(at[i], within(1e-4));
    }
    NgramWeights learned = NgramRegression.of(TEXTS, ORDER, LABELS);
    for (LabeledSequence text : TEXTS.subList(0, 10)) {
      double[] rows = learned.scores(text.tokens());
      Map<String, double[]> weights = map(found);
      for (int label = 0; label < rows.length; label++) {
        double sum = weights.get("bias")[label];
        for (String ngram : ngrams(text.tokens())) {
          sum += weights.get(ngram)[label];
        }
        assertThat(rows[label]).isCloseTo(sum, within(1e-12));
      }
    }
  }
}
