package dev.unroll.interop;

import dev.unroll.base.InputException;
import dev.unroll.interop.chain.ChainModel;
import dev.unroll.interop.keras.KerasModel;
import dev.unroll.interop.torch.StateDict;
import dev.unroll.interop.torch.TorchNetwork;
import dev.unroll.interop.weights.NetworkHint;
import dev.unroll.interop.weights.PortableNetwork;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A network as a file of another framework has it.
 *
 * @param framework what wrote the file
 * @param network what was found in it
 * @param described whether the file says how a sequence becomes one vector, if it does
 * @param findings what was taken for what, a line each
 */
record ImportedNetwork(
    String framework, PortableNetwork network, boolean described, List<String> findings) {

  /**
   * Reads a file.
   *
   * @param like a description of what the file does not say; null for none
   * @param vocabulary the number of tokens; 0 if unknown
   */
  static ImportedNetwork read(Path file, @Nullable Path like, int vocabulary) {
    NetworkHint hint = like == null ? NetworkHint.NONE : NetworkHint.read(like);
    if (file.toString().toLowerCase(Locale.ROOT).endsWith(".onnx")) {
      if (like != null) {
        throw InputException.in(file, "describes its layers itself", "Leave {like} out.");
      }
      ChainModel found = ChainModel.open(file);
      return new ImportedNetwork("ONNX", found.network(), true, found.findings());
    }
    if (KerasModel.isKeras(file)) {
      KerasModel found = KerasModel.open(file, hint);
      return new ImportedNetwork("Keras", found.network(), found.described(), found.notes());
    }
    TorchNetwork.Found found = TorchNetwork.of(StateDict.read(file), hint, vocabulary);
    return new ImportedNetwork("PyTorch", found.network(), false, found.findings());
  }

  /**
   * Refuses a network that is known to give one vector for a whole sequence where there should be
   * outputs of each step, or the other way.
   */
  void require(boolean perStep) {
    boolean perSequence = network.pooling() != null;
    if (perStep && perSequence) {
      throw new InputException(
          "it says one thing of a whole sequence, not of each step", "Import it as a classifier.");
    }
    if (!perStep && !perSequence && described) {
      throw new InputException(
          "it says something of each step, and not one thing of a whole sequence",
          "Import it as a tagger or a language model.");
    }
  }
}
