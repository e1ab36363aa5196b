package coffer.service.evaluation;

import coffer.service.evaluation.Material.Piece;
import coffer.store.ObjectName;
import coffer.store.StoreException;
import java.util.ArrayList;
import java.util.List;

/// The objects of one conformance check, which are removed after it.
final class Trials {

    private final Session session;
    private final List<ObjectName> names = new ArrayList<>();

    Trials(Session session) {
        this.session = session;
    }

    /// An object that may be stored from now on; it is known, so that it will be removed.
    Piece planned(int size) {
        return planned(session.material().anyPiece(size));
    }

    /// The same, under the prefix of the evaluation.
    Piece plannedUnderPrefix(int size) {
        return planned(session.material().piece(size));
    }

    /// The same for an object that was made before.
    Piece planned(Piece piece) {
        names.add(piece.name());
        session.intend(piece.name(), piece.bytes().length, Role.TRIAL);
        session.force();
        return piece;
    }

    Piece stored(int size) throws StoreException {
        Piece piece = planned(size);
        session.store().put(piece.name(), piece.bytes());
        return piece;
    }

    boolean isThere(Piece piece) throws StoreException {
        return session.store().stat(piece.name()).isPresent();
    }

    boolean isIntact(Piece piece) throws StoreException {
        return session.read(piece.name()) == Result.RIGHT;
    }

    void remove() {
        for (ObjectName name : names) {
            if (session.isAway()) {
                return;
            }
            session.delete(name, Role.TRIAL);
        }
    }
}
