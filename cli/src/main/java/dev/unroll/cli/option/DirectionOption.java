package dev.unroll.cli.option;

import dev.unroll.base.Direction;
import dev.unroll.network.Network;
import picocli.CommandLine.Option;

/** Which way the layers read. */
@KeptInModel
public final class DirectionOption {

  @Option(
      names = "--direction",
      paramLabel = "WAY",
      defaultValue = "both",
      description =
          "Direction of the layers: both (outputs concatenated), sum (both directions,"
              + " outputs added) or forward. Default: ${DEFAULT-VALUE}.")
  String direction = "both";

  /** Returns the direction asked for. */
  public Direction direction() {
    return Network.direction(direction);
  }

  /** Returns which way the layers of a model read, as the option says it. */
  public static String label(Network own) {
    return own.layers().getFirst().direction().label();
  }
}
