package dev.unroll;

import dev.unroll.base.InputException;
import dev.unroll.network.Network;
import dev.unroll.task.Defaults;
import dev.unroll.train.Preset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the user of a trainer said about the network. The rest is usual for the task and data. */
final class ChosenNetwork {

  /** Layers that were chosen, to which the rest is added that is usual; null for the usual ones. */
  private @Nullable Network layers;

  /** A network that is taken as it is, or null. */
  private @Nullable Network whole;

  /** The network of the model that is trained further, or null. */
  private @Nullable Network ofModel;

  private final List<UnaryOperator<Network>> changes = new ArrayList<>();

  void setLayers(Network value) {
    layers = value;
    whole = null;
    changes.clear();
  }

  void setWhole(Network value) {
    whole = value;
    changes.clear();
  }

  /** Takes the network of a model, of which only dropout may be changed afterwards. */
  void setOfModel(Network value) {
    setWhole(value);
    ofModel = value;
  }

  boolean isWhole() {
    return whole != null;
  }

  void change(UnaryOperator<Network> change) {
    changes.add(change);
  }

  /**
   * Returns the network.
   *
   * @param completed makes of layers what they usually are for the data
   */
  Network of(Defaults usual, Preset preset, UnaryOperator<Network> completed) {
    Network chosen = whole;
    if (chosen == null) {
      chosen = completed.apply(layers == null ? usual.network(preset) : usual.of(layers));
    }
    for (UnaryOperator<Network> change : changes) {
      chosen = change.apply(chosen);
    }
    if (ofModel != null && !chosen.withDropouts(ofModel.dropouts()).equals(ofModel)) {
      throw new InputException(
          "a model that is trained further keeps its network, and another one was chosen",
          "Leave that out, or change nothing but its dropout.");
    }
    return chosen;
  }
}
