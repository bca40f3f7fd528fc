package dev.unroll.task.regress;

import dev.unroll.batch.SourceReader;
import dev.unroll.data.Provenance;
import dev.unroll.result.RegressionScore;
import dev.unroll.result.Verdict;
import dev.unroll.result.Verdict.Scale;
import dev.unroll.task.Sampled;
import dev.unroll.task.regress.RegressorRun.Example;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;

/** Networks that say a number beside the mean and a linear model. */
public final class RegressVerdict {

  /** Steps of all texts that are learned from at most, so that time is bounded. */
  private static final long MOST = 500_000;

  private RegressVerdict() {}

  /** Compares what a run came to on its validation part, by the root of its mean squared error. */
  public static Verdict of(RegressorRun run, Provenance model) {
    SourceReader source = run.fields().source();
    List<Example> training = run.training();
    var linear =
        new LinearBaseline(
            Sampled.upTo(MOST, training, each -> source.steps(each.source())), source);
    double mean = training.stream().mapToDouble(Example::value).average().orElse(0);
    double[] right = run.validation().stream().mapToDouble(Example::value).toArray();
    double[] means = new double[right.length];
    Arrays.fill(means, mean);
    double[] found = run.validation().stream().mapToDouble(linear::predict).toArray();
    var baselines = new LinkedHashMap<String, Double>();
    baselines.put(
        source.tokens() == null ? "linear regression" : "linear regression on n-grams",
        RegressionScore.of(right, found).rmse());
    baselines.put("the mean", RegressionScore.of(right, means).rmse());
    double own = run.rmse(model.validationLoss());
    return new Verdict("RMSE", Scale.NUMBER, own, baselines, 0)
        .advised(run.advice(run.fields().network().description().network(), List.of()));
  }
}
