package dev.unroll.interop;

import dev.unroll.interop.keras.KerasModel;
import dev.unroll.interop.torch.StateDict;
import dev.unroll.interop.torch.TorchHint;
import dev.unroll.interop.torch.TorchNetwork;
import dev.unroll.interop.weights.PortableNetwork;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network as a file of another framework has it.
 *
 * @param framework what wrote the file
 * @param network what was found in it
 * @param findings what was taken for what, a line each
 */
record ImportedNetwork(String framework, PortableNetwork network, List<String> findings) {

  /**
   * Reads a file.
   *
   * @param like a description of what the file does not say; null for none
   * @param vocabulary the number of tokens; 0 if unknown
   */
  static ImportedNetwork read(Path file, @Nullable Path like, int vocabulary) {
    TorchHint hint = like == null ? TorchHint.NONE : TorchHint.read(like);
    if (KerasModel.isKeras(file)) {
      KerasModel model = KerasModel.open(file, hint);
      return new ImportedNetwork("Keras", model.network(), model.notes());
    }
    TorchNetwork.Found found = TorchNetwork.of(StateDict.read(file), hint, vocabulary);
    return new ImportedNetwork("PyTorch", found.network(), found.findings());
  }
}
