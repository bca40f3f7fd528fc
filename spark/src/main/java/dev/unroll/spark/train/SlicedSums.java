package dev.unroll.spark.train;

import dev.unroll.base.Workers;
import dev.unroll.learn.ShardTree;
import dev.unroll.spark.train.Exchange.Result;
import dev.unroll.spark.train.Exchange.Sum;
import dev.unroll.spark.train.Exchange.Values;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Brings what tasks have computed to the driver. The sums of a few tasks all go there. Those of
 * more are cut into slices, as many as there are tasks: executors exchange them in a shuffle, each
 * task adds up one slice of all, and the driver receives no more than the sum, on however many
 * executors. Each number is added up in the same tree either way, so it has the same bits.
 */
final class SlicedSums {

  /** Tasks whose sums all go to the driver, which is done in one stage instead of two. */
  static final int FEW = 4;

  private SlicedSums() {}

  static List<Result> gather(JavaRDD<Result> results, int shards) {
    int tasks = results.getNumPartitions();
    return tasks <= FEW ? results.collect() : inSlices(results, shards, tasks);
  }

  static List<Result> inSlices(JavaRDD<Result> results, int shards, int slices) {
    JavaRDD<Result> sums =
        results
            .flatMapToPair(result -> cut(result, slices))
            .partitionBy(new HashPartitioner(slices))
            .values()
            .mapPartitions(some -> List.of(addedUp(shards, some)).iterator());
    try {
      return List.of(joined(sums.collect()));
    } finally {
      sums.rdd()
          .cleanShuffleDependencies(false); // else the files of all steps wait for a collector
    }
  }

  private static Iterator<Tuple2<Integer, Result>> cut(Result whole, int slices) {
    return IntStream.range(0, slices)
        .mapToObj(number -> new Tuple2<>(number, slice(whole, number, slices)))
        .iterator();
  }

  /** Returns a slice of all sums; what else there is goes with the first. */
  static Result slice(Result whole, int number, int slices) {
    var slice = new Result(new ArrayList<>(), new ArrayList<>());
    if (number == 0) {
      slice.done().addAll(whole.done());
    }
    for (Sum sum : whole.sums()) {
      Values all = sum.values();
      int from = (int) ((long) all.size() * number / slices);
      int to = (int) ((long) all.size() * (number + 1) / slices);
      slice.sums().add(new Sum(sum.first(), sum.level(), all.slice(from, to)));
    }
    return slice;
  }

  /** Adds up as far as the tree goes. */
  static Result addedUp(int shards, Iterator<Result> results) {
    var tree = new ShardTree(shards);
    var all = new Result(new ArrayList<>(), new ArrayList<>());
    while (results.hasNext()) {
      Result result = results.next();
      all.done().addAll(result.done());
      result.sums().forEach(sum -> sum.addTo(tree, Workers.single()));
    }
    all.sums().addAll(Sum.all(tree));
    return all;
  }

  /** Returns all slices, in their order, as one. */
  static Result joined(List<Result> slices) {
    var whole = new Result(new ArrayList<>(), new ArrayList<>());
    float[] sums = new float[slices.stream().mapToInt(slice -> root(slice).values().size()).sum()];
    int to = 0;
    for (Result slice : slices) {
      whole.done().addAll(slice.done());
      float[] part = root(slice).values().floats();
      System.arraycopy(part, 0, sums, to, part.length);
      to += part.length;
    }
    Sum root = root(slices.getFirst());
    whole.sums().add(new Sum(root.first(), root.level(), Values.exact(sums)));
    return whole;
  }

  private static Sum root(Result slice) {
    return slice.sums().getFirst();
  }
}
