package dev.unroll.server.task;

import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.model.Classifier;
import dev.unroll.model.LanguageBatch;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Recognizer;
import dev.unroll.model.Regressor;
import dev.unroll.model.Tagger;
import dev.unroll.model.Transducer;
import dev.unroll.network.Network;
import dev.unroll.network.NetworkState;
import dev.unroll.result.Model;
import dev.unroll.server.http.Problem;
import dev.unroll.server.model.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Vectors of texts: what a recurrent layer gives out at their tokens, all of it or pooled. */
public final class Vectors {

  /** Numbers that are given out at once. */
  private static final long MOST = 1_000_000;

  /** Characters of texts whose tokens' vectors are in memory at once. */
  private static final long TOGETHER = 10_000;

  private Vectors() {}

  /** Which vectors. */
  public enum Pooling {
    /** The mean over all tokens, summed in their order. */
    MEAN,
    /** That of the last token. */
    LAST,
    /** That of each token. */
    ALL
  }

  /**
   * The vectors of a text.
   *
   * @param tokens that were read
   * @param vectors one, or one for each token
   */
  public record Found(int tokens, List<float[]> vectors) {}

  /**
   * Returns the recurrent layers that read texts.
   *
   * @throws Problem if the model reads no texts
   */
  static Network network(Model model) {
    return switch (model) {
      case LanguageModel own -> own.network().description();
      case Classifier own -> own.description().network();
      case Tagger own -> own.description().network();
      case Recognizer own -> own.network().description().network();
      case Regressor own -> own.network().description().network();
      case Transducer own -> own.description().encoder();
      default ->
          throw Problem.unusable(
              "a model of the task " + model.task().name() + " reads no texts: it has no vectors");
    };
  }

  /**
   * Returns the vectors of texts, in their order.
   *
   * @param layer from 1
   * @throws Problem if a text has no tokens, or vectors have too many numbers
   */
  static List<Found> ofTexts(
      Served served, List<String> texts, int layer, Pooling pooling, long deadline) {
    if (served.model() instanceof LanguageModel own) {
      return ofIds(served, texts.stream().map(own::promptIds).toList(), layer, pooling, deadline);
    }
    for (String text : texts) {
      check(text.isBlank() ? 0 : 1);
    }
    checkOne(texts.size(), served.model(), layer); // each has a vector or more
    Function<List<String>, List<float[][]>> reader = reader(served.model(), layer);
    List<Found> found =
        served.run(
            List.of("vectors", layer, pooling),
            texts,
            some -> read(reader, some, pooling),
            deadline);
    found.forEach(each -> check(each.tokens));
    check(found, pooling);
    return found;
  }

  /** Of long texts one after another, so that not all vectors of all their tokens are held. */
  private static List<Found> read(
      Function<List<String>, List<float[][]>> reader, List<String> texts, Pooling pooling) {
    if (texts.stream().mapToLong(String::length).sum() <= TOGETHER) {
      return reader.apply(texts).stream().map(each -> pooled(each, pooling)).toList();
    }
    var all = new ArrayList<Found>();
    for (String text : texts) {
      all.add(pooled(reader.apply(List.of(text)).getFirst(), pooling));
      check(all, pooling); // of the texts so far
    }
    return all;
  }

  private static Function<List<String>, List<float[][]>> reader(Model model, int layer) {
    Workers one = Workers.single();
    return switch (model) {
      case Classifier own ->
          texts ->
              own.outputs(
                  texts.stream().map(text -> own.labeled(text, List.of())).toList(), layer, one);
      case Tagger own ->
          texts -> own.outputs(texts.stream().map(Vectors::words).toList(), layer, one);
      case Recognizer own -> texts -> own.outputs(texts, layer, one);
      case Regressor own -> texts -> own.outputs(texts, layer, one);
      case Transducer own -> texts -> own.outputs(texts, layer, one);
      default -> throw new IllegalStateException(model.task().name());
    };
  }

  private static LabeledSequence words(String text) {
    return new LabeledSequence(List.of(text.strip().split("\\s+", -1)), List.of());
  }

  private static void check(int tokens) {
    if (tokens == 0) {
      throw Problem.unusable("a text without tokens has no vector; leave it out");
    }
  }

  private static void check(List<Found> found, Pooling pooling) {
    if (pooling == Pooling.ALL) {
      check(
          found.stream()
              .filter(each -> each.tokens > 0)
              .mapToLong(each -> (long) each.tokens * each.vectors.getFirst().length)
              .sum());
    }
  }

  private static long width(Model model, int layer) {
    return network(model).layers().get(layer - 1).outputs();
  }

  private static void checkOne(int texts, Model model, int layer) {
    long numbers = texts * width(model, layer);
    if (numbers > MOST) {
      throw Problem.of(
          413,
          "a vector of each text is "
              + numbers
              + " numbers together, at most "
              + MOST
              + "; send fewer texts at once");
    }
  }

  private static void check(long numbers) {
    if (numbers > MOST) {
      throw Problem.of(
          413,
          "the vectors of all tokens are "
              + numbers
              + " numbers, at most "
              + MOST
              + "; send less at once, or take the mean");
    }
  }

  private static Found pooled(float[][] states, Pooling pooling) {
    var sum = new Sum(pooling);
    for (float[] each : states) {
      sum.add(each);
    }
    return sum.found();
  }

  /**
   * Returns the vectors of texts that a language model has cut into tokens.
   *
   * @param ids of each text
   * @param layer from 1
   * @throws Problem if a text has no tokens, or vectors have too many numbers
   */
  public static List<Found> ofIds(
      Served served, List<int[]> ids, int layer, Pooling pooling, long deadline) {
    var model = (LanguageModel) served.model();
    ids.forEach(each -> check(each.length));
    if (pooling == Pooling.ALL) {
      check(width(model, layer) * ids.stream().mapToLong(each -> each.length).sum());
    } else {
      checkOne(ids.size(), model, layer);
    }
    return served.run(
        List.of("vectors", layer, pooling),
        ids,
        some -> read(model, some, layer, pooling),
        deadline);
  }

  private static List<Found> read(
      LanguageModel model, List<int[]> texts, int layer, Pooling pooling) {
    var batch = new LanguageBatch(model);
    var sums = texts.stream().map(ids -> new Sum(pooling)).toList();
    var states = new ArrayList<NetworkState>();
    NetworkState start = model.start();
    texts.forEach(ids -> states.add(start));
    int longest = texts.stream().mapToInt(ids -> ids.length).max().orElse(0);
    for (int t = 0; t < longest; t++) {
      int step = t;
      int[] open =
          IntStream.range(0, texts.size()).filter(i -> texts.get(i).length > step).toArray();
      int[] tokens = IntStream.of(open).map(i -> texts.get(i)[step]).toArray();
      var after = batch.step(IntStream.of(open).mapToObj(states::get).toList(), tokens);
      for (int i = 0; i < open.length; i++) {
        states.set(open[i], after.get(i));
        sums.get(open[i]).add(after.get(i).layers().get(layer - 1).a());
      }
    }
    return sums.stream().map(Sum::found).toList();
  }

  /** The vectors of a text while it is read: no more of them than are asked for. */
  private static final class Sum {

    private final Pooling pooling;
    private final List<float[]> vectors = new ArrayList<>();
    private double[] sum = {};
    private int tokens;

    Sum(Pooling pooling) {
      this.pooling = pooling;
    }

    void add(float[] vector) {
      tokens++;
      switch (pooling) {
        case ALL -> vectors.add(vector);
        case LAST -> {
          vectors.clear();
          vectors.add(vector);
        }
        case MEAN -> {
          sum = tokens == 1 ? new double[vector.length] : sum;
          for (int i = 0; i < sum.length; i++) {
            sum[i] += vector[i];
          }
        }
      }
    }

    Found found() {
      if (pooling == Pooling.MEAN && tokens > 0) {
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; i++) {
          mean[i] = (float) (sum[i] / tokens);
        }
        vectors.add(mean);
      }
      return new Found(tokens, List.copyOf(vectors));
    }
  }
}
