package dev.unroll.interop.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of strangers end in a clear error: nothing is run, and no memory is taken for promises. */
@Timeout(20)
class HostileTorchFilesTest {

  @TempDir Path folder;

  /** A zip as torch.save writes it. */
  private Path pt(byte[] pickle, Map<String, byte[]> more) throws IOException {
    var entries = new LinkedHashMap<String, byte[]>();
    entries.put("m/data.pkl", pickle);
    entries.putAll(more);
    Path file = folder.resolve("hostile.pt");
    try (var out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (var entry : entries.entrySet()) {
        var header = new ZipEntry(entry.getKey());
        var crc = new CRC32();
        crc.update(entry.getValue());
        header.setMethod(ZipEntry.STORED);
        header.setSize(entry.getValue().length);
        header.setCrc(crc.getValue());
        out.putNextEntry(header);
        out.write(entry.getValue());
      }
    }
    return file;
  }

  private static void refused(Path file, String message) {
    assertThatThrownBy(() -> StateDict.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message);
  }

  private void refused(String pickle, String message) throws IOException {
    refused(pt(pickle.getBytes(StandardCharsets.ISO_8859_1), Map.of()), message);
  }

  @ParameterizedTest
  @CsvSource({
    "'\u0080\u0002cposix\nsystem\n(X\u0004\u0000\u0000\u0000exittR.', posix.system",
    "'\u0080\u0002cbuiltins\neval\n.', builtins.eval",
    "'\u0080\u0002ctorch\nload\n.', torch.load",
    "'\u0080\u0002c__builtin__\nexec\n.', __builtin__.exec",
    "'\u0080\u0002c__main__\nNet\n)\u0081.', __main__.Net",
    "'\u0080\u0004\u008c\u0002os\u008c\u0006system\u0093.', os.system",
  })
  void namesBeyondTensorsAreRefused(String pickle, String name) throws IOException {
    refused(pickle, "it names " + name + ", which is not a part of weights");
  }

  @ParameterizedTest
  @CsvSource({
    "'\u0080\u0002ccollections\nOrderedDict\n)\u0081.', the instruction 0x81",
    "'\u0080\u0002(i0\n.', the instruction 0x69",
    "'\u0080\u00022.', the instruction 0x32",
    "'\u0080\u0002\u0082\u0001.', the instruction 0x82",
    "'\u0080\u0002Pid\n.', the instruction 0x50",
    "'\u0080\u0002ctorch\nFloatStorage\n)R.', calls torch.FloatStorage",
    "'\u0080\u0002K\u0001)R.', calls something that is not a function",
    "'\u0080\u0002]K\u0001b.', sets the attributes of an object",
    "'\u0080\u0002(X\u0003\u0000\u0000\u0000foot\u0051.', names a storage that is none",
  })
  void instructionsBeyondTensorsAreRefused(String pickle, String what) throws IOException {
    refused(pickle, what);
  }

  @ParameterizedTest
  @CsvSource({
    "'\u0080\u0002', has no end",
    "'\u0080\u0002.', uses more values than it has",
    "'\u0080\u0002}X', ends too early",
    "'\u0080\u0002X\u00ff\u00ff\u00ff\u007fa.', a text of 2147483647 bytes",
    "'\u0080\u0002X\u00ff\u00ff\u00ff\u00ffa.', a text of -1 bytes",
    "'\u0080\u0002h\u0007.', uses what it has not kept",
    "'\u0080\u0002t.', no mark",
    "'\u0080\u0002}](s.', uses more values than it has",
    "'\u0080\u0002}]Ns.', a key that is neither text nor a number",
    "'\u0080\u0002]}K\u0001K\u0002sa.', no dictionary of tensors",
    "'\u0080\u0009.', of the protocol 9",
    "'\u0080\u0002\u008a\u0010\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000.', a number of 16 bytes",
  })
  void damagedPicklesAreRefused(String pickle, String what) throws IOException {
    refused(pickle, what);
  }

  /** Neither a deep value, nor one that contains itself, nor one that doubles, does harm. */
  @Test
  void nestingAndDoublingTakeNoMoreThanTheirBytes() throws IOException {
    refused("\u0080\u0002N" + "\u0085".repeat(1_000_000) + ".", "no dictionary of tensors");
    refused("\u0080\u0002" + "(".repeat(1_000_000) + ".", "uses more values");
    refused("\u0080\u0002]q\u0000h\u0000a.", "no dictionary of tensors"); // a list in itself
    refused("\u0080\u0002}q\u0000(X\u0001\u0000\u0000\u0000ah\u0000u.", "no dictionary");
    refused(
        "\u0080\u0002]q\u0000" + "h\u0000h\u0000\u0086q\u0000".repeat(100_000) + ".",
        "no dictionary");
    String many = "\u0080\u0002" + "]".repeat(Pickle.MOST_BYTES);
    refused(many, "more than " + Pickle.MOST_BYTES);
  }

  /** A tensor of a storage: what torch.save writes, with numbers of the caller's. */
  private static byte[] tensor(long storage, int offset, int[] axes, int[] strides) {
    var out = new ByteArrayOutputStream();
    text(out, "\u0080\u0002}");
    name(out, "w");
    text(out, "ctorch._utils\n_rebuild_tensor_v2\n((");
    name(out, "storage");
    text(out, "ctorch\nFloatStorage\n");
    name(out, "0");
    name(out, "cpu");
    number(out, storage);
    text(out, "tQ");
    number(out, offset);
    tuple(out, axes);
    tuple(out, strides);
    text(out, "\u0089NtRs.");
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void name(ByteArrayOutputStream out, String name) {
    text(out, "X" + (char) name.length() + "\u0000\u0000\u0000" + name);
  }

  private static void number(ByteArrayOutputStream out, long number) {
    text(out, "\u008a\u0008");
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
  }

  private static void tuple(ByteArrayOutputStream out, int[] numbers) {
    text(out, "(");
    for (int number : numbers) {
      number(out, number);
    }
    text(out, "t");
  }

  private Path withTensor(long storage, int offset, int[] axes, int[] strides) throws IOException {
    return pt(tensor(storage, offset, axes, strides), Map.of("m/data/0", new byte[24]));
  }

  @Test
  void tensorsStayInsideTheirStorage() throws IOException {
    int[] axes = {2, 3};
    int[] strides = {3, 1};
    Path good = withTensor(6, 0, axes, strides);
    assertThat(StateDict.read(good).tensors().get("w").size()).isEqualTo(6);
    String out = "reaches out of its storage";
    refused(withTensor(6, 1, axes, strides), out);
    refused(withTensor(6, 0, axes, new int[] {4, 1}), out);
    refused(withTensor(6, 0, axes, new int[] {Integer.MAX_VALUE, 1}), out);
    refused(withTensor(6, 7, new int[] {0}, new int[] {1}), out);
    refused(withTensor(6, 0, new int[] {-1, 3}, strides), "a tensor that is none");
    refused(withTensor(6, 0, new int[] {65_536, 65_536}, strides), "elements");
    refused(
        withTensor(6, 0, new int[] {1 << 30}, new int[] {0}), "far more elements than the file");
    refused(withTensor(7, 0, axes, strides), "has 24 bytes instead of 28");
    refused(withTensor(1L << 40, 0, axes, strides), "a storage of 1099511627776 elements");
    refused(withTensor(1 << 28, 0, axes, strides), "has 24 bytes instead of");
    refused(withTensor(-1, 0, axes, strides), "a storage of -1 elements");
  }

  @Test
  void zipsThatArePackedCutOrOfAnotherKindAreRefused() throws IOException {
    byte[] pickle = tensor(1 << 20, 0, new int[] {1 << 20}, new int[] {1});
    Path bomb = folder.resolve("bomb.pt");
    try (var out = new ZipOutputStream(Files.newOutputStream(bomb))) {
      for (String name : new String[] {"m/data.pkl", "m/data/0"}) {
        out.putNextEntry(new ZipEntry(name));
        out.write(name.endsWith("pkl") ? pickle : new byte[1 << 22]);
      }
    }
    refused(bomb, "is deflated, as torch.save never does");
    byte[] good = Files.readAllBytes(withTensor(6, 0, new int[] {6}, new int[] {1}));
    Path cut = Files.write(folder.resolve("cut.pt"), Arrays.copyOf(good, 200));
    refused(cut, "it has no directory");
    refused(pt(pickle, Map.of()), "it has no entry data/0");
    refused(pt(pickle, Map.of("n/data.pkl", pickle)), "several data.pkl");
    refused(pt(pickle, Map.of("m/constants.pkl", pickle)), "a program of TorchScript");
    refused(pt(pickle, Map.of("m/byteorder", "big".getBytes(StandardCharsets.UTF_8))), "big");
    Path keras = folder.resolve("keras.pt");
    try (var out = new ZipOutputStream(Files.newOutputStream(keras))) {
      out.putNextEntry(new ZipEntry("config.json"));
    }
    refused(keras, "a zip without data.pkl");
    refused(folder, "is not a regular file");
    refused(folder.resolve("none.pt"), "there is no such file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}} | overlaps another",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | does not fit its shape",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[5],\"data_offsets\":[0,20]}} | does not fit its shape",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-4,4]}} | does not fit its shape",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536],\"data_offsets\":[0,4]}} | elements",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1,-2],\"data_offsets\":[0,8]}} | negative",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,4294967297],\"data_offsets\":[0,0]}} | too large",
        "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[0,2]}} | F8_E4M3",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}} | data_offsets",
        "{\"a\":[1]} | is a list",
        "[] | ",
        "{ | ",
      })
  void headersThatLieAreRefused(String header, String message) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    var bytes = ByteBuffer.allocate(8 + json.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    Path file = Files.write(folder.resolve("hostile.safetensors"), bytes.array());
    refused(file, message == null ? "is not a valid safetensors file" : message);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, 17, 1L << 24, 1L << 40, Long.MAX_VALUE})
  void lengthsOfHeadersAreChecked(long length) throws IOException {
    var bytes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    Path file = Files.write(folder.resolve("hostile.safetensors"), bytes.array());
    refused(file, "not the length of a header");
  }

  /** Whatever bytes change, the answer is weights or an error that names the file. */
  @ParameterizedTest
  @ValueSource(strings = {"words.pt", "checkpoint.pt", "gru.one-layer.pt", "words.safetensors"})
  void changedBytesAreHarmless(String name) throws IOException {
    byte[] good = Files.readAllBytes(Golden.path(name));
    var random = new Random(30);
    Path file = folder.resolve("changed");
    for (int i = 0; i < 500; i++) {
      byte[] changed = good.clone();
      for (int j = 0; j <= i % 4; j++) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, changed);
      try {
        StateDict.read(file);
      } catch (InputException e) {
        assertThat(e).hasMessageContaining(file.toString());
      }
    }
  }
}
