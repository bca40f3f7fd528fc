package dev.unroll.interop.chain;

/** An operator that has no place in a chain of layers; another output may do without it. */
final class NoLayerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NoLayerException(String message) {
    super(message);
  }
}
