package dev.unroll.interop.keras;

import dev.unroll.base.InputException;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.message.DataSpace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of an object in an HDF5 file: a list of messages, which say what it is. They are taken
 * apart here, and only those of interest are given to jhdf, which would believe a nested type of
 * any depth.
 *
 * @param messages as they follow one another
 */
record Hdf5Header(List<Message> messages) {

  static final int DATA_SPACE = 1;
  static final int DATA_TYPE = 3;
  static final int DATA_LAYOUT = 8;
  static final int FILTERS = 11;
  static final int ATTRIBUTE = 12;
  static final int SYMBOL_TABLE = 17;

  private static final int EXTERNAL_FILES = 7;
  private static final int CONTINUATION = 16;
  private static final int SHARED = 2;

  /** Classes of types that contain no others. */
  private static final int FIXED_POINT = 0;

  private static final int FLOATING_POINT = 1;
  private static final int TEXT = 3;
  private static final int VARIABLE_LENGTH = 9;

  /** The bytes of a type before that of its elements. */
  private static final int TYPE_HEAD = 8;

  /**
   * A message.
   *
   * @param type what it says
   * @param data how it says it; where {@code shared}, only where that stands
   */
  record Message(int type, boolean shared, ByteBuffer data) {}

  /**
   * Reads the messages of an object.
   *
   * @throws InputException if they are not in the form that h5py writes by default
   */
  static Hdf5Header read(Hdf5Storage storage, long address) {
    ByteBuffer head = storage.map(address, 16);
    int version = head.get();
    if (version != 1) {
      throw storage.refusal("written in a later form of HDF5 (libver), which Keras does not use");
    }
    int count = Short.toUnsignedInt(head.getShort(2));
    var blocks = new ArrayDeque<ByteBuffer>();
    blocks.add(storage.map(address + 16, Integer.toUnsignedLong(head.getInt(8))));
    var messages = new ArrayList<Message>();
    while (!blocks.isEmpty() && messages.size() < count) {
      ByteBuffer block = blocks.remove();
      while (block.remaining() >= 8 && messages.size() < count) {
        Message message = next(block);
        messages.add(message);
        if (message.type == CONTINUATION) {
          blocks.add(storage.map(message.data.getLong(0), message.data.getLong(8)));
        } else if (message.type == EXTERNAL_FILES) {
          throw storage.refusal("it has weights in another file, which is not read");
        }
      }
    }
    return new Hdf5Header(List.copyOf(messages));
  }

  private static Message next(ByteBuffer block) {
    int type = Short.toUnsignedInt(block.getShort());
    int size = Short.toUnsignedInt(block.getShort());
    boolean shared = (block.get() & SHARED) != 0;
    block.position(block.position() + 3);
    ByteBuffer data = block.slice(block.position(), size).order(ByteOrder.LITTLE_ENDIAN);
    block.position(block.position() + size);
    return new Message(type, shared, data);
  }

  /** Whether there is a message of a type. */
  boolean has(int type) {
    return messages.stream().anyMatch(message -> message.type == type);
  }

  /** The data of the first message of a type; null where it stands elsewhere, or nowhere. */
  @Nullable ByteBuffer data(int type) {
    for (Message message : messages) {
      if (message.type == type) {
        return message.shared ? null : message.data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
      }
    }
    return null;
  }

  /** The type of numbers or texts; null for all that Keras does not use, such as compounds. */
  static @Nullable DataType type(ByteBuffer bytes) {
    int kind = bytes.get(bytes.position()) & 15;
    int element = kind == VARIABLE_LENGTH ? bytes.get(bytes.position() + TYPE_HEAD) & 15 : kind;
    return element == FIXED_POINT || element == FLOATING_POINT || element == TEXT
        ? DataType.readDataType(bytes)
        : null;
  }

  /** The lengths of axes; null where they are said to hold nothing. */
  static int @Nullable [] axes(ByteBuffer bytes, Hdf5Storage storage) {
    DataSpace space = DataSpace.readDataSpace(bytes, storage.getSuperblock());
    return space.getVersion() == 2 && space.getType() == 2 ? null : space.getDimensions();
  }
}
