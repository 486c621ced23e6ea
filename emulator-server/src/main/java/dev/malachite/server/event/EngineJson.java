package dev.malachite.server.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.malachite.engine.Attachment;
import dev.malachite.engine.Command;
import dev.malachite.engine.Instance;
import dev.malachite.engine.Plan;
import dev.malachite.engine.sweep.Trial;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedConstructor;
import tools.jackson.databind.introspect.AnnotatedMethod;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.ser.ValueSerializerModifier;

/**
 * The engine's values as JSON, which they themselves know nothing of: each sealed type is written with the name of the
 * record, each record that only names something as what it holds. A new record needs nothing here. What users and
 * services put beside (documents, attachments) is left out: no rule looks into it, and it may hold secrets.
 */
public final class EngineJson {

    static final JsonMapper MAPPER = JsonMapper.builder()
            .annotationIntrospector(new Shapes())
            .addModule(new SimpleModule().setSerializerModifier(new Omissions()))
            .changeDefaultPropertyInclusion(
                    any -> JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
            // Of another version's log, what is not known here can still be told apart by what comes of it.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private EngineJson() {}

    /** A plan as it is stored. */
    public static String write(Plan plan) {
        return MAPPER.writerFor(Plan.class).writeValueAsString(plan);
    }

    public static Plan readPlan(String stored) {
        return MAPPER.readValue(stored, Plan.class);
    }

    /** What a child of a sweep's is, as it is stored. */
    public static String write(Trial trial) {
        return MAPPER.writeValueAsString(trial);
    }

    public static Trial readTrial(String stored) {
        return MAPPER.readValue(stored, Trial.class);
    }

    /** How a compute instance stands, as it is stored. */
    public static String write(Instance instance) {
        return MAPPER.writeValueAsString(instance);
    }

    public static Instance readInstance(String stored) {
        return MAPPER.readValue(stored, Instance.class);
    }

    private static boolean isEngines(Class<?> type) {
        return type.getPackageName().equals(Command.class.getPackageName())
                || type.getPackageName().equals(Trial.class.getPackageName());
    }

    /** What annotations on the engine's types would say. */
    private static final class Shapes extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1;

        @Override
        public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
            Class<?> type = annotated.getRawType();
            return isEngines(type) && type.isSealed()
                    ? JsonTypeInfo.Value.construct(
                            JsonTypeInfo.Id.SIMPLE_NAME, JsonTypeInfo.As.WRAPPER_OBJECT, null, null, false, null)
                    : super.findPolymorphicTypeInfo(config, annotated);
        }

        @Override
        public @Nullable Boolean hasAsValue(MapperConfig<?> config, Annotated annotated) {
            if (annotated instanceof AnnotatedMethod method
                    && method.getName().equals("value")
                    && names(method.getDeclaringClass())) {
                return Boolean.TRUE;
            }
            return super.hasAsValue(config, annotated);
        }

        @Override
        public JsonCreator.@Nullable Mode findCreatorAnnotation(MapperConfig<?> config, Annotated annotated) {
            if (annotated instanceof AnnotatedConstructor constructor && names(constructor.getDeclaringClass())) {
                return JsonCreator.Mode.DELEGATING;
            }
            return super.findCreatorAnnotation(config, annotated);
        }

        /** Whether it is a name and nothing else, such as a node's. */
        private static boolean names(Class<?> type) {
            return isEngines(type)
                    && type.isRecord()
                    && type.getRecordComponents().length == 1
                    && type.getRecordComponents()[0].getName().equals("value");
        }
    }

    /** Leaves out what the engine does not look into. */
    private static final class Omissions extends ValueSerializerModifier {

        private static final long serialVersionUID = 1;

        @Override
        public List<BeanPropertyWriter> changeProperties(
                SerializationConfig config, BeanDescription.Supplier bean, List<BeanPropertyWriter> properties) {
            return isEngines(bean.getBeanClass())
                    ? properties.stream().filter(property -> !omitted(property)).toList()
                    : properties;
        }

        private static boolean omitted(BeanPropertyWriter property) {
            return property.getName().equals("document")
                    || Attachment.class.isAssignableFrom(property.getType().getRawClass());
        }
    }
}
