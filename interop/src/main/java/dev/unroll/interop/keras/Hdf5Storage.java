package dev.unroll.interop.keras;

import dev.unroll.base.InputException;
import io.jhdf.Superblock;
import io.jhdf.storage.HdfBackingStorage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.Map;

/**
 * The bytes of an HDF5 file, for the parsers of jhdf. Those believe what the file says; so this
 * refuses what points outside of the file, and counts what is read: a structure that contains
 * itself, or the same part a million times, ends here instead of in a full memory.
 */
final class Hdf5Storage implements HdfBackingStorage {

  /** A node of a tree is read by each of its parents, of which it has one. */
  private static final int MOST_READS_OF_A_PLACE = 64;

  /**
   * Reads of one object: a group of 100,000 members needs fewer, and no parser that calls itself
   * for each of them runs out of stack.
   */
  private static final int MOST_READS_OF_AN_OBJECT = 2000;

  /** Ten for each of the most objects that there may be. */
  private static final int MOST_READS = 1_000_000;

  private final String name;
  private final ByteBuffer bytes;
  private final Superblock superblock;
  private final Map<Long, Integer> reads = new HashMap<>();
  private final int mostReads;
  private int allReads;
  private int readsOfObject;

  /**
   * Opens a file.
   *
   * @param name what messages call it
   * @throws InputException if its head is not that of an HDF5 file
   */
  Hdf5Storage(String name, ByteBuffer bytes) {
    this.name = name;
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    mostReads = Math.min(MOST_READS, 1000 + this.bytes.capacity() / 8);
    superblock = Superblock.readSuperblock(this.bytes.slice().order(ByteOrder.LITTLE_ENDIAN));
    if (superblock.getBaseAddressByte() != 0
        || superblock.getSizeOfOffsets() != Long.BYTES
        || superblock.getSizeOfLengths() != Long.BYTES) {
      throw refusal("its offsets are not those of files that Keras writes");
    }
  }

  /** Says that what is read from here on belongs to another object. */
  void beginObject() {
    readsOfObject = 0;
  }

  /** What is wrong with the file, as an exception to throw. */
  InputException refusal(String problem) {
    return InputException.in(name, problem, Hdf5File.FIX);
  }

  @Override
  public ByteBuffer readBufferFromAddress(long address, int length) {
    return map(address, length);
  }

  @Override
  public ByteBuffer map(long address, long length) {
    count(address);
    if (address < 0 || length < 0 || address > size() || length > size() - address) {
      throw refusal("it points to " + length + " bytes at " + address + ", but has only " + size());
    }
    return bytes.slice((int) address, (int) length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void count(long address) {
    if (++allReads > mostReads
        || ++readsOfObject > MOST_READS_OF_AN_OBJECT
        || reads.merge(address, 1, Integer::sum) > MOST_READS_OF_A_PLACE) {
      throw refusal("it contains itself, at byte " + address);
    }
  }

  @Override
  public ByteBuffer mapNoOffset(long address, long length) {
    return map(address, length);
  }

  @Override
  public long getUserBlockSize() {
    return 0;
  }

  @Override
  public Superblock getSuperblock() {
    return superblock;
  }

  @Override
  public FileChannel getFileChannel() {
    throw new UnsupportedOperationException("the file is in memory");
  }

  @Override
  public int getSizeOfOffsets() {
    return superblock.getSizeOfOffsets();
  }

  @Override
  public int getSizeOfLengths() {
    return superblock.getSizeOfLengths();
  }

  @Override
  public void close() {
    // There is nothing open.
  }

  @Override
  public long size() {
    return bytes.capacity();
  }

  @Override
  public boolean inMemory() {
    return true;
  }
}
