package dev.unroll.layer;

import java.lang.ref.SoftReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Vectors that were computed lately, by what they were computed from: those of words, for example,
 * most of which occur again soon. It is for pure functions: a vector that is found has the bits
 * that would be computed. So any number of threads share it without a lock, and neither their order
 * nor what has been displaced changes a result.
 *
 * <p>A vector is kept when it is missed for the second time: what occurs once, as many words do,
 * displaces nothing, and makes no work for the garbage collector. It takes the place of the oldest
 * of those that share eight places with it.
 *
 * <p>Memory is bounded by the number of entries and of values together. It is held softly, and goes
 * before memory runs out.
 *
 * @param <K> what a vector is computed from
 */
public final class RecentVectors<K> {

  /** Most vectors that are kept. */
  public static final int MOST = 4096;

  /** Most values of all vectors and their keys: 8 MiB. */
  static final int MOST_VALUES = 1 << 21;

  /** How many hashes of what was missed are remembered for each entry. */
  private static final int MISSED = 4;

  /** Places that an entry may have: a cache line of hashes, or two. */
  private static final int WAYS = 8;

  /** An entry never changes: a thread that sees it sees all of it. */
  private record Entry<K>(K key, float[] vector) {}

  /**
   * What is kept.
   *
   * @param entries {@link #WAYS} places for each hash, beside one another
   * @param hashes of each place, the hash of its entry. A race may leave another: then the entry is
   *     not found, or compared and found to be another
   * @param next for each group of places, the one that is used next
   * @param missed hashes of what was missed
   */
  private record Table<K>(
      AtomicReferenceArray<Entry<K>> entries, int[] hashes, byte[] next, int[] missed) {}

  private final int slots;
  private volatile SoftReference<Table<K>> held = new SoftReference<>(null);

  /**
   * Creates an empty one.
   *
   * @param width values of a vector and its key
   */
  public RecentVectors(int width) {
    slots = Integer.highestOneBit(Math.clamp(MOST_VALUES / Math.max(1, width), WAYS, MOST));
  }

  /** Returns the most vectors that are kept: a power of two. */
  public int slots() {
    return slots;
  }

  /**
   * Returns a vector, not to be changed, or null where it is not kept.
   *
   * @param hash a hash of the key
   * @param same whether a key is the one that is looked for
   */
  public float @Nullable [] find(int hash, Predicate<? super K> same) {
    var table = held.get();
    if (table == null) {
      return null;
    }
    int mixed = mixed(hash);
    int first = first(mixed);
    for (int slot = first; slot < first + WAYS; slot++) {
      if (table.hashes[slot] == mixed) {
        Entry<K> entry = table.entries.getAcquire(slot);
        if (entry != null && same.test(entry.key)) {
          return entry.vector;
        }
      }
    }
    return null;
  }

  private int first(int mixed) {
    return mixed & (slots - WAYS);
  }

  /**
   * Returns whether a vector that was not found is to be kept.
   *
   * @param hash a hash of the key
   */
  public boolean wants(int hash) {
    int[] missed = table().missed;
    int mixed = mixed(hash);
    int place = mixed & (missed.length - 1);
    boolean again = missed[place] == mixed;
    missed[place] = mixed;
    return again;
  }

  /**
   * Keeps a vector.
   *
   * @param hash a hash of the key
   * @param key what the vector was computed from; neither is changed from now on
   */
  public void keep(int hash, K key, float[] vector) {
    var table = table();
    int mixed = mixed(hash);
    int first = first(mixed);
    int way = table.next[first / WAYS]++ & (WAYS - 1);
    table.hashes[first + way] = mixed;
    table.entries.setRelease(first + way, new Entry<>(key, vector));
  }

  private Table<K> table() {
    Table<K> table = held.get();
    if (table == null) {
      table =
          new Table<>(
              new AtomicReferenceArray<>(slots),
              new int[slots],
              new byte[slots / WAYS],
              new int[MISSED * slots]);
      held = new SoftReference<>(table);
    }
    return table;
  }

  /** Mixes the bits of a hash, of which the lower ones choose the places. */
  private static int mixed(int hash) {
    int mixed = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    return mixed ^ (mixed >>> 13);
  }
}
