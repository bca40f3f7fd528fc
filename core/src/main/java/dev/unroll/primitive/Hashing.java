package dev.unroll.primitive;

/** What the set and the map have in common. */
final class Hashing {

  private Hashing() {}

  /** Spreads keys that differ in few bits, as those of neighbors do (the last steps of Murmur3). */
  static int mix(long key) {
    long hash = (key ^ key >>> 33) * 0xff51afd7ed558ccdL;
    hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
    return (int) (hash ^ hash >>> 33);
  }

  /** Returns how many keys a table of a length takes before it grows: two thirds. */
  static int most(int length) {
    return (int) (2L * length / 3);
  }
}
