package coffer.service;

import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.log.Head;
import java.util.List;
import java.util.Optional;

/// Keeps the entries of the transparency log and the hashes of its tiles. What `append` acknowledged survives a crash and a
/// loss of power. One caller appends; many read.
interface TlogStorage {

    /// How many entries there are.
    long size() throws StorageException;

    /// Entries in order, at most `count`; fewer only at the end.
    List<byte[]> entries(long from, int count) throws StorageException;

    /// Hashes of one level of tiles in order, at most `count`: level 0 the leaves', level 1 of 256 leaves each, and so on.
    List<Hash> hashes(int level, long from, int count) throws StorageException;

    /// Heads of account logs that do not stand in the log yet, oldest first.
    List<DueHead> due(int countMax) throws StorageException;

    /// Adds entries behind the first `size`, with the hashes of all tiles that become full by them, and takes off the list
    /// what is no longer due: all of it or nothing.
    ///
    /// @throws StorageException also when it is not known whether it was done: the caller asks for the size
    void append(long size, List<Leaf> leaves, List<DueHead> done) throws StorageException;

    /// @param place of an account's head, which stands in the log once
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Leaf(byte[] entry, Hash hash, Optional<Hash> place) {}

    /// @param number names the row
    record DueHead(long number, LogId account, Head head) {}
}
