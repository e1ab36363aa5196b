package coffer.service;

import coffer.store.ObjectStore;
import coffer.store.TransferGrants;

/// A place where packs are kept.
///
/// @param direct whether devices reach it without this service
record PackProvider(String id, String region, ObjectStore store, TransferGrants grants, boolean direct) {}
