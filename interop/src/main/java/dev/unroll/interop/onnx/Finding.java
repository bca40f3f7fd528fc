package dev.unroll.interop.onnx;

/**
 * A bug that was found in a model.
 *
 * @param where the node or input
 * @param what what is wrong, and its consequence
 * @param cure how to fix it
 * @param repairable whether {@link OnnxRepair} fixes it exactly
 */
public record Finding(Fault fault, String where, String what, String cure, boolean repairable) {

  /** One line for people. */
  @Override
  public String toString() {
    return where + " " + what + ". " + cure;
  }
}
