/** Models of every task on Apache Spark, with the same bits as on one machine. */
@NullMarked
package dev.unroll.spark;

import org.jspecify.annotations.NullMarked;
