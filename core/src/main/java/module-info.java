/**
 * The recurrent engine: kernels, cells, networks, training and the models of every task.
 *
 * <p>Exported to everyone is what a program that uses models names: models and their results,
 * descriptions of networks and trainings, interfaces for own data. The rest is exported to the
 * other modules of Unroll.
 *
 * <p>On the module path the Vector API is resolved with this module, without a flag. On the class
 * path, where it needs one, Unroll also runs without it.
 */
@SuppressWarnings("module") // the modules that use this one are not there when it is compiled
module dev.unroll.core {
  requires java.management;
  requires jdk.incubator.vector;
  requires static org.jspecify;

  exports dev.unroll.cell;
  exports dev.unroll.data;
  exports dev.unroll.file;
  exports dev.unroll.head;
  exports dev.unroll.kernel;
  exports dev.unroll.layer;
  exports dev.unroll.measure;
  exports dev.unroll.network;
  exports dev.unroll.task;
  exports dev.unroll.task.forecast;
  exports dev.unroll.task.label;
  exports dev.unroll.task.lm;
  exports dev.unroll.task.recognize;
  exports dev.unroll.task.regress;
  exports dev.unroll.task.transduce;
  exports dev.unroll.train;
  exports dev.unroll.train.optimizer;
  exports dev.unroll.tasks to
      dev.unroll.api,
      dev.unroll.cli;

  uses dev.unroll.data.SeriesFormat;
  uses dev.unroll.data.TokenizerFormat;
}
