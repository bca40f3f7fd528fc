package dev.unroll.interop.keras;

import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.MemoryLimit;
import io.jhdf.GroupSymbolTableNode;
import io.jhdf.LocalHeap;
import io.jhdf.Superblock;
import io.jhdf.SymbolTableEntry;
import io.jhdf.btree.BTreeV1;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.message.DataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.CompactDataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.ContiguousDataLayoutMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Goes through the groups of an HDF5 file. The parts of the format are parsed by jhdf; the way from
 * group to group is our own, so that its depth and length have bounds, and no link is followed,
 * which jhdf would follow to another file.
 */
final class Hdf5Walk {

  private static final int DEEPEST = 32;
  private static final int MOST_OBJECTS = 100_000;
  private static final int LONGEST_NAME = 200;
  private static final int SOFT_LINK = 2;
  private static final long NOWHERE = -1;
  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

  private final Hdf5Storage storage;
  private final Hdf5File file;
  private int objects;

  /**
   * Begins at the head of a file.
   *
   * @param name what messages call it
   * @param file takes what is found
   */
  private Hdf5Walk(String name, ByteBuffer bytes, Hdf5File file) {
    if (!isHdf5(bytes)) {
      throw InputException.in(name, "not an HDF5 file", Hdf5File.FIX);
    }
    storage = new Hdf5Storage(name, bytes);
    this.file = file;
  }

  /**
   * Reads the structure of a file; numbers are only found.
   *
   * @param name what messages call it
   * @param memory of which tensors take some
   * @throws InputException if it is not an HDF5 file, or damaged
   */
  static Hdf5File read(String name, ByteBuffer bytes, MemoryLimit memory) {
    var file = new Hdf5File(name, memory);
    try {
      new Hdf5Walk(name, bytes, file).walk();
      return file;
    } catch (InputException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      throw damaged(name, e);
    }
  }

  /**
   * What jhdf throws where a file is not as it should be: exceptions of any kind, and where types
   * are nested thousandfold, too deep a stack.
   */
  private static InputException damaged(String name, Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      if (root.getCause() instanceof InputException ours) {
        return ours;
      }
      root = root.getCause();
    }
    String reason = root.getMessage();
    return InputException.in(
        name,
        "not a whole HDF5 file ("
            + (reason == null ? root.getClass().getSimpleName() : reason)
            + ")",
        Hdf5File.FIX);
  }

  /** Whether these bytes begin as an HDF5 file does. */
  static boolean isHdf5(ByteBuffer bytes) {
    var head = new byte[SIGNATURE.length];
    if (bytes.remaining() < head.length) {
      return false;
    }
    bytes.get(bytes.position(), head);
    return Arrays.equals(head, SIGNATURE);
  }

  /** A member of a group: an object of the file, or a link, of which only the name is read. */
  private record Member(String name, boolean linked, long address) {}

  private void walk() {
    if (!(storage.getSuperblock() instanceof Superblock.SuperblockV0V1 head)) {
      throw storage.refusal("written in a later form of HDF5 (libver), which Keras does not use");
    }
    long root = head.getRootGroupSymbolTableAddress();
    visit("", new SymbolTableEntry(storage, root).getObjectHeaderAddress(), 0);
  }

  private void visit(String path, long address, int depth) {
    if (depth > DEEPEST) {
      throw storage.refusal("groups nested deeper than " + DEEPEST);
    }
    storage.beginObject();
    Hdf5Header header = Hdf5Header.read(storage, address);
    if (header.has(Hdf5Header.DATA_SPACE)) {
      addDataset(path, header);
      return;
    }
    ByteBuffer table = header.data(Hdf5Header.SYMBOL_TABLE);
    if (table == null) {
      file.addUnreadable(path, "is not a group in the form that Keras writes");
      return;
    }
    file.addGroup(path, Hdf5Attributes.texts(header, storage));
    for (Member member : members(table)) {
      String below = path.isEmpty() ? member.name : path + "/" + member.name;
      if (member.linked) {
        file.addUnreadable(below, "is a link, which is not followed");
      } else {
        visit(below, member.address, depth + 1);
      }
    }
  }

  private List<Member> members(ByteBuffer table) {
    BTreeV1 tree = BTreeV1.createGroupBTree(storage, table.getLong(0));
    ByteBuffer names = new LocalHeap(storage, table.getLong(8)).getDataBuffer();
    var members = new ArrayList<Member>();
    for (long node : tree.getChildAddresses()) {
      storage.beginObject();
      for (SymbolTableEntry entry :
          new GroupSymbolTableNode(storage, node).getSymbolTableEntries()) {
        if (++objects > MOST_OBJECTS) {
          throw storage.refusal("more than " + MOST_OBJECTS + " groups and weights");
        }
        members.add(
            new Member(
                name(names, entry.getLinkNameOffset()),
                entry.getCacheType() == SOFT_LINK,
                entry.getObjectHeaderAddress()));
      }
    }
    return members;
  }

  private String name(ByteBuffer names, int from) {
    int end = from;
    while (names.get(end) != 0) {
      end++;
      if (end - from > LONGEST_NAME) {
        throw storage.refusal("a name of more than " + LONGEST_NAME + " letters");
      }
    }
    return StandardCharsets.UTF_8.decode(names.slice(from, end - from)).toString();
  }

  private void addDataset(String path, Hdf5Header header) {
    ByteBuffer typeData = header.data(Hdf5Header.DATA_TYPE);
    ByteBuffer spaceData = header.data(Hdf5Header.DATA_SPACE);
    ByteBuffer layoutData = header.data(Hdf5Header.DATA_LAYOUT);
    if (typeData == null || spaceData == null || layoutData == null) {
      file.addUnreadable(path, "lacks its type, its shape or its place");
    } else if (header.has(Hdf5Header.FILTERS)) {
      file.addUnreadable(path, "is compressed, as Keras never does");
    } else if (!(Hdf5Header.type(typeData) instanceof FloatingPoint type)) {
      file.addUnreadable(path, "has no numbers with a fraction");
    } else {
      int[] axes = Hdf5Header.axes(spaceData, storage);
      DataLayoutMessage layout =
          DataLayoutMessage.createDataLayoutMessage(
              layoutData, storage.getSuperblock(), new BitSet());
      if (axes == null) {
        file.addUnreadable(path, "is empty");
      } else {
        addNumbers(path, axes, type, layout);
      }
    }
  }

  private void addNumbers(String path, int[] axes, FloatingPoint type, DataLayoutMessage layout) {
    switch (layout) {
      case ContiguousDataLayoutMessage found -> {
        if (found.getAddress() == NOWHERE) {
          file.addUnreadable(path, "was never written");
        } else {
          file.addDataset(path, axes, type, storage.map(found.getAddress(), found.getSize()));
        }
      }
      case CompactDataLayoutMessage found ->
          file.addDataset(path, axes, type, found.getDataBuffer());
      default -> file.addUnreadable(path, "is divided into chunks, as Keras never does");
    }
  }
}
