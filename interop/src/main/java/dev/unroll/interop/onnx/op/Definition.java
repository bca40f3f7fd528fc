package dev.unroll.interop.onnx.op;

/**
 * What an operator means from one version of the operator set on, up to the next definition of the
 * same name.
 *
 * @param domain empty for ONNX's own operators
 * @param since the first version with this meaning; the lowest of a name may be older than the
 *     oldest version that is understood
 */
public record Definition(String domain, String name, int since, Operator operator) {

  /** A definition in ONNX's own domain. */
  public Definition(String name, int since, Operator operator) {
    this("", name, since, operator);
  }
}
