/** Training on executors, and the commands that do it, with files on any file system of Hadoop. */
@NullMarked
package dev.unroll.spark.train;

import org.jspecify.annotations.NullMarked;
