package coffer.service.evaluation;

import coffer.store.ByteRange;
import coffer.store.Content;
import coffer.store.ObjectInfo;
import coffer.store.ObjectName;
import coffer.store.ObjectStore;
import coffer.store.StoreException;
import coffer.store.StoredStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A store with something before and after each call, and with listings as told.
final class HookedStore implements ObjectStore {

    /// Something that happens at a call.
    @FunctionalInterface
    interface Hook {
        void at(Operation operation) throws StoreException;
    }

    static final Hook NOTHING = _ -> {};

    private final ObjectStore inner;
    private final Hook before;
    private final Hook after;
    private final UnaryOperator<List<ObjectInfo>> listing;

    HookedStore(ObjectStore inner, Hook before, Hook after, UnaryOperator<List<ObjectInfo>> listing) {
        this.inner = inner;
        this.before = before;
        this.after = after;
        this.listing = listing;
    }

    static HookedStore before(ObjectStore inner, Hook hook) {
        return new HookedStore(inner, hook, NOTHING, UnaryOperator.identity());
    }

    static HookedStore listing(ObjectStore inner, UnaryOperator<List<ObjectInfo>> listing) {
        return new HookedStore(inner, NOTHING, NOTHING, listing);
    }

    @Override
    public void put(ObjectName name, long size, Content content) throws StoreException, IOException {
        before.at(Operation.PUT);
        inner.put(name, size, content);
        after.at(Operation.PUT);
    }

    @Override
    public StoredStream get(ObjectName name) throws StoreException {
        before.at(Operation.GET);
        StoredStream stream = inner.get(name);
        after.at(Operation.GET);
        return stream;
    }

    @Override
    public StoredStream get(ObjectName name, ByteRange range) throws StoreException {
        before.at(Operation.GET);
        return inner.get(name, range);
    }

    @Override
    public Optional<ObjectInfo> stat(ObjectName name) throws StoreException {
        before.at(Operation.STAT);
        return inner.stat(name);
    }

    @Override
    public void delete(ObjectName name) throws StoreException {
        before.at(Operation.DELETE);
        inner.delete(name);
        after.at(Operation.DELETE);
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) throws StoreException {
        before.at(Operation.LIST);
        return listing.apply(inner.list(prefix, after, limit));
    }

    @Override
    public void close() {
        inner.close();
    }
}
