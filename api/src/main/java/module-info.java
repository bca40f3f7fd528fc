/** Models of every task, trained and used in a few lines of Java. */
module dev.unroll.api {
  requires transitive dev.unroll.core;
  requires transitive dev.unroll.text;
  requires static org.jspecify;

  exports dev.unroll;
}
