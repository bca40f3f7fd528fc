/**
 * Networks that come from other frameworks, or go to them, in a form that belongs to none: gates by
 * name, both conventions of each cell; and their exact conversion to and from our own.
 */
@NullMarked
package dev.unroll.interop.weights;

import org.jspecify.annotations.NullMarked;
