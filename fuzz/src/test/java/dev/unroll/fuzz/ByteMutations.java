package dev.unroll.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Changes of any file: bytes flipped, cut off, left out, put in, doubled, or those of another. */
final class ByteMutations {

  private static final int LONGEST = 1 << 8;

  private ByteMutations() {}

  static byte[] mutate(byte[] seed, byte[] other, Dice dice) {
    byte[] bytes = seed;
    for (int i = dice.few(4); i > 0; i--) {
      bytes = once(bytes, other, dice);
    }
    return bytes;
  }

  private static byte[] once(byte[] bytes, byte[] other, Dice dice) {
    if (bytes.length == 0) {
      return other.clone();
    }
    int at = dice.below(bytes.length);
    int length = 1 + dice.below(Math.min(LONGEST, bytes.length - at));
    return switch (dice.below(9)) {
      case 0 -> with(bytes, at, (byte) (bytes[at] ^ (1 << dice.below(8))));
      case 1 -> with(bytes, at, dice.oneByte());
      case 2 -> Arrays.copyOf(bytes, at);
      case 3 -> splice(bytes, at, at + length, new byte[0]);
      case 4 -> splice(bytes, at, at, random(length, dice));
      case 5 -> splice(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
      case 6 -> splice(bytes, at, at + length, new byte[length]); // zeros
      case 7 -> spliced(bytes, at, other, dice);
      default -> with(bytes, at, new byte[] {-1, 0, 127, -128, '\n', '\r', '"'}[dice.below(7)]);
    };
  }

  /** The beginning of one file and the end of another. */
  private static byte[] spliced(byte[] bytes, int at, byte[] other, Dice dice) {
    int from = other.length == 0 ? 0 : dice.below(other.length);
    return splice(bytes, at, bytes.length, Arrays.copyOfRange(other, from, other.length));
  }

  private static byte[] with(byte[] bytes, int at, byte value) {
    byte[] changed = bytes.clone();
    changed[at] = value;
    return changed;
  }

  private static byte[] random(int length, Dice dice) {
    byte[] some = new byte[length];
    for (int i = 0; i < length; i++) {
      some[i] = dice.oneByte();
    }
    return some;
  }

  /** Returns the bytes with others in the place of those from {@code from} up to {@code to}. */
  static byte[] splice(byte[] bytes, int from, int to, byte[] others) {
    var out = new ByteArrayOutputStream();
    out.write(bytes, 0, from);
    out.writeBytes(others);
    out.write(bytes, to, bytes.length - to);
    return out.toByteArray();
  }
}
