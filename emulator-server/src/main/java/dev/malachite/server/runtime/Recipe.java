package dev.malachite.server.runtime;

import dev.malachite.server.web.ContentHash;

/**
 * How an environment's base image is built.
 *
 * @param dockerfile the Dockerfile's own text; empty where it lies in the context
 * @param context the URL below which the build's files are; empty where there are none. SDKs put a hash of the files or a
 *     fresh id into it, so equal URLs mean equal files
 * @param path of the Dockerfile in the context
 */
public record Recipe(String dockerfile, String context, String path) {

    /** Equal for equal recipes. */
    public String key() {
        return ContentHash.sha256(dockerfile + "\0" + context + "\0" + path);
    }
}
