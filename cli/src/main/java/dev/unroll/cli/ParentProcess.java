package dev.unroll.cli;

/**
 * The process that started this one to give it options of the JVM, as the single jar does. It
 * passes signals on; one that is killed cannot, and would leave this process running unseen.
 */
final class ParentProcess {

  /** The property that holds its id. */
  static final String ID = "unroll.parent";

  /** The status of a process that SIGTERM has ended, which is how this one would have ended. */
  private static final int TERMINATED = 143;

  private ParentProcess() {}

  /** Ends this process, as SIGTERM does, when its parent has ended without it. */
  static void endWithIt() {
    Long id = Long.getLong(ID);
    if (id == null) {
      return;
    }
    var parent = ProcessHandle.current().parent().filter(each -> each.pid() == id);
    if (parent.isEmpty()) { // killed before we looked: orphans get another parent
      System.exit(TERMINATED);
    }
    var ended = parent.orElseThrow().onExit();
    Thread.ofPlatform()
        .daemon()
        .name("unroll-parent")
        .start(
            () -> {
              ended.join();
              System.exit(TERMINATED);
            });
  }
}
