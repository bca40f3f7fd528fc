package dev.unroll.interop.keras;

import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.datatype.VariableLength;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of an object that are of interest, each a text or a list of texts. All others are
 * passed over: the name of each layer stands in one heap, which is read whole for each of them.
 */
final class Hdf5Attributes {

  /** The bytes of a text of any length: its own length, and where it stands. */
  private static final int REFERENCE = 16;

  private static final Set<String> WANTED = Set.of("model_config", "layer_names", "weight_names");

  private Hdf5Attributes() {}

  /** The texts by the names of their attributes. */
  static Map<String, List<String>> texts(Hdf5Header header, Hdf5Storage storage) {
    var texts = new LinkedHashMap<String, List<String>>();
    for (Hdf5Header.Message message : header.messages()) {
      if (message.type() == Hdf5Header.ATTRIBUTE && !message.shared()) {
        add(message.data(), storage, texts);
      }
    }
    return texts;
  }

  private static void add(ByteBuffer bytes, Hdf5Storage storage, Map<String, List<String>> texts) {
    int version = bytes.get();
    int flags = bytes.get();
    int nameSize = Short.toUnsignedInt(bytes.getShort());
    int typeSize = Short.toUnsignedInt(bytes.getShort());
    int spaceSize = Short.toUnsignedInt(bytes.getShort());
    if (version == 3) {
      bytes.get(); // the encoding of the name, of which UTF-8 knows all
    } else if (version != 1 && version != 2) {
      return;
    }
    int padding = version == 1 ? 8 : 1;
    String name = name(part(bytes, nameSize, padding));
    ByteBuffer typePart = part(bytes, typeSize, padding);
    ByteBuffer spacePart = part(bytes, spaceSize, padding);
    if (!WANTED.contains(name) || (version != 1 && flags != 0)) {
      return; // of others with flags, type or axes stand elsewhere
    }
    DataType type = Hdf5Header.type(typePart);
    int[] axes = Hdf5Header.axes(spacePart, storage);
    List<String> found =
        type == null || axes == null ? null : texts(type, axes, bytes.slice(), storage);
    if (found != null) {
      texts.put(name, found);
    }
  }

  private static ByteBuffer part(ByteBuffer bytes, int size, int padding) {
    ByteBuffer part = bytes.slice(bytes.position(), size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(bytes.position() + (size + padding - 1) / padding * padding);
    return part;
  }

  private static String name(ByteBuffer bytes) {
    String name = StandardCharsets.UTF_8.decode(bytes).toString();
    int end = name.indexOf(0);
    return end < 0 ? name : name.substring(0, end);
  }

  private static @Nullable List<String> texts(
      DataType type, int[] axes, ByteBuffer data, Hdf5Storage storage) {
    data.order(ByteOrder.LITTLE_ENDIAN);
    if (axes.length > 1) {
      return null;
    }
    int count = axes.length == 0 ? 1 : axes[0];
    if (type instanceof StringData text) {
      if (text.getSize() == 0 || (long) count * text.getSize() > data.remaining()) {
        return null;
      }
      return List.of((String[]) text.fillData(data, new int[] {count}, storage));
    }
    // Each of several could be as long as the file.
    boolean one =
        type instanceof VariableLength text
            && text.isVariableLengthString()
            && text.getSize() == REFERENCE
            && count == 1
            && data.remaining() >= REFERENCE;
    return one
        ? List.of((String[]) type.fillData(data.limit(REFERENCE), new int[] {1}, storage))
        : null;
  }
}
