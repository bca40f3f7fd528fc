package dev.unroll.interop.onnx;

/**
 * A fault that was found in a model.
 *
 * @param where the node or input
 * @param what what is wrong, and what comes of it
 * @param cure what to do about it
 * @param repairable whether {@link OnnxRepair} cures it exactly
 */
public record Finding(Fault fault, String where, String what, String cure, boolean repairable) {

  /** One line for people. */
  @Override
  public String toString() {
    return where + " " + what + ". " + cure;
  }
}
