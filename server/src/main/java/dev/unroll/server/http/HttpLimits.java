package dev.unroll.server.http;

import java.time.Duration;

/**
 * How much a client may take up.
 *
 * @param body most bytes of a body
 * @param text most UTF-16 units of a text
 * @param items most inputs of a request
 * @param connections most connections at once
 * @param headers most bytes of all headers
 * @param read how long a client may take to send a request, and a connection may be idle
 * @param answer how long a request may take, from its first byte to the last of the answer
 */
public record HttpLimits(
    int body, int text, int items, int connections, int headers, Duration read, Duration answer) {}
