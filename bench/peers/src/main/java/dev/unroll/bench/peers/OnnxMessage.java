package dev.unroll.bench.peers;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;

/** Builds a message of {@code onnx.proto}: numbered fields, written in the order of the calls. */
final class OnnxMessage {

  private final UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();

  OnnxMessage number(int field, long value) {
    return add(field, UnknownFieldSet.Field.newBuilder().addVarint(value).build());
  }

  OnnxMessage text(int field, String value) {
    return bytes(field, ByteString.copyFromUtf8(value));
  }

  OnnxMessage bytes(int field, ByteString value) {
    return add(field, UnknownFieldSet.Field.newBuilder().addLengthDelimited(value).build());
  }

  OnnxMessage message(int field, OnnxMessage value) {
    return bytes(field, value.fields.build().toByteString());
  }

  byte[] toByteArray() {
    return fields.build().toByteArray();
  }

  private OnnxMessage add(int field, UnknownFieldSet.Field value) {
    fields.mergeField(field, value);
    return this;
  }
}
