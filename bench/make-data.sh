#!/bin/sh
# Makes the data sets of the comparison out of files that Debian packages: pictures, documents, mail, 100,000 small files,
# one big file, and the file for the insert test. The same package versions give the same bytes; docs/benchmarks.md says
# what is in each set. "mixed" is the folder of pictures, documents and mail.
#
#   bench/make-data.sh FOLDER       one folder per set below FOLDER, and FOLDER/versions
#
#   PICTURES_MB DOCUMENTS_MB MAIL_MB (900 each)   SMALL_FILES (100000)   BIG_MB (4000)   DELTA_MB (524)
#   DATA_SUITE (trixie)   COFFER_BENCH_CACHE   downloads and unpacked packages   SETS   which to make (default: all)
#
# With its defaults: 2 GB of downloads, 8 GB in the cache and 9 GB of data. Sets that are there are left as they are.

set -eu
. "$(dirname -- "$0")/apt.sh"

if [ $# -ne 1 ]; then
    echo "usage: bench/make-data.sh FOLDER" >&2
    exit 64
fi
mkdir -p "$1"
data=$(CDPATH='' cd -- "$1" && pwd -P)
suite=${DATA_SUITE:-trixie}
raw=$cache/unpacked
sets=${SETS:-pictures documents mail many-small one-big delta}
java=${COFFER_JAVA_HOME:+$COFFER_JAVA_HOME/bin/}java
export LC_ALL=C

wanted() {
    case " $sets " in
        *" $1 "*) [ ! -f "$data/.$1" ] ;;
        *) return 1 ;;
    esac
}

# A fixed shuffle, so that a part of a set is as mixed as the whole.
shuffled() {
    while IFS= read -r line; do
        printf '%s\n' "$line"
    done | sort -R --random-source="$bench/make-data.sh"
}

# sample FROM TO MEGABYTES [FIND-TEST...]: files of FROM in shuffled order until there are so many bytes; sorted at the end.
sample() {
    from=$1
    to=$2
    limit=$(($3 * 1000000))
    shift 3
    mkdir -p "$to"
    (cd "$from" && find . -type f -size +0 "$@" -printf '%s\t%P\n' | sort -k2 | shuffled |
        awk -F '\t' -v limit="$limit" 'total < limit { total += $1; print $2 }' | sort >"$to.list" &&
        tar -c -f - --no-recursion -T "$to.list" | tar -x -C "$to" --no-same-owner -f -)
    rm "$to.list"
}

fetch_pictures() {
    apt_fetch "$suite" "$raw/pictures" mate-backgrounds gnome-backgrounds plasma-workspace-wallpapers breeze-wallpaper \
        ukui-wallpapers budgie-backgrounds stellarium-data marble-data kstars-data tuxpaint-stamps-default openclipart-png
    apt_sources "$suite" "$raw/pictures/camera" libexif golang-github-rwcarlsen-goexif
    # What newer suites hold of it lacks the pictures.
    apt_sources bookworm "$raw/pictures/camera" exiv2
}

fetch_documents() {
    apt_fetch "$suite" "$raw/documents" texlive-latex-base-doc texlive-pictures-doc lilypond-doc-pdf r-doc-pdf \
        python3.13-doc openjdk-25-doc qt6-base-doc-html gimp-help-en maxima-doc octave-doc postgresql-doc-17 \
        libreoffice-help-en-us
}

fetch_mail() {
    apt_fetch "$suite" "$raw/mail/logs" glibc-doc gcc-14-source
    apt_sources "$suite" "$raw/mail/corpora" notmuch gmime mailutils bogofilter evolution-data-server \
        libmime-tools-perl libmail-box-perl
    if [ ! -d "$raw/mail/logs/gcc" ]; then
        mkdir -p "$raw/mail/logs/gcc"
        nice tar -x --no-same-owner --wildcards -C "$raw/mail/logs/gcc" \
            -f "$(find "$raw/mail/logs/usr/src" -name 'gcc-*.tar.xz')" '*ChangeLog*'
    fi
}

fetch_source() {
    apt_fetch "$suite" "$raw/source" linux-source-6.12
    if [ ! -d "$raw/source/tree" ]; then
        mkdir -p "$raw/source/tree.new"
        nice tar -x --no-same-owner -C "$raw/source/tree.new" -f "$(find "$raw/source/usr/src" -name 'linux-source-*.tar.xz')"
        mv "$raw/source/tree.new" "$raw/source/tree"
    fi
}

fetch_packed() {
    apt_fetch "$suite" "$raw/packed" flightgear-data-base
}

if wanted pictures; then
    fetch_pictures
    sample "$raw/pictures" "$data/mixed/pictures" "${PICTURES_MB:-900}" \
        -regextype egrep -iregex '.*\.(jpe?g|png|tiff?|webp|hei[cf]|avif|jxl|jp2|crw|cr2|nef|orf|raf|rw2|dng|exv|psd|eps)'
    touch "$data/.pictures"
fi

if wanted documents; then
    fetch_documents
    sample "$raw/documents/usr/share" "$data/mixed/documents" "${DOCUMENTS_MB:-900}"
    touch "$data/.documents"
fi

if wanted mail; then
    fetch_mail
    fetch_pictures
    fetch_documents
    mkdir -p "$raw/attachments"
    sample "$raw/pictures" "$raw/attachments/pictures" 260 -size +20k -size -3000k -regextype egrep -iregex '.*\.(jpe?g|png)'
    sample "$raw/documents" "$raw/attachments/papers" 260 -size -3000k -name '*.pdf'
    mkdir -p "$data/mixed/mail"
    sample "$raw/mail/corpora" "$data/mixed/mail/corpora" 100 \
        -regextype egrep -iregex '.*(\.eml|\.msg|\.mbox|/testmsgs/.*|/corpora/.*|/test/.*mail.*|/spam/.*|/nice/.*|/spam-.*|/data/.*mail.*)'
    "$java" "$bench/src/main/java/coffer/bench/MailMaker.java" "$data/mixed/mail" 60000 "${MAIL_MB:-900}" "$raw/mail/logs" \
        "$raw/attachments"
    touch "$data/.mail"
fi

if wanted many-small; then
    fetch_source
    fetch_mail
    small=${SMALL_FILES:-100000}
    mkdir -p "$data/many-small/source"
    "$java" "$bench/src/main/java/coffer/bench/MailMaker.java" "$data/many-small/mail" $((small / 2)) 100000 "$raw/mail/logs"
    letters=$(find "$data/many-small/mail" -type f | wc -l)
    (cd "$raw/source/tree" && find . -type f -size +0 -size -128 -printf '%P\n' | sort | shuffled |
        head -n $((small - letters)) | sort >"$data/small.list" &&
        tar -c -f - --no-recursion -T "$data/small.list" | tar -x -C "$data/many-small/source" --no-same-owner -f -)
    rm "$data/small.list"
    touch "$data/.many-small"
fi

if wanted one-big || wanted delta; then
    fetch_source
    fetch_documents
    fetch_pictures
    fetch_packed
    mkdir -p "$data/one-big"
    # Ends when it is long enough; what writes into it is told so by the closed pipe.
    { tar -c -f - --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$raw" \
        documents source/tree pictures packed 2>/dev/null || true; } |
        head -c "${BIG_MB:-4000}000000" >"$data/one-big/everything.tar"
    touch -d @1700000000 "$data/one-big/everything.tar"
    touch "$data/.one-big"
fi

if wanted delta; then
    mkdir -p "$data/delta"
    tail -c "+300000001" "$data/one-big/everything.tar" | head -c "${DELTA_MB:-524}000000" >"$data/delta/slice.tar"
    touch -d @1700000000 "$data/delta/slice.tar"
    touch "$data/.delta"
fi

{
    find "$raw" -maxdepth 3 -type f -name '.[a-z]*' -exec cat {} + | sort -u
    for set in mixed/pictures mixed/documents mixed/mail many-small one-big delta; do
        [ -d "$data/$set" ] && echo "$set: $(find "$data/$set" -type f | wc -l) files, $(find "$data/$set" -type f -printf '%s\n' |
            awk '{ total += $1 } END { printf "%.0f bytes", total }')"
    done
} >"$data/versions"
tail -n 6 "$data/versions"
