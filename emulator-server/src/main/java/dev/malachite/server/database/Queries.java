package dev.malachite.server.database;

import jakarta.persistence.EntityManager;
import jakarta.persistence.criteria.CriteriaBuilder;
import jakarta.persistence.criteria.CriteriaQuery;
import jakarta.persistence.criteria.Nulls;
import jakarta.persistence.criteria.Order;
import jakarta.persistence.criteria.Path;
import jakarta.persistence.criteria.Root;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Reads a page of documents by a filter, in one statement. Called within a transaction. */
@Component
public class Queries {

    private final EntityManager entities;

    Queries(EntityManager entities) {
        this.entities = entities;
    }

    public <T> Slice<T> list(Class<T> type, Schema schema, Filter filter, List<Ordering> order, Page page) {
        CriteriaBuilder builder = entities.getCriteriaBuilder();
        CriteriaQuery<T> query = builder.createQuery(type);
        Root<T> root = query.from(type);
        query.select(root);
        query.where(schema.predicate(filter, root, builder));
        query.orderBy(
                order.stream().map(key -> order(key, schema, root, builder)).toList());
        List<T> found = entities.createQuery(query)
                .setFirstResult(page.skip())
                // One more than wanted tells whether there is a next page.
                .setMaxResults(page.top() + 1)
                .getResultList();
        if (found.size() <= page.top()) {
            return new Slice<>(List.copyOf(found), Optional.empty());
        }
        return new Slice<>(
                List.copyOf(found.subList(0, page.top())), Optional.of(String.valueOf(page.skip() + page.top())));
    }

    private static Order order(Ordering key, Schema schema, Root<?> root, CriteriaBuilder builder) {
        Path<?> path = schema.sortPath(root, key.field());
        if (key.same()) {
            return builder.asc(path);
        }
        return key.descending() ? builder.desc(path, Nulls.FIRST) : builder.asc(path, Nulls.LAST);
    }
}
