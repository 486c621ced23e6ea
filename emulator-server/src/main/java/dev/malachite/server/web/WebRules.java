package dev.malachite.server.web;

import java.util.ArrayList;
import java.util.List;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.HeaderContentNegotiationStrategy;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.PathMatchConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.pattern.PathPatternParser;

/** How requests find their controller, and answers their form: Azure's paths are matched without case. */
@Configuration
class WebRules implements WebMvcConfigurer {

    private final List<HandlerMethodArgumentResolver> resolvers;

    WebRules(List<HandlerMethodArgumentResolver> resolvers) {
        this.resolvers = resolvers;
    }

    @Override
    public void configurePathMatch(PathMatchConfigurer paths) {
        PathPatternParser parser = new PathPatternParser();
        parser.setCaseSensitive(false);
        paths.setPatternParser(parser);
    }

    /** Azure answers JSON whatever the Accept header says; without this, one that leaves JSON out would be an error. */
    @Override
    public void configureContentNegotiation(ContentNegotiationConfigurer negotiation) {
        negotiation.strategies(List.of(WebRules::acceptable));
    }

    private static List<MediaType> acceptable(NativeWebRequest request) {
        List<MediaType> types = new ArrayList<>();
        try {
            types.addAll(new HeaderContentNegotiationStrategy().resolveMediaTypes(request));
        } catch (HttpMediaTypeNotAcceptableException e) {
            // A header that cannot be read asks for nothing in particular.
        }
        types.add(MediaType.ALL);
        return types;
    }

    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
        converters.addCustomConverter(new JsonAnswers());
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> added) {
        added.addAll(resolvers);
    }
}
