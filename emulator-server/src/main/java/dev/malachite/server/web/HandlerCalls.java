package dev.malachite.server.web;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.autoconfigure.WebMvcRegistrations;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.ServletInvocableHandlerMethod;

/**
 * Calls controllers by method handles. A start is faster when reflection makes no classes ({@code useNativeAccessorOnly}),
 * but then a call by reflection leaves a frame of native code on the stack, and a virtual thread that waits above one keeps
 * its processor: on two cores two requests that wait for the control loop would keep all others waiting, those as well that
 * hold what the loop needs.
 */
@Component
class HandlerCalls implements WebMvcRegistrations {

    private final Map<Method, MethodHandle> handles = new ConcurrentHashMap<>();

    @Override
    public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
        return new HandlerPaths();
    }

    @Override
    public RequestMappingHandlerAdapter getRequestMappingHandlerAdapter() {
        return new RequestMappingHandlerAdapter() {
            @Override
            protected ServletInvocableHandlerMethod createInvocableHandlerMethod(HandlerMethod handler) {
                return new Call(handler);
            }
        };
    }

    /** Takes the bean and the arguments. */
    private static MethodHandle handle(Method method) {
        try {
            return MethodHandles.lookup()
                    .unreflect(method)
                    .asFixedArity()
                    .asSpreader(Object[].class, method.getParameterCount())
                    .asType(MethodType.methodType(Object.class, Object.class, Object[].class));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("Spring has opened this method", e);
        }
    }

    /** One request's call. */
    private final class Call extends ServletInvocableHandlerMethod {

        Call(HandlerMethod handler) {
            super(handler);
        }

        @Override
        protected @Nullable Object doInvoke(@Nullable Object... args) throws Exception {
            try {
                return handles.computeIfAbsent(getBridgedMethod(), HandlerCalls::handle)
                        .invokeExact(getBean(), args);
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("a controller threw what is neither an exception nor an error", e);
            }
        }
    }
}
