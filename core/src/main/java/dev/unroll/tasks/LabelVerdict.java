package dev.unroll.tasks;

import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Provenance;
import dev.unroll.model.Classifier;
import dev.unroll.model.LabelModel;
import dev.unroll.model.Tagger;
import dev.unroll.result.LabelMeasure;
import dev.unroll.result.LabelScore;
import dev.unroll.result.Span;
import dev.unroll.result.SpanScore;
import dev.unroll.result.Verdict;
import dev.unroll.result.Verdict.Scale;
import dev.unroll.task.label.LabelMeasures;
import dev.unroll.task.label.LabelRun;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.LabelTask;
import dev.unroll.task.label.NaiveBayes;
import dev.unroll.train.Validation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Networks that label beside what counting reaches: the most frequent label and naive Bayes, or the
 * most frequent tag of each word.
 */
public final class LabelVerdict {

  /** Labels of which each has a naive Bayes of its own at most, where a text may have several. */
  private static final int MOST_LABELS = 30;

  private final LabelRun run;
  private final LabelMeasure measure;
  private final List<LabeledSequence> training;
  private final List<LabeledSequence> validation;

  private LabelVerdict(LabelRun run) {
    this(run, run.training(), run.validation());
  }

  /** Compares on other data; the simple models learn from all data of the run. */
  LabelVerdict(LabelRun run, List<LabeledSequence> tested) {
    this(run, Stream.concat(run.training().stream(), run.validation().stream()).toList(), tested);
  }

  private LabelVerdict(
      LabelRun run, List<LabeledSequence> training, List<LabeledSequence> validation) {
    this.run = run;
    this.training = training;
    this.validation = validation;
    measure = run.measure() == LabelMeasure.LOSS ? usual(run.task()) : run.measure();
  }

  /** Where the loss chose the model, people ask for what usually does. */
  private static LabelMeasure usual(LabelTask task) {
    if (task.multiLabel()) {
      return LabelMeasure.MICRO_F1;
    }
    return task.perStep() && Span.areDescribedBy(task.labels().names())
        ? LabelMeasure.SPAN_F1
        : LabelMeasure.ACCURACY;
  }

  /** Compares what a run came to on its validation part. */
  public static Verdict of(LabelRun run, LabelModel model, Workers workers) {
    var own = new LabelVerdict(run);
    return own.verdict(own.network(model, workers))
        .advised(run.advice(run.task().network().network(), own.advice()));
  }

  private Verdict verdict(double network) {
    return new Verdict(title(), Scale.SHARE, network, baselines(), items());
  }

  /** Returns what the measure is called. */
  String title() {
    return new Validation.Measure(measure.label(), 0).title();
  }

  /** Returns what simple models reach, by name. */
  Map<String, Double> baselines() {
    return run.task().perStep() ? ofTags() : ofTexts();
  }

  /** Returns on how many items a share was measured; 0 where that does not matter. */
  long items() {
    if (measure != LabelMeasure.ACCURACY) {
      return 0;
    }
    return run.task().perStep() ? LabeledSequence.tokens(validation) : validation.size();
  }

  /**
   * What chose the model is known already, but for thresholds, which were chosen afterwards. A
   * model that has counted the validation part cannot be measured there.
   */
  private double network(LabelModel model, Workers workers) {
    Provenance made = model.provenance();
    if (run.measure() == measure && !run.task().multiLabel()) {
      return made.validationMeasure();
    }
    double accuracy = run.validationAccuracy(made);
    if (measure == LabelMeasure.ACCURACY && !Double.isNaN(accuracy)) {
      return accuracy;
    }
    return switch (model) {
      case Classifier classifier -> figure(classifier.evaluate(validation, workers).score());
      case Tagger tagger -> figure(tagger.evaluate(validation, workers));
    };
  }

  private double figure(Tagger.Report report) {
    SpanScore spans = report.spans();
    return measure == LabelMeasure.SPAN_F1 && spans != null ? spans.f1() : figure(report.score());
  }

  private double figure(LabelScore score) {
    return switch (measure) {
      case MACRO_F1 -> score.macroF1();
      case MICRO_F1 -> score.microF1();
      default -> score.accuracy();
    };
  }

  private Map<String, Double> ofTags() {
    var counting = new FrequentTag(training);
    return Map.of("the most frequent tag of each word", figure(counting.evaluate(validation)));
  }

  private Map<String, Double> ofTexts() {
    int order = NaiveBayes.usualOrder(run.task().lexicon());
    List<LabeledSequence> sample = NaiveBayes.sample(training, order);
    String name =
        sample.size() < training.size()
            ? String.format(Locale.ROOT, "naive Bayes of %,d texts", sample.size())
            : "naive Bayes";
    var baselines = new LinkedHashMap<String, Double>();
    boolean several = run.task().multiLabel();
    if (!several) {
      baselines.put(name, figure(new NaiveBayes(sample, order).evaluate(validation)));
    } else if (run.task().labels().names().size() <= MOST_LABELS) {
      List<String> labels = run.task().labels().names();
      baselines.put(name, figure(score(NaiveBayes.ofEach(sample, order, labels, validation))));
    }
    List<String> most = mostFrequent();
    baselines.put(
        several ? "the most frequent labels" : "the most frequent label",
        figure(score(Collections.nCopies(validation.size(), most))));
    return baselines;
  }

  private List<String> mostFrequent() {
    Map<List<String>, Integer> counts = new HashMap<>();
    boolean whole = measure == LabelMeasure.ACCURACY;
    for (LabeledSequence each : training) {
      if (whole) {
        counts.merge(List.copyOf(new TreeSet<>(each.labels())), 1, Integer::sum);
      } else {
        each.labels().forEach(label -> counts.merge(List.of(label), 1, Integer::sum));
      }
    }
    var sorted = new TreeMap<String, List<String>>();
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    counts.forEach(
        (labels, count) -> {
          if (count == most) {
            sorted.put(String.join("\t", labels), labels);
          }
        });
    return sorted.isEmpty() ? List.of() : sorted.firstEntry().getValue();
  }

  private LabelScore score(List<List<String>> found) {
    return LabelMeasures.score(
        found, validation.stream().map(LabeledSequence::labels).toList(), false);
  }

  private List<String> advice() {
    LabelTask task = run.task();
    var advice = new ArrayList<String>();
    boolean spelled = task.network().spelling() != null;
    boolean words = task.lexicon().hasWords();
    if (task.perStep()) {
      if (!spelled) {
        advice.add("{spelling 50}: adds character features of words");
      }
      if (task.network().output() instanceof LabelSpec.PerStep steps
          && !steps.crf()
          && measure == LabelMeasure.SPAN_F1) {
        advice.add("{crf}: predicts the tags of a sentence jointly");
      }
    } else if (words && run.overview().isMostlyUnknown()) {
      advice.add("{unit characters}: most words are too rare to be known");
    } else if (words && !spelled) {
      advice.add("{spelling 50}: adds character features of words");
    }
    if (task.vectors().rows().isEmpty() && (task.perStep() || words)) {
      advice.add("{vectors}: starts from word vectors learned from large text");
    }
    return advice;
  }
}
