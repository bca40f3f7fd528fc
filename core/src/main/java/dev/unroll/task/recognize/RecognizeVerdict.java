package dev.unroll.task.recognize;

import dev.unroll.data.Pair;
import dev.unroll.data.Provenance;
import dev.unroll.data.Tokenizer;
import dev.unroll.measure.EditDistance;
import dev.unroll.result.Verdict;
import dev.unroll.result.Verdict.Scale;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Networks that label without alignment beside the answer that is right most often. */
public final class RecognizeVerdict {

  private RecognizeVerdict() {}

  /** Compares what a run came to on its validation part, by its label error rate. */
  public static Verdict of(RecognizerRun run, Provenance model) {
    Tokenizer target = run.fields().target();
    List<Integer> usual = ids(target, mostFrequent(run.training()));
    long edits = 0;
    long labels = 0;
    for (Pair pair : run.validation()) {
      List<Integer> wanted = ids(target, pair.target());
      edits += EditDistance.of(usual, wanted);
      labels += wanted.size();
    }
    double constant = (double) edits / Math.max(1, labels);
    return new Verdict(
            "label error rate",
            Scale.ERRORS,
            1 - model.validationMeasure(),
            Map.of("the most frequent target", Math.min(1, constant)), // as good as to say nothing
            0)
        .advised(run.advice(run.fields().network().description().network(), List.of()));
  }

  /** Returns the target that most pairs have, the first of several in the order of the alphabet. */
  public static String mostFrequent(List<Pair> pairs) {
    var counts = new TreeMap<String, Integer>();
    pairs.forEach(pair -> counts.merge(pair.target(), 1, Integer::sum));
    String best = "";
    int most = 0;
    for (Map.Entry<String, Integer> each : counts.entrySet()) {
      if (each.getValue() > most) {
        best = each.getKey();
        most = each.getValue();
      }
    }
    return best;
  }

  private static List<Integer> ids(Tokenizer target, String text) {
    return Arrays.stream(target.encode(text)).boxed().toList();
  }
}
