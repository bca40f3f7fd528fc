/**
 * Endpoints over HTTP: one table from which requests are routed, read, checked and described, with
 * limits in every direction. Only {@code Listener} and {@code Exchange} know the library.
 */
@NullMarked
package dev.unroll.server.http;

import org.jspecify.annotations.NullMarked;
