/** What every HTTP answer has in common: routing rules, JSON bodies, errors, request ids, the caller's own name for us. */
@NullMarked
package dev.malachite.server.web;

import org.jspecify.annotations.NullMarked;
