/** Remote login: the nodes of clusters over SSH, for whoever has the cluster's account. */
@NullMarked
package dev.malachite.server.login;

import org.jspecify.annotations.NullMarked;
