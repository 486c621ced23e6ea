/** The part of Azure Resource Manager that every client goes through: subscriptions, groups, providers, deployments. */
@NullMarked
package dev.malachite.server.arm;

import org.jspecify.annotations.NullMarked;
