package dev.malachite.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.StackWalker.Option;
import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.context.support.StaticWebApplicationContext;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/** Controllers are called without reflection, and as they are by it in all else. */
class HandlerCallsTest {

    private final RequestMappingHandlerAdapter adapter = new HandlerCalls().getRequestMappingHandlerAdapter();
    private final Things things = new Things();

    /** A controller. */
    static final class Things {

        private List<String> callers = List.of();

        @ResponseBody
        String get(@RequestParam("name") String name) {
            callers = StackWalker.getInstance(Option.SHOW_REFLECT_FRAMES)
                    .walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                            .takeWhile(caller -> !caller.equals(RequestMappingHandlerAdapter.class.getName()))
                            .toList());
            return name + "!";
        }

        @ResponseBody
        String fail() throws IOException {
            throw new IOException("as it is");
        }
    }

    @BeforeEach
    void begin() {
        StaticWebApplicationContext context = new StaticWebApplicationContext();
        context.refresh();
        adapter.setApplicationContext(context);
        adapter.afterPropertiesSet();
    }

    @Test
    void noFrameOfReflectionIsBelowAController() throws Exception {
        assertThat(answer("get", String.class)).isEqualTo("cat!");
        assertThat(things.callers)
                .isNotEmpty()
                .doesNotContain(Method.class.getName())
                .noneMatch(name -> name.startsWith("jdk.internal.reflect."));
    }

    @Test
    void whatAControllerThrowsIsWhatTheCallerSees() {
        assertThatThrownBy(() -> answer("fail")).isInstanceOf(IOException.class).hasMessage("as it is");
    }

    private String answer(String name, Class<?>... parameters) throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/things");
        request.addParameter("name", "cat");
        MockHttpServletResponse response = new MockHttpServletResponse();
        adapter.handle(request, response, new HandlerMethod(things, Things.class.getDeclaredMethod(name, parameters)));
        return response.getContentAsString();
    }
}
