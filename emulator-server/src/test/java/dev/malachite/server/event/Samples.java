package dev.malachite.server.event;

import dev.malachite.engine.Attachment;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes one of each record of a sealed type, those that do not exist yet included: every part of it has a value. */
public final class Samples {

    private static final Attachment ATTACHMENT = new Attachment() {};

    private Samples() {}

    /** All records below a sealed type. */
    static List<Class<?>> records(Class<?> type) {
        if (type.isRecord()) {
            return List.of(type);
        }
        List<Class<?>> records = new ArrayList<>();
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            records.addAll(records(permitted));
        }
        return records;
    }

    /** One of that record; {@code omitted} parts, which no JSON has, are null. */
    public static Object of(Class<?> record, boolean omitted) {
        RecordComponent[] components = record.getRecordComponents();
        Object[] values = Arrays.stream(components)
                .map(component -> omitted && isOmitted(component) ? null : value(component.getGenericType(), omitted))
                .toArray();
        try {
            var constructor = record.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no sample of " + record, e);
        }
    }

    private static boolean isOmitted(RecordComponent component) {
        return component.getName().equals("document") || Attachment.class.isAssignableFrom(component.getType());
    }

    private static @Nullable Object value(Type type, boolean omitted) {
        if (type instanceof ParameterizedType generic) {
            Object[] parts = Arrays.stream(generic.getActualTypeArguments())
                    .map(part -> value(part, omitted))
                    .toArray();
            return switch (((Class<?>) generic.getRawType()).getSimpleName()) {
                case "Optional" -> Optional.of(parts[0]);
                case "List" -> List.of(parts[0]);
                case "Set" -> Set.of(parts[0]);
                case "Map" -> Map.of(parts[0], parts[1]);
                default -> value(generic.getRawType(), omitted);
            };
        }
        if (type instanceof WildcardType wildcard) {
            return value(wildcard.getUpperBounds()[0], omitted);
        }
        if (type instanceof TypeVariable<?> variable) {
            return value(variable.getBounds()[0], omitted);
        }
        Class<?> raw = (Class<?>) type;
        if (raw.isEnum()) {
            return raw.getEnumConstants()[0];
        }
        if (raw.isRecord() || raw.isSealed()) {
            return of(records(raw).getFirst(), omitted);
        }
        return switch (raw.getSimpleName()) {
            case "String" -> "text";
            case "int", "Integer" -> 7;
            case "long", "Long" -> 8L;
            case "double", "Double" -> 0.5;
            case "boolean", "Boolean" -> true;
            case "Duration" -> Duration.ofSeconds(90);
            case "Instant" -> Instant.parse("2026-01-02T03:04:05.678901Z");
            case "OptionalDouble" -> OptionalDouble.of(0.25);
            case "Attachment" -> ATTACHMENT;
            default -> throw new IllegalStateException("no sample of " + raw);
        };
    }
}
