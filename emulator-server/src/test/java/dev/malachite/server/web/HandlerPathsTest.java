package dev.malachite.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.context.support.StaticWebApplicationContext;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPatternParser;

/** What the words of a path rule out, the framework would have ruled out too. */
class HandlerPathsTest {

    private static final String[] PATTERNS = {
        "/", "/w/{w}/computes", "/w/{w}/computes/{name}", "/w/{w}/computes/{name}/start", "/w/{w}/{kind:data|models}",
        "/w/{w}/{kind:data|models}/{name}", "/w/{w}/served", "/w/{w}/served/{*rest}", "/**/token", "/files/file-{name}"
    };

    private final RequestMappingHandlerMapping framework = new RequestMappingHandlerMapping();
    private final RequestMappingHandlerMapping ours = new HandlerPaths();

    @BeforeEach
    void begin() throws Exception {
        PathPatternParser parser = new PathPatternParser();
        parser.setCaseSensitive(false);
        RequestMappingInfo.BuilderConfiguration configuration = new RequestMappingInfo.BuilderConfiguration();
        configuration.setPatternParser(parser);
        for (RequestMappingHandlerMapping mapping : new RequestMappingHandlerMapping[] {framework, ours}) {
            StaticWebApplicationContext context = new StaticWebApplicationContext();
            context.refresh();
            mapping.setPatternParser(parser);
            mapping.setApplicationContext(context);
            mapping.afterPropertiesSet();
            for (String pattern : PATTERNS) {
                mapping.registerMapping(
                        RequestMappingInfo.paths(pattern).options(configuration).build(),
                        this,
                        HandlerPathsTest.class.getDeclaredMethod("begin"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/w/one/computes, /w/{w}/computes",
        "/W/one/Computes/cluster, /w/{w}/computes/{name}",
        "/w/one/computes/cluster/START, /w/{w}/computes/{name}/start",
        "/w/one/computes/clus%2Fter, /w/{w}/computes/{name}",
        "/w/one/comp%75tes, /w/{w}/computes",
        "/w/one/computes;v=1, /w/{w}/computes",
        "/w/one/models, /w/{w}/{kind:data|models}",
        "/w/one/models/cat, /w/{w}/{kind:data|models}/{name}",
        "/w/one/served, /w/{w}/served",
        "/w/one/served/a/b/c, /w/{w}/served/{*rest}",
        "/token, /**/token",
        "/a/b/c/token, /**/token",
        "/files/file-7, /files/file-{name}",
        "/files/7,",
        "/w/one/others,",
        "/w/one/computes/,",
        "/w/one,",
        "/w/one/computes/cluster/start/again,"
    })
    void itIsTheFrameworks(String path, @Nullable String pattern) throws Exception {
        assertThat(found(framework, path)).isEqualTo(pattern);
        assertThat(found(ours, path)).isEqualTo(pattern);
    }

    private static @Nullable String found(RequestMappingHandlerMapping mapping, String path) throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
        ServletRequestPathUtils.parseAndCache(request);
        if (mapping.getHandler(request) == null) {
            return null;
        }
        return String.valueOf(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE));
    }
}
