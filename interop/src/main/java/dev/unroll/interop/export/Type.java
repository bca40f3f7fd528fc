package dev.unroll.interop.export;

/** The types of elements that exported graphs have, with their numbers in ONNX files. */
enum Type {
  FLOAT(1),
  INT32(6),
  INT64(7),
  BOOL(9),
  DOUBLE(11);

  private final int number;

  Type(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
