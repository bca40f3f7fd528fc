package dev.unroll.interop.onnx.graph;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.MemoryLimit;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Parses the bytes of protobuf messages from a source that is not trusted. A message of two bytes
 * becomes an object of a hundred; so the bytes are walked through first, and what their messages
 * will take of the memory is counted before any of them is created.
 */
final class Messages {

  /** Messages within messages; a graph within a graph takes three. */
  private static final int DEEPEST = 60;

  /** About how many bytes a message takes in memory, besides what it refers to. */
  private static final int MESSAGE = 160;

  /** About how many bytes a text or an unknown field takes in memory, besides its content. */
  private static final int TEXT = 64;

  private final CodedInputStream in;
  private final MemoryLimit memory;
  private int depth;

  private Messages(CodedInputStream in, MemoryLimit memory) {
    this.in = in;
    this.memory = memory;
  }

  /** Returns the message of these bytes, which it goes on using. */
  static <M extends Message> M parse(byte[] bytes, M type, MemoryLimit memory) {
    try {
      ByteString all = UnsafeByteOperations.unsafeWrap(bytes);
      new Messages(all.newCodedInput(), memory).walk(type.getDescriptorForType());
      CodedInputStream in = all.newCodedInput();
      in.enableAliasing(true);
      @SuppressWarnings("unchecked")
      M message = (M) type.getParserForType().parseFrom(in);
      return message;
    } catch (InvalidProtocolBufferException e) {
      throw refused("is not whole, or not an ONNX file: " + reason(e));
    } catch (IOException e) {
      throw new IllegalStateException("the bytes are in memory", e);
    }
  }

  /** The library's sentences are about its own interface. */
  private static String reason(InvalidProtocolBufferException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("unexpectedly")
        ? "it ends within a field"
        : "a field of it is not valid (" + message.replaceFirst("\\.$", "") + ")";
  }

  private void walk(Descriptor type) throws IOException {
    refuse(++depth > DEEPEST, "has messages nested deeper than " + DEEPEST);
    memory.take("a message", MESSAGE);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      switch (WireFormat.getTagWireType(tag)) {
        case WireFormat.WIRETYPE_LENGTH_DELIMITED -> walk(field);
        case WireFormat.WIRETYPE_START_GROUP, WireFormat.WIRETYPE_END_GROUP ->
            throw refused("is not an ONNX file: it has groups of fields");
        default -> {
          boolean element = field != null && field.isPackable();
          memory.take("a number", element ? 2 * Long.BYTES : TEXT);
          in.skipField(tag);
        }
      }
    }
    depth--;
  }

  /** Walks through a message, or passes a text or numbers. */
  private void walk(@Nullable FieldDescriptor field) throws IOException {
    int length = in.readRawVarint32();
    refuse(length < 0, "is not whole, or not an ONNX file: a field of it has no length");
    if (field != null && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      int outer = in.pushLimit(length);
      walk(field.getMessageType());
      in.popLimit(outer);
      return;
    }
    if (field != null && field.isPackable()) { // numbers, at least a byte each
      memory.take("a list of numbers", 2L * Long.BYTES * length);
    } else {
      memory.take("a text", TEXT + (isAliased(field) ? 0L : 2L * length));
    }
    in.skipRawBytes(length);
  }

  /** Raw data stays where it is. */
  private static boolean isAliased(@Nullable FieldDescriptor field) {
    return field != null && field.getJavaType() == FieldDescriptor.JavaType.BYTE_STRING;
  }

  static InputException refused(String problem) {
    return new InputException(problem, "Export the model again, or copy the file again.");
  }

  static void refuse(boolean wrong, String problem) {
    if (wrong) {
      throw refused(problem);
    }
  }

  /** Returns a text that ONNX keeps as bytes. */
  static String text(ByteString bytes, String what) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.asReadOnlyByteBuffer()).toString();
    } catch (CharacterCodingException e) {
      throw refused(what + " is text that is not UTF-8");
    }
  }
}
