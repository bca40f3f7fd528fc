/** Vocabularies of texts that stand in Datasets. */
@NullMarked
package dev.unroll.spark.text;

import org.jspecify.annotations.NullMarked;
