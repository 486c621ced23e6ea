package dev.malachite.server.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the {@code ObjectNode} parameter that takes a request's body: any content type (clients send plain JSON as
 * {@code application/json-patch+json}), an empty object when there is none, Azure's 400 when it is not a JSON object.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Body {}
