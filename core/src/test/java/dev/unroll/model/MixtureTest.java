package dev.unroll.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Workers;
import dev.unroll.data.IdStream;
import dev.unroll.data.Reading;
import dev.unroll.data.Tokenizer;
import dev.unroll.train.TinyText;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MixtureTest {

  /** Gives each token the same probability. */
  private record Even(double logProbability) implements TokenModel {
    @Override
    public Tokenizer tokenizer() {
      return TinyText.LETTERS;
    }

    @Override
    public Reading reading() {
      return Reading.SENTENCES;
    }

    @Override
    public void read(IdStream text, Workers workers, TokenSink sink) {
      for (long t = 0; t < text.size(); t++) {
        sink.token(text.id(t), logProbability);
      }
    }

    @Override
    public List<double[]> logProbabilities(List<int[]> sentences, Workers workers) {
      return sentences.stream()
          .map(
              ids -> {
                double[] logs = new double[ids.length];
                Arrays.fill(logs, logProbability);
                return logs;
              })
          .toList();
    }
  }

  private static double mixed(List<Double> weights, double... logs) {
    var members = Arrays.stream(logs).<TokenModel>mapToObj(Even::new).toList();
    var sentences = List.of(new int[] {5, 1});
    return new Mixture(members, weights)
        .logProbabilities(sentences, Workers.single())
        .getFirst()[0];
  }

  @Test
  void probabilitiesAreMixedByTheirWeights() {
    double wanted = Math.log(0.25 * 0.5 + 0.75 * 0.1);
    assertThat(mixed(List.of(0.25, 0.75), Math.log(0.5), Math.log(0.1)))
        .isCloseTo(wanted, within(1e-12));
    assertThat(mixed(List.of(0.5, 0.5), -1000, -1000)).isCloseTo(-1000, within(1e-9));
    assertThat(mixed(List.of(0.5, 0.5), Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY))
        .isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void whatHasNoWeightDoesNotCount() {
    assertThat(mixed(List.of(1.0, 0.0), -800, -1)).isEqualTo(-800);
    assertThat(mixed(List.of(1.0, 0.0), -1, Double.NEGATIVE_INFINITY)).isEqualTo(-1);
  }
}
