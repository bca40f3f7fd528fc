package dev.unroll.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A function in TorchScript, compiled by PyTorch: it can use operations that DJL does not offer,
 * and it runs many of them in one call from Java.
 *
 * <p>DJL can only load such functions, from the archive that {@code torch.jit.save} writes. That is
 * a ZIP file with the source, a pickled object of its class, here without fields, and an empty list
 * of constants; it is written here, so Python is not needed.
 */
final class TorchScript implements AutoCloseable {

  /** Protocol 2; the class; its object of no arguments; its state of no fields; end. */
  private static final String PICKLED_OBJECT = "\u0080\2c__torch__\nFunction\n)\u0081}b.";

  /** Protocol 2; an empty tuple; end. */
  private static final String PICKLED_CONSTANTS = "\u0080\2).";

  private static final String ARCHIVE_VERSION = "10\n";

  private final PtSymbolBlock block;

  private TorchScript(PtSymbolBlock block) {
    this.block = block;
  }

  /**
   * Compiles a function that returns a tensor.
   *
   * @param parameters with their types, such as {@code x: Tensor, a: List[Tensor]}
   * @param body its lines
   */
  static TorchScript compile(NDManager manager, String parameters, String body) {
    String header =
        """
        class Function(Module):
          __parameters__ = []
          __buffers__ = []
          def forward(self: __torch__.Function, %s) -> Tensor:
        """
            .formatted(parameters);
    try {
      var archive = new ByteArrayInputStream(archive(header + body.indent(4)));
      return new TorchScript(
          JniUtils.loadModule((PtNDManager) manager, archive, /* mapLocation= */ false, false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Calls the function; records operations for the gradient if {@code training}. */
  NDArray call(boolean training, NDArray... arguments) {
    return IValueUtils.forward(block, new NDList(arguments), training).singletonOrThrow();
  }

  /** Calls a function that returns a tensor of one number. */
  float number(NDManager manager, IValue... arguments) {
    try (IValue result = block.forward(arguments);
        NDArray number = result.toTensor((PtNDManager) manager)) {
      return number.getFloat();
    }
  }

  /** Calls a function that writes its results into its arguments. */
  void run(IValue... arguments) {
    block.forward(arguments).close();
  }

  @Override
  public void close() {
    block.close();
  }

  private static byte[] archive(String source) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      store(zip, "data.pkl", PICKLED_OBJECT);
      store(zip, "code/__torch__.py", source);
      store(zip, "constants.pkl", PICKLED_CONSTANTS);
      store(zip, "version", ARCHIVE_VERSION);
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    var checksum = new CRC32();
    checksum.update(bytes);
    var entry = new ZipEntry("function/" + name);
    entry.setMethod(ZipEntry.STORED); // PyTorch reads its archives in place
    entry.setSize(bytes.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }
}
