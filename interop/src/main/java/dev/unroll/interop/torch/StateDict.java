package dev.unroll.interop.torch;

import dev.unroll.base.InputException;
import dev.unroll.file.SafeFiles;
import dev.unroll.interop.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The weights of a PyTorch module by name, in the order of the file.
 *
 * @param source what messages call the file
 * @param tensors the weights
 */
public record StateDict(String source, Map<String, Tensor> tensors) {

  private static final int ZIP = 0x504b0304;
  private static final int LEGACY = 0x80028a0a;
  private static final String HOW = "torch.save(model.state_dict(), \"weights.pt\")";

  /** Creates weights with a copy of the map. */
  public StateDict {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * Reads a file that {@code torch.save} or safetensors has written. Nothing of it is run.
   *
   * @throws InputException if it cannot be read, is damaged, or holds more than weights
   */
  public static StateDict read(Path file) {
    if (!Files.isRegularFile(file)) { // a pipe would be waited for
      throw InputException.in(
          file,
          Files.exists(file) ? "is not a regular file" : "there is no such file",
          "Name a file that " + HOW + " or safetensors has written.");
    }
    try {
      return switch (first(file)) {
        case ZIP -> new StateDict(file.toString(), PtArchive.read(file));
        case LEGACY ->
            throw InputException.in(
                file,
                "is in the form that PyTorch wrote before version 1.6",
                "Write it again, in a newer Python: " + "torch.save(torch.load(FILE), NEW).");
        default -> new StateDict(file.toString(), SafetensorsArchive.read(file));
      };
    } catch (IOException e) {
      throw InputException.in(
          file, "cannot be read: " + SafeFiles.reason(e), "Copy it again, or write it again.");
    }
  }

  /** The first four bytes; 0 where there are fewer. */
  private static int first(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var bytes = ByteBuffer.allocate(4);
      int read = 0;
      while (bytes.hasRemaining() && read >= 0) {
        read = channel.read(bytes);
      }
      return bytes.hasRemaining() ? 0 : bytes.getInt(0);
    }
  }
}
