package dev.unroll.server.model;

/**
 * What runs together: asked of the same model in the same way.
 *
 * @param name of the model
 * @param model itself: one that has replaced it is another
 * @param way how it is asked, a value
 */
public record BatchKey(String name, Object model, Object way) {}
