/** The v1 SDK's model management: its words for the models that package asset keeps. */
@NullMarked
package dev.malachite.server.model;

import org.jspecify.annotations.NullMarked;
