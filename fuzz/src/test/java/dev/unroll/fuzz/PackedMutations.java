package dev.unroll.fuzz;

import dev.unroll.fuzz.Mutator.Mutant;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Changes of files that hold something else: compressed texts, files of ids, binary vectors. */
final class PackedMutations {

  private static final int MARK = 8;
  private static final int TRAILER = 16;

  private PackedMutations() {}

  /** Changes what is compressed, or damages the compressed file. */
  static Mutant gzip(byte[] seed, byte[] other, Dice dice) {
    if (dice.once(3)) {
      byte[] mutated = ByteMutations.mutate(seed, other, dice);
      return new Mutant(mutated, !isWhole(mutated));
    }
    byte[] packed = pack(TextMutations.mutate(unpack(seed), unpack(other), dice));
    if (dice.once(8)) { // two members are one file; what follows the last is no text
      byte[] more = dice.once(2) ? other : new byte[] {0, 1, 2};
      return new Mutant(ByteMutations.splice(packed, packed.length, packed.length, more), false);
    }
    return new Mutant(packed, false);
  }

  static byte[] pack(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] unpack(byte[] bytes) {
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return gzip.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Whether there is nothing wrong: of two files spliced at the same place the checksum may be
   * right, and an empty file is a text without lines.
   */
  private static boolean isWhole(byte[] bytes) {
    try {
      return bytes.length == 0 || unpack(bytes).length >= 0;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Changes the ids, the places of sentences or the description of a file of ids. */
  static Mutant ids(byte[] seed, byte[] other, Dice dice) {
    if (dice.once(4)) {
      return new Mutant(ByteMutations.mutate(seed, other, dice), true);
    }
    int length = (int) number(seed, seed.length - TRAILER);
    int end = seed.length - TRAILER - length;
    byte[] body = Arrays.copyOf(seed, end);
    String about = new String(seed, end, length, StandardCharsets.UTF_8);
    if (dice.once(2)) {
      about = JsonMutations.mutate(about, about, dice);
    } else {
      body = dice.once(3) ? ByteMutations.mutate(body, body, dice) : withNumber(body, dice);
    }
    byte[] json = about.getBytes(StandardCharsets.UTF_8);
    var out = new ByteArrayOutputStream();
    out.writeBytes(body);
    out.writeBytes(json);
    out.writeBytes(bytes(dice.once(20) ? json.length + dice.below(100) - 50 : json.length));
    var crc = new CRC32C();
    crc.update(out.toByteArray());
    out.writeBytes(bytes(crc.getValue()));
    return new Mutant(out.toByteArray(), false);
  }

  private static byte[] withNumber(byte[] body, Dice dice) {
    var numbers = List.of(-1L, 0L, 1L, 1L << 31, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE);
    byte[] changed = body.clone();
    if (changed.length >= MARK + 8) {
      int at = dice.below(changed.length - MARK - 7) + MARK;
      System.arraycopy(bytes(dice.pick(numbers)), 0, changed, at, dice.once(2) ? 2 : 8);
    }
    return changed;
  }

  private static long number(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(at);
  }

  private static byte[] bytes(long number) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
  }

  /** Changes the first line, which says how much follows, or any byte. */
  static byte[] vectors(byte[] seed, byte[] other, Dice dice) {
    int end = 0;
    while (end < seed.length && seed[end] != '\n') {
      end++;
    }
    if (dice.once(3) && end < seed.length) {
      var headers =
          List.of(
              "0 4",
              "12 0",
              "12 5",
              "12 3",
              "-1 4",
              "999999999 99999",
              "12 4 1",
              "1e3 4",
              "",
              "12");
      byte[] header = dice.pick(headers).getBytes(StandardCharsets.UTF_8);
      return ByteMutations.splice(seed, 0, end, header);
    }
    return ByteMutations.mutate(seed, other, dice);
  }
}
