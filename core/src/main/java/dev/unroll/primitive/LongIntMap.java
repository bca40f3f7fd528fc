package dev.unroll.primitive;

/** A map from longs to ints that are not negative. */
public final class LongIntMap {

  /** What {@link #get} returns for a key that is not there. */
  public static final int NONE = -1;

  private long[] keys = new long[16];

  /** Each value plus one; 0 where there is no key. */
  private int[] values = new int[16];

  private int size;

  /** Returns the value of a key, or {@link #NONE}. */
  public int get(long key) {
    return values[place(key)] - 1;
  }

  /** Sets the value of a key. */
  public void put(long key, int value) {
    if (value < 0) {
      throw new IllegalArgumentException("a value must not be negative: " + value);
    }
    int place = place(key);
    if (values[place] == 0) {
      if (++size > Hashing.most(keys.length)) {
        grow();
        place = place(key);
      }
      keys[place] = key;
    }
    values[place] = value + 1;
  }

  /** Returns where a key is, or else where it belongs. */
  private int place(long key) {
    int mask = keys.length - 1;
    int place = Hashing.mix(key) & mask;
    while (values[place] != 0 && keys[place] != key) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = new long[2 * oldKeys.length];
    values = new int[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != 0) {
        int place = place(oldKeys[i]);
        keys[place] = oldKeys[i];
        values[place] = oldValues[i];
      }
    }
  }
}
