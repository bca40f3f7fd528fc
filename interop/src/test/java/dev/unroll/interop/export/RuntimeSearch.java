package dev.unroll.interop.export;

import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The search of an encoder-decoder, as a caller of the two graphs writes it. */
final class RuntimeSearch {

  private static final double LENGTH_POWER = 0.6;

  private final OrtRunner encode;
  private final OrtRunner step;
  private final int beam;
  private final int end;
  private final int unknown;

  RuntimeSearch(OrtRunner encode, OrtRunner step, int beam, int end, int unknown) {
    this.encode = encode;
    this.step = step;
    this.beam = beam;
    this.end = end;
    this.unknown = unknown;
  }

  /** A target that was found. */
  record Found(List<Integer> ids, double logProbability) {
    double score() {
      return logProbability / Math.pow((5.0 + ids.size() + 1) / 6, LENGTH_POWER);
    }
  }

  private record Way(Found from, int row, int id, double logProbability) {}

  List<Found> search(int[] source) {
    long[] ids = Arrays.stream(source).asLongStream().toArray();
    var inputs =
        Map.of(
            "tokens",
            Tensor.of(ids, 1, ids.length),
            "lengths",
            Tensor.of(new long[] {ids.length}, 1));
    var known = new HashMap<String, Tensor>(inputs);
    encode.run(inputs).forEach((name, x) -> known.put(name.replace("_out_", "_in_"), x));
    var open = List.of(new Found(List.of(), 0));
    var finished = new ArrayList<Found>();
    for (int t = 1; !open.isEmpty(); t++) {
      open = next(open, known, finished, t >= 2 * source.length + 50);
    }
    return finished.stream()
        .sorted(Comparator.comparingDouble((Found each) -> -each.score()))
        .limit(beam)
        .toList();
  }

  private List<Found> next(
      List<Found> open, Map<String, Tensor> known, List<Found> finished, boolean last) {
    long[] tokens =
        open.stream().mapToLong(each -> each.ids.isEmpty() ? -1 : each.ids.getLast()).toArray();
    known.put("token", Tensor.of(tokens, tokens.length));
    var inputs = new HashMap<String, Tensor>();
    step.inputs().forEach(name -> inputs.put(name, known.get(name)));
    Map<String, Tensor> outputs = step.run(inputs);
    float[] scores = outputs.get("log_probabilities").floats();
    int vocabulary = scores.length / tokens.length;
    List<Way> ways =
        IntStream.range(0, open.size())
            .boxed()
            .flatMap(row -> ways(open.get(row), row, scores, vocabulary))
            .sorted(Comparator.comparingDouble((Way way) -> -way.logProbability))
            .toList();
    var kept = new ArrayList<Found>();
    var rows = new ArrayList<Integer>();
    for (int i = 0; i < ways.size() && kept.size() < beam; i++) {
      Way way = ways.get(i);
      boolean ends = way.id == end;
      if (ends && i >= beam) {
        continue;
      }
      var ids = new ArrayList<>(way.from.ids);
      if (!ends) {
        ids.add(way.id);
      }
      var found = new Found(ids, way.logProbability);
      if (ends || last) {
        finished.add(found);
      }
      if (!ends) {
        kept.add(found);
        rows.add(way.row);
      }
    }
    outputs.forEach((name, x) -> known.put(name.replace("_out_", "_in_"), x));
    known.replaceAll((name, x) -> name.equals("token") ? x : chosen(x, rows, open.size()));
    return last || finished.size() >= beam ? List.of() : kept;
  }

  private Stream<Way> ways(Found from, int row, float[] scores, int vocabulary) {
    return IntStream.range(0, vocabulary)
        .filter(id -> id != unknown)
        .mapToObj(id -> new Way(from, row, id, from.logProbability + scores[row * vocabulary + id]))
        .sorted(Comparator.comparingDouble((Way way) -> -way.logProbability))
        .limit(beam + 1);
  }

  /** Returns some rows of what has one for each beginning. */
  private static Tensor chosen(Tensor x, List<Integer> rows, int count) {
    if (x.shape().axis(0) != count || rows.isEmpty()) {
      return x;
    }
    int width = x.size() / count;
    var axes = x.shape().axes().stream().mapToInt(Integer::intValue).toArray();
    axes[0] = rows.size();
    Object own =
        java.lang.reflect.Array.newInstance(x.type().array().componentType(), rows.size() * width);
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(x.elements(), rows.get(i) * width, own, i * width, width);
    }
    return Tensor.adopt(x.type(), Shape.of(axes), own);
  }
}
