package dev.unroll.interop.chain;

/**
 * One direction of a layer.
 *
 * @param layer counted from 0
 * @param backward whether it reads from the last step to the first
 */
record Way(int layer, boolean backward) {}
