package dev.unroll.interop.chain;

import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.weights.PortableHead;
import dev.unroll.interop.weights.PortableLayer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The layers that a value was computed by: what lies between the input of the graph and the value,
 * and nothing beside it. It never changes; trails that part share what they have in common.
 */
final class Trail {

  /** Of an input of the graph. */
  static final Trail START = new Trail(null, "", null, null, 0, null, null);

  private final @Nullable Trail before;
  private final String finding;
  private final @Nullable Tensor embedding;
  private final @Nullable PortableLayer layer;
  private final int count;
  private final @Nullable Axis time;
  private final @Nullable PortableHead head;

  private Trail(
      @Nullable Trail before,
      String finding,
      @Nullable Tensor embedding,
      @Nullable PortableLayer layer,
      int count,
      @Nullable Axis time,
      @Nullable PortableHead head) {
    this.before = before;
    this.finding = finding;
    this.embedding = embedding;
    this.layer = layer;
    this.count = count;
    this.time = time;
    this.head = head;
  }

  /** The same and an embedding. */
  Trail withEmbedding(Tensor table, String found) {
    return new Trail(this, found, table, layer, count, time, head);
  }

  /** The same and a recurrent layer whose steps are along an axis. */
  Trail withLayer(PortableLayer next, Axis along, String found) {
    return new Trail(this, found, embedding, next, count + 1, along, head);
  }

  /** The same and a linear layer. */
  Trail withHead(PortableHead linear, String found) {
    return new Trail(this, found, embedding, layer, count, time, linear);
  }

  /** The same with another bias or function of its linear layer. */
  Trail withHead(PortableHead other) {
    return new Trail(before, finding, embedding, layer, count, time, other);
  }

  @Nullable Tensor embedding() {
    return embedding;
  }

  /** The last recurrent layer; null if there is none yet. */
  @Nullable PortableLayer last() {
    return layer;
  }

  /** The number of recurrent layers. */
  int count() {
    return count;
  }

  /** The axis of steps; null before the first recurrent layer. */
  @Nullable Axis time() {
    return time;
  }

  /** The linear layer; null before it. */
  @Nullable PortableHead head() {
    return head;
  }

  /** All of what the last recurrent layer gives; nothing if there is none. */
  List<Way> ways() {
    var ways = new ArrayList<Way>();
    if (layer != null && layer.forward() != null) {
      ways.add(new Way(count - 1, false));
    }
    if (layer != null && layer.backward() != null) {
      ways.add(new Way(count - 1, true));
    }
    return ways;
  }

  /** The recurrent layers, the first next to the input. */
  List<PortableLayer> layers() {
    var layers = new ArrayList<PortableLayer>();
    for (Trail at = this; at != null; at = at.before) {
      if (at.layer != null && (at.before == null || at.before.count < at.count)) {
        layers.addFirst(at.layer);
      }
    }
    return layers;
  }

  /** What was taken for what, a line each. */
  List<String> findings() {
    var findings = new ArrayList<String>();
    for (Trail at = this; at.before != null; at = at.before) {
      findings.addFirst(at.finding);
    }
    return findings;
  }

  /** Whether another is where this one came from, or this one itself. */
  boolean continues(Trail other) {
    for (Trail at = this; at != null; at = at.before) {
      if (at == other) {
        return true;
      }
    }
    return false;
  }
}
