package dev.unroll.interop.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of NumPy, some as NumPy 1.24 wrote them. */
class NpyFileTest {

  @TempDir Path folder;

  private static Tensor read(byte[] bytes) {
    return NpyFile.read(bytes, MemoryLimit.ofHeap());
  }

  private static Tensor read(String base64) {
    return read(Base64.getDecoder().decode(base64));
  }

  /** A file of version 1 with this header. */
  private static byte[] file(String header, int elementBytes) {
    var bytes = ByteBuffer.allocate(10 + header.length() + elementBytes);
    bytes.order(ByteOrder.LITTLE_ENDIAN).put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'});
    bytes.put((byte) 1).put((byte) 0).putShort((short) header.length());
    bytes.put(header.getBytes(StandardCharsets.ISO_8859_1));
    return bytes.array();
  }

  private static void refused(String header, int elementBytes, String part) {
    assertThatThrownBy(() -> read(file(header, elementBytes)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(part);
  }

  /** {@code numpy.asfortranarray((numpy.arange(6).reshape(2, 3) + 0.5).astype('>f8'))}. */
  @Test
  void readsColumnsFirstAndBigEndian() {
    assertThat(
            read(
                "k05VTVBZAQB2AHsnZGVzY3InOiAnPmY4JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUn"
                    + "OiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
                    + "ICAgICAgICAgICAgIAo/4AAAAAAAAEAMAAAAAAAAP/gAAAAAAABAEgAAAAAAAEAEAAAAAAAAQBYA"
                    + "AAAAAAA="))
        .isEqualTo(Tensor.of(new double[] {0.5, 1.5, 2.5, 3.5, 4.5, 5.5}, 2, 3));
  }

  /** {@code numpy.array(['a', 'bcé', ''])}, version 2. */
  @Test
  void readsTexts() {
    assertThat(
            read(
                "k05VTVBZAgB0AAAAeydkZXNjcic6ICc8VTMnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hh"
                    + "cGUnOiAoMywpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
                    + "ICAgICAgICAgICAgIAphAAAAAAAAAAAAAABiAAAAYwAAAOkAAAAAAAAAAAAAAAAAAAA="))
        .isEqualTo(Tensor.adopt(ElementType.STRING, Shape.of(3), new String[] {"a", "bcé", ""}));
  }

  /** {@code numpy.array([[1, 2], [3, -4]], dtype='<i2')}, version 3. */
  @Test
  void readsVersionThree() {
    assertThat(
            read(
                "k05VTVBZAwB0AAAAeydkZXNjcic6ICc8aTInLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hh"
                    + "cGUnOiAoMiwgMiksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
                    + "ICAgICAgICAgICAgIAoBAAIAAwD8/w=="))
        .isEqualTo(Tensor.adopt(ElementType.INT16, Shape.of(2, 2), new long[] {1, 2, 3, -4}));
  }

  @Test
  void everyTypeComesBack() throws IOException {
    for (ElementType type : ElementType.OF_FILES) {
      Tensor tensor = TestTensors.random(type, 7, 2, 3);
      Path file = folder.resolve(type.label() + ".npy");
      NpyFile.write(file, tensor);
      assertThat(Files.size(file)).isGreaterThan(64);
      Tensor same =
          type == ElementType.BFLOAT16
              ? Tensor.adopt(ElementType.FLOAT, tensor.shape(), tensor.elements())
              : tensor;
      assertThat(NpyFile.read(file)).isEqualTo(same);
    }
    for (Tensor tensor : new Tensor[] {Tensor.of(new float[] {3}), Tensor.of(new float[0], 2, 0)}) {
      assertThat(read(NpyFile.bytes(tensor))).isEqualTo(tensor);
    }
  }

  @Test
  void elementsBeginWhereNumpyWantsThem() {
    byte[] bytes = NpyFile.bytes(Tensor.of(new float[] {1, 2}, 2));
    assertThat(bytes).hasSize(128 + 8);
    assertThat(new String(bytes, 10, 118, StandardCharsets.US_ASCII))
        .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }   ")
        .endsWith("\n");
  }

  @Test
  void onlyAPlainDictionaryIsUnderstood() {
    String good = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }";
    assertThat(read(file(good, 4))).isEqualTo(Tensor.of(new float[1], 1));
    assertThat(read(file("{\"shape\":(1L ,),\"fortran_order\":True,\"descr\":\">f4\"}\n", 4)))
        .isEqualTo(Tensor.of(new float[1], 1));
    refused(good + "x", 4, "not whole");
    refused("{'descr': '<f4', 'fortran_order': False}", 4, "not whole");
    refused("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", 8, "type |O");
    refused("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", 8, "type <c8");
    refused("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", 4, "not valid");
    refused("{'descr': '<f4', 'fortran_order': False, 'shape': (f(),)}", 4, "length of an axis");
    refused("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", 4, "length of an axis");
    refused("{'descr': '<f4', 'more': 'a', 'shape': (1,)}", 4, "unknown field more");
    refused("{'descr': '<f4", 4, "closing quote");
  }

  @Test
  void sizesAreCheckedBeforeMemoryIsTaken() {
    refused(
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2000000000,)}", 8, "16,000,000,000");
    refused(
        "{'descr': '<f8', 'fortran_order': False, 'shape': (65536, 65536, 65536, 65536)}",
        8,
        "not possible");
    refused("{'descr': '<U0', 'fortran_order': False, 'shape': (2000000000,)}", 0, "of the heap");
    byte[] whole = NpyFile.bytes(Tensor.of(new float[] {1, 2}, 2));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(InputException.class);
    }
  }
}
