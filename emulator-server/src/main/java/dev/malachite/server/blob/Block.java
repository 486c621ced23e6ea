package dev.malachite.server.blob;

/**
 * A part of a blob, as a block list names it.
 *
 * @param id as the client gave it
 * @param size bytes
 */
record Block(String id, long size) {}
