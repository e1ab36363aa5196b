#!/usr/bin/env python3
"""Verifies a service's transparency log, knowing nothing but published specifications.

    verify-transparency.py https://cloud.example/tlog NAME+ID+KEY [SIZE:ROOT ...]

Written from c2sp.org/tlog-tiles, c2sp.org/tlog-checkpoint, c2sp.org/signed-note, RFC 6962 and RFC 8032; needs Python 3 alone. It fetches the
checkpoint, verifies its signature, fetches every entry bundle and every tile, and recomputes the tree. With SIZE:ROOT (base64, as in an
older checkpoint) it also checks that the older tree is a beginning of this one. What the entries say it does not read.

Ends with 0 and one line if all of it holds, else with 1 and the reason.
"""

import base64
import hashlib
import sys
import urllib.request

# --- Ed25519, RFC 8032 section 5.1 ---------------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def x_of(y, odd):
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if x * x % P != xx:
        x = x * ROOT_OF_MINUS_ONE % P
    if x * x % P != xx or (x == 0 and odd):
        fail("a point that is not on the curve")
    return P - x if x & 1 != odd else x


def add(a, b):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    s, t = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    u, v = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = t - s, v - u, v + u, t + s
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, point):
    result = (0, 1, 1, 0)
    while n:
        if n & 1:
            result = add(result, point)
        point = add(point, point)
        n >>= 1
    return result


def decoded(data):
    y = int.from_bytes(data, "little")
    odd, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        fail("a point in another form")
    x = x_of(y, odd)
    return x, y, 1, x * y % P


def ed25519_verifies(key, message, signature):
    if len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= ORDER:
        return False
    base_y = 4 * pow(5, P - 2, P) % P
    base_x = x_of(base_y, 0)
    a, r = decoded(key), decoded(signature[:32])
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left = times(s, (base_x, base_y, 1, base_x * base_y % P))
    right = add(r, times(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- signed notes and checkpoints -----------------------------------------------------------------------------------

def parse_key(text):
    name, key_id, encoded = text.split("+", 2)
    raw = base64.b64decode(encoded, validate=True)
    if len(raw) != 33 or raw[0] != 1:
        fail("the key is not of type Ed25519")
    expected = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if bytes.fromhex(key_id) != expected:
        fail("the key does not fit its id")
    return name, expected, raw[1:]


def open_checkpoint(note, key_text):
    name, key_id, key = parse_key(key_text)
    text, separator, signatures = note.decode("utf-8").rpartition("\n\n")
    if not separator:
        fail("the checkpoint is not a signed note")
    text += "\n"
    verified = False
    for line in signatures.splitlines():
        dash, signer, encoded = line.split(" ")
        raw = base64.b64decode(encoded, validate=True)
        if dash == "\u2014" and signer == name and raw[:4] == key_id:
            if not ed25519_verifies(key, text.encode("utf-8"), raw[4:]):
                fail("the checkpoint's signature is wrong")
            verified = True
    if not verified:
        fail("the checkpoint is not signed by this key")
    origin, size, root = text.splitlines()[:3]
    if origin != name:
        fail("the checkpoint is of another log")
    if str(int(size)) != size:
        fail("the size is not in its only form")
    return int(size), base64.b64decode(root, validate=True)


# --- RFC 6962 section 2.1 ---------------------------------------------------------------------------------------------

def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_hash(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    stack = []  # (height, hash) of complete subtrees, left to right
    for leaf in leaves:
        height, value = 0, leaf
        while stack and stack[-1][0] == height:
            value = node_hash(stack.pop()[1], value)
            height += 1
        stack.append((height, value))
    value = stack.pop()[1]
    while stack:
        value = node_hash(stack.pop()[1], value)
    return value


# --- tlog-tiles -----------------------------------------------------------------------------------------------------

def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read()


def place(index, width):
    groups = []
    while True:
        groups.insert(0, "%03d" % (index % 1000))
        index //= 1000
        if not index:
            break
    path = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    return path if width == 256 else "%s.p/%d" % (path, width)


def widths(count):
    return [min(256, count - start) for start in range(0, count, 256)]


def bundle_entries(data):
    entries, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at:at + 2], "big")
        entry = data[at + 2:at + 2 + size]
        if at + 2 + size > len(data):
            fail("an entry bundle ends early")
        entries.append(entry)
        at += 2 + size
    return entries


def verify(prefix, key_text, older):
    size, root = open_checkpoint(fetch(prefix + "/checkpoint"), key_text)
    leaves = []
    for index, width in enumerate(widths(size)):
        entries = bundle_entries(fetch("%s/tile/entries/%s" % (prefix, place(index, width))))
        if len(entries) != width:
            fail("an entry bundle has another number of entries")
        leaves += [leaf_hash(entry) for entry in entries]
    if tree_hash(leaves) != root:
        fail("the entries do not lead to the signed root")
    level, hashes, tiles = 0, leaves, 0
    while hashes:
        for index, width in enumerate(widths(len(hashes))):
            tile = fetch("%s/tile/%d/%s" % (prefix, level, place(index, width)))
            if tile != b"".join(hashes[index * 256:index * 256 + width]):
                fail("a tile does not agree with the entries")
            tiles += 1
        full = len(hashes) // 256
        hashes = [tree_hash(hashes[i * 256:(i + 1) * 256]) for i in range(full)]
        level += 1
    for text in older:
        older_size, older_root = text.split(":", 1)
        if int(older_size) > size or tree_hash(leaves[:int(older_size)]) != base64.b64decode(older_root):
            fail("the older checkpoint is not a beginning of this log")
    print("verified: size %d, root %s, %d tiles" % (size, base64.b64encode(root).decode(), tiles))


def fail(reason):
    print("not verified: " + reason)
    sys.exit(1)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    try:
        verify(sys.argv[1].rstrip("/"), sys.argv[2], sys.argv[3:])
    except (OSError, ValueError, UnicodeDecodeError) as e:
        fail("%s: %s" % (type(e).__name__, e))
