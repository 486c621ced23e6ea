package dev.malachite.server.web;

/** The one directory (tenant) that everything here belongs to where nobody names another. */
public final class Directory {

    public static final String TENANT = "6d616c61-6368-4974-8000-00000000000a";

    private Directory() {}
}
