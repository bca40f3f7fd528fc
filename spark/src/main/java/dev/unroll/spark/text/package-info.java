/** Vocabularies of texts in Datasets. */
@NullMarked
package dev.unroll.spark.text;

import org.jspecify.annotations.NullMarked;
