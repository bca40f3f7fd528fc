package dev.unroll.learn;

import dev.unroll.base.Workers;
import dev.unroll.learn.ShardTask.Sending;
import dev.unroll.train.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Computes shards one after the other, each with all threads: what a cluster computes side by side,
 * to the same bits.
 */
final class LocalShards implements Shards {

  private final ShardedLearner learner;
  private final Training options;
  private final ShardTree tree;

  /** Of each shard what it sent last, before it was rounded; empty where nothing is. */
  private final float[][] sent;

  LocalShards(ShardedLearner learner, Training options) {
    this.learner = learner;
    this.options = options;
    tree = new ShardTree(options.shards());
    sent = new float[options.shards()][0];
  }

  @Override
  public List<ShardTask.Result> compute(
      ShardTask task, List<Map<String, float[]>> carried, float[] sums, Workers workers) {
    ShardTask.Work work = task.begin(learner, options, workers);
    var results = new ArrayList<ShardTask.Result>();
    for (int number = 0; number < carried.size(); number++) {
      float[] own = tree.zeros(task.size(), workers);
      results.add(work.compute(new Shard(number, carried.size()), carried.get(number), own));
      send(number, own, task.sending(), workers);
      tree.add(number, own, workers);
    }
    tree.addTo(sums, workers);
    return results;
  }

  /** Makes of a shard's values what it sends. */
  private void send(int number, float[] own, Sending sending, Workers workers) {
    RoundedGradients.addRest(own, sending.continues() ? sent[number] : null, workers);
    if (sending.rounds()) {
      sent[number] = sent[number].length == 0 ? new float[own.length] : sent[number];
      System.arraycopy(own, 0, sent[number], 0, own.length);
      RoundedGradients.round(own, workers);
    }
  }
}
