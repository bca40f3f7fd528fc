package dev.unroll.fuzz;

/** Damages files of some format, or makes them lie. */
@FunctionalInterface
interface Mutator {

  /**
   * A file that is not what somebody wrote.
   *
   * @param bytes its content
   * @param damaged whether it was damaged below its checksum, which must then be noticed: either it
   *     is refused, or it is read as if nothing had happened to it
   */
  record Mutant(byte[] bytes, boolean damaged) {}

  /**
   * Returns a changed copy of a file.
   *
   * @param other another file of the same kind, of which parts may be taken
   */
  Mutant mutate(byte[] seed, byte[] other, Dice dice);

  /** Returns a mutator of the bytes of files that have no checksum. */
  static Mutator of(Bytes mutation) {
    return (seed, other, dice) -> new Mutant(mutation.mutate(seed, other, dice), false);
  }

  /** Changes bytes. */
  @FunctionalInterface
  interface Bytes {
    byte[] mutate(byte[] seed, byte[] other, Dice dice);
  }
}
