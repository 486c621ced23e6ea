/** The storage account: bytes that clients reach by Azure Blob Storage's REST protocol. */
@NullMarked
package dev.malachite.server.blob;

import org.jspecify.annotations.NullMarked;
