package dev.unroll.interop.onnx.graph;

import static dev.unroll.interop.onnx.Models.floats;
import static dev.unroll.interop.onnx.Models.graph;
import static dev.unroll.interop.onnx.Models.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.unroll.base.InputException;
import dev.unroll.interop.onnx.Models;
import dev.unroll.interop.tensor.ElementBytes;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.tensor.TestTensors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights in files beside a model, and models that name other files. */
class ExternalDataTest {

  private static final Tensor WEIGHTS = TestTensors.floats(1, 2, 3);

  @TempDir Path folder;
  private Path own;

  @BeforeEach
  void writeFiles() throws IOException {
    own = Files.createDirectories(folder.resolve("own/weights")).getParent();
    var bytes = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN).position(8);
    ElementBytes.write(WEIGHTS, bytes);
    Files.write(own.resolve("w.bin"), bytes.array());
    Files.write(own.resolve("weights/w.bin"), bytes.array());
    Files.write(folder.resolve("secret"), bytes.array());
  }

  /** A model whose weights are elsewhere; keys and values in turn. */
  private static ModelProto model(String... entries) {
    var tensor =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(TensorProto.DataType.FLOAT.getNumber())
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addDims(2)
            .addDims(3);
    for (int i = 0; i < entries.length; i += 2) {
      tensor.addExternalData(
          StringStringEntryProto.newBuilder().setKey(entries[i]).setValue(entries[i + 1]));
    }
    return Models.model(
            graph(node("Add", "x w", "y"))
                .addInitializer(tensor)
                .addInput(floats("x"))
                .addOutput(floats("y")))
        .build();
  }

  private ModelGraph read(String... entries) {
    try {
      Path file = own.resolve("m.onnx");
      Files.write(file, model(entries).toByteArray());
      return ModelReader.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void refused(String part, String... entries) {
    assertThatThrownBy(() -> read(entries))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(own.resolve("m.onnx") + ": the tensor w ")
        .hasMessageContaining(part);
  }

  @Test
  void filesOfTheFolderAreRead() {
    for (String location : new String[] {"w.bin", "./w.bin", "weights/w.bin"}) {
      assertThat(read("location", location, "offset", "8", "length", "24").graph().initializers())
          .containsEntry("w", WEIGHTS);
      assertThat(read("location", location, "offset", "16").graph().initializers())
          .doesNotContainEntry("w", WEIGHTS);
    }
  }

  @Test
  void otherFilesAreNot() throws IOException {
    refused("outside of the model's folder", "location", "../secret");
    refused("outside of the model's folder", "location", "weights/../../secret");
    refused("outside of the model's folder", "location", folder.resolve("secret").toString());
    refused("outside of the model's folder", "location", "../../../../../../etc/passwd");
    refused("outside of the model's folder", "location", "/etc/passwd");
    Files.createSymbolicLink(own.resolve("link"), folder.resolve("secret"));
    refused("outside of the model's folder", "location", "link");
    Files.createSymbolicLink(own.resolve("up"), folder);
    refused("outside of the model's folder", "location", "up/secret");
    refused("not a regular file", "location", "weights");
    refused("no such file", "location", "nothing");
    refused("without name", "location", "");
    refused("without name", "offset", "0");
    refused("not valid", "location", "a\0b");
  }

  @Test
  void placesAreChecked() {
    refused(
        "takes 24 bytes from 17 of w.bin, which has only 40", "location", "w.bin", "offset", "17");
    refused("only 40", "location", "w.bin", "offset", "999999999999999999");
    refused("offset", "location", "w.bin", "offset", "-8");
    refused("offset", "location", "w.bin", "offset", "99999999999999999999");
    refused("20 bytes in w.bin, not 24", "location", "w.bin", "length", "20");
  }

  @Test
  void aStreamHasNoFiles() {
    byte[] bytes = model("location", "w.bin", "offset", "8").toByteArray();
    assertThatThrownBy(() -> ModelReader.read(new ByteArrayInputStream(bytes), "m"))
        .hasMessageContaining("which a stream does not have");
  }

  @Test
  void linksWithinTheFolderAreFollowed() throws IOException {
    Files.createSymbolicLink(own.resolve("inner"), own.resolve("weights"));
    assertThat(read("location", "inner/w.bin", "offset", "8").graph().initializers())
        .containsEntry("w", WEIGHTS);
  }
}
