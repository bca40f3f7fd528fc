package dev.unroll.spark.train;

import dev.unroll.spark.train.Exchange.Gathering;
import dev.unroll.spark.train.Exchange.Result;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.storage.StreamBlockId;
import scala.Function1;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Ways to bring the gradients of tasks to the driver that are measured beside the one of {@link
 * ClusterShards}. All add up in the same tree over the numbers of the shards, to the same bits.
 */
final class Gatherings {

  private Gatherings() {}

  private static final ClassTag<Result> RESULT = ClassTag$.MODULE$.apply(Result.class);

  /** Blocks that this executor, of one core, put last. */
  private static final List<StreamBlockId> PUT = new ArrayList<>();

  /** Spark's tree of two levels, whose root is an executor too: the driver gets one gradient. */
  static Gathering tree(int shards) {
    return results ->
        List.of(
            results
                .rdd()
                .treeAggregate(
                    new Result(new ArrayList<>(), new ArrayList<>()),
                    merging(shards),
                    merging(shards),
                    2,
                    true,
                    RESULT));
  }

  private static scala.Function2<Result, Result, Result> merging(int shards) {
    return (scala.Function2<Result, Result, Result> & Serializable)
        (a, b) -> SlicedSums.addedUp(shards, List.of(a, b).iterator());
  }

  /**
   * A barrier stage: each task puts slices of its gradient where the others find them, waits for
   * them to have done so, and adds up its own slice of all.
   */
  static Gathering blocks(int shards) {
    var exchange =
        (Function1<scala.collection.Iterator<Result>, scala.collection.Iterator<Result>>
                & Serializable)
            own -> one(exchanged(shards, own.next()));
    return results -> {
      var sums = results.rdd().barrier().mapPartitions(exchange, false, RESULT);
      return List.of(SlicedSums.joined(JavaRDD.fromRDD(sums, RESULT).collect()));
    };
  }

  private static scala.collection.Iterator<Result> one(Result result) {
    return CollectionConverters.asScala(List.of(result).iterator());
  }

  private static Result exchanged(int shards, Result own) {
    BarrierTaskContext task = BarrierTaskContext.get();
    int me = task.partitionId();
    int tasks = task.getTaskInfos().length;
    BlockManager blocks = SparkEnv.get().blockManager();
    PUT.forEach(block -> blocks.removeBlock(block, true)); // of the step before
    PUT.clear();
    for (int other = 0; other < tasks; other++) {
      if (other != me) {
        StreamBlockId block = block(task, me, other);
        Result slice = SlicedSums.slice(own, other, tasks);
        blocks.putSingle(block, slice, StorageLevel.MEMORY_ONLY_SER(), true, RESULT);
        PUT.add(block);
      }
    }
    task.barrier();
    var slices = new ArrayList<Result>();
    slices.add(SlicedSums.slice(own, me, tasks));
    for (int other = 0; other < tasks; other++) {
      if (other != me) {
        slices.add(blocks.getSingle(block(task, other, me), RESULT).get());
      }
    }
    return SlicedSums.addedUp(shards, slices.iterator());
  }

  /** A name that no other step has. */
  private static StreamBlockId block(BarrierTaskContext task, int from, int to) {
    return new StreamBlockId(task.stageId(), ((long) from << 32) + to);
  }
}
