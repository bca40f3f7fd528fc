package dev.unroll.learn;

import dev.unroll.base.Workers;
import java.util.List;
import java.util.Map;

/** Where the shards of a run are computed: on this machine, or on others. */
public interface Shards {

  /**
   * Computes all shards, and adds up their values in the order of a {@link ShardTree}.
   *
   * @param carried what each shard takes over
   * @param sums what the sums of the values are added to; zeros before
   * @return what each shard found, by the numbers of the shards
   */
  List<ShardTask.Result> compute(
      ShardTask task, List<Map<String, float[]>> carried, float[] sums, Workers workers);
}
