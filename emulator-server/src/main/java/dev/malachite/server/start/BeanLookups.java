package dev.malachite.server.start;

import java.beans.Introspector;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.ContextAnnotationAutowireCandidateResolver;
import org.springframework.context.support.GenericApplicationContext;

/**
 * Spares a start most of the searches of all beans for one of a type: the framework is told the name under which it keeps what a
 * parameter asks for, and that no more definitions come, so that it remembers what it found.
 */
final class BeanLookups implements ApplicationContextInitializer<GenericApplicationContext> {

    @Override
    public void initialize(GenericApplicationContext context) {
        context.getDefaultListableBeanFactory().setAutowireCandidateResolver(new NamedAsTheirType());
        context.addBeanFactoryPostProcessor(ConfigurableListableBeanFactory::freezeConfiguration);
    }

    /** Where nothing of that type has the name, the framework looks through all beans as ever. */
    private static final class NamedAsTheirType extends ContextAnnotationAutowireCandidateResolver {

        @Override
        public @Nullable String getSuggestedName(DependencyDescriptor descriptor) {
            String given = super.getSuggestedName(descriptor);
            return given != null
                    ? given
                    : Introspector.decapitalize(descriptor.getDependencyType().getSimpleName());
        }
    }
}
