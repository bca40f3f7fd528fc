package dev.unroll.model;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.data.IdStream;
import dev.unroll.data.Reading;
import dev.unroll.data.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A mixture of the probabilities of models with one tokenizer: {@code P(w) = Σ λᵢ Pᵢ(w)} (Jelinek
 * and Mercer 1980).
 *
 * @param members the models
 * @param weights λ of each, which sum up to 1
 */
public record Mixture(List<TokenModel> members, List<Double> weights) implements TokenModel {

  /** Rounds of expectation and maximization, at most. */
  private static final int MOST_ROUNDS = 1000;

  /** The gain in nats per token below which weights are tuned no further. */
  private static final double LEAST_GAIN = 1e-9;

  /** Checks that the models fit together. */
  public Mixture {
    Objects.requireNonNull(members, "members");
    Objects.requireNonNull(weights, "weights");
    members = List.copyOf(members);
    weights = List.copyOf(weights);
    double sum = weights.stream().mapToDouble(weight -> weight).sum();
    boolean negative = weights.stream().anyMatch(weight -> !(weight >= 0));
    if (members.size() != weights.size() || negative || !(Math.abs(sum - 1) < 1e-6)) {
      throw new InputException(
          String.format(
              Locale.ROOT, "a mixture of %d models with the weights %s", members.size(), weights),
          "Give each model a weight of 0 or more; they must sum up to 1.");
    }
    for (TokenModel member : members) {
      members.getFirst().tokenizer().checkSame(member.tokenizer());
    }
  }

  /** Returns the mixture with equal weights. */
  public static Mixture equal(List<TokenModel> members) {
    return new Mixture(members, Collections.nCopies(members.size(), 1.0 / members.size()));
  }

  /**
   * The result of tuning.
   *
   * @param mixture the mixture whose weights give the held-out text the highest probability
   * @param perplexities perplexity per token of each member on that text
   * @param perplexity that of the mixture
   */
  public record Tuning(Mixture mixture, List<Double> perplexities, double perplexity) {}

  /**
   * Finds the weights that give a text the highest probability, by expectation and maximization
   * (Dempster et al. 1977) from equal weights. Each member reads the text once.
   */
  public static Tuning tune(List<TokenModel> members, IdStream heldOut, Workers workers) {
    double[][] logs = new double[members.size()][];
    double[][] probabilities = new double[members.size()][];
    for (int i = 0; i < probabilities.length; i++) {
      members.get(i).tokenizer().checkSame(heldOut.tokenizer());
      logs[i] = collect(members.get(i), heldOut, workers);
      probabilities[i] = Arrays.stream(logs[i]).map(StrictMath::exp).toArray();
    }
    double[] weights = weights(probabilities).values;
    var mixture = new Mixture(members, Arrays.stream(weights).boxed().toList());
    double[] mixed = new double[logs[0].length];
    for (int t = 0; t < mixed.length; t++) {
      mixed[t] = mixture.mix(logs, t);
    }
    return new Tuning(
        mixture, Arrays.stream(logs).map(Mixture::perplexity).toList(), perplexity(mixed));
  }

  private static double perplexity(double[] logs) {
    double sum = 0;
    for (double log : logs) {
      sum += log;
    }
    return StrictMath.exp(-sum / logs.length);
  }

  /** Weights of mixed probabilities, and the mean logarithm that they give. */
  record Weights(double[] values, double score) {}

  /** Returns the weights that give tokens, each with a probability by each member, the highest. */
  static Weights weights(double[][] probabilities) {
    double[] weights = new double[probabilities.length];
    Arrays.fill(weights, 1.0 / weights.length);
    double before = Double.NEGATIVE_INFINITY;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      double mean = improve(weights, probabilities);
      if (mean - before < LEAST_GAIN) {
        break;
      }
      before = mean;
    }
    return new Weights(weights, before);
  }

  /** One round: each weight becomes its member's mean share per token. Returns the mean score. */
  private static double improve(double[] weights, double[][] probabilities) {
    int tokens = probabilities[0].length;
    double[] shares = new double[weights.length];
    double score = 0;
    int counted = 0;
    for (int t = 0; t < tokens; t++) {
      double sum = 0;
      for (int i = 0; i < weights.length; i++) {
        sum += weights[i] * probabilities[i][t];
      }
      if (sum == 0) {
        continue; // no weights change that no member has this token
      }
      counted++;
      score += StrictMath.log(sum);
      for (int i = 0; i < weights.length; i++) {
        shares[i] += weights[i] * probabilities[i][t] / sum;
      }
    }
    if (counted == 0) {
      return 0; // nor do they change where no member has any
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] = shares[i] / counted;
    }
    return score / counted;
  }

  private static double[] collect(TokenModel model, IdStream text, Workers workers) {
    double[] logs = new double[Math.toIntExact(text.size())];
    int[] next = {0};
    model.read(text, workers, (id, logProbability) -> logs[next[0]++] = logProbability);
    return logs;
  }

  @Override
  public Tokenizer tokenizer() {
    return members.getFirst().tokenizer();
  }

  /** Each member reads as it was trained to; a text is a stream if it is one for any of them. */
  @Override
  public Reading reading() {
    boolean stream = members.stream().anyMatch(member -> member.reading() == Reading.STREAM);
    return stream ? Reading.STREAM : Reading.SENTENCES;
  }

  @Override
  public void read(IdStream text, Workers workers, TokenSink sink) {
    double[][] logs = new double[members.size()][];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = collect(members.get(i), text, workers);
    }
    for (int t = 0; t < logs[0].length; t++) {
      sink.token(text.id(t), mix(logs, t));
    }
  }

  @Override
  public List<double[]> logProbabilities(List<int[]> sentences, Workers workers) {
    var ofMembers =
        members.stream().map(member -> member.logProbabilities(sentences, workers)).toList();
    var mixed = new ArrayList<double[]>();
    for (int s = 0; s < sentences.size(); s++) {
      double[][] logs = new double[members.size()][];
      for (int i = 0; i < logs.length; i++) {
        logs[i] = ofMembers.get(i).get(s);
      }
      double[] scores = new double[sentences.get(s).length];
      for (int t = 0; t < scores.length; t++) {
        scores[t] = mix(logs, t);
      }
      mixed.add(scores);
    }
    return mixed;
  }

  /** log Σ λᵢ exp(logᵢ), from the greatest, so that nothing underflows. */
  private double mix(double[][] logs, int t) {
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < logs.length; i++) {
      most = weights.get(i) > 0 ? Math.max(most, logs[i][t]) : most;
    }
    if (most == Double.NEGATIVE_INFINITY) {
      return most;
    }
    double sum = 0;
    for (int i = 0; i < logs.length; i++) {
      double weight = weights.get(i); // of 0, what may be far more likely counts nothing
      sum += weight > 0 ? weight * StrictMath.exp(logs[i][t] - most) : 0;
    }
    return most + StrictMath.log(sum);
  }
}
