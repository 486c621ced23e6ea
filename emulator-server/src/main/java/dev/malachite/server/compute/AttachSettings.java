package dev.malachite.server.compute;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What may be attached to a workspace.
 *
 * @param declaredOnly refuse what nobody has declared by a PUT of its ARM id; otherwise everything with an id of the right
 *     form is taken for there, so that scripts run which attach what only a subscription in Azure has
 */
@ConfigurationProperties("malachite.attach")
record AttachSettings(@DefaultValue("false") boolean declaredOnly) {}
