"""Saying why a file is not audio that can be read, from its first bytes."""

from __future__ import annotations

from library.errors import DecodeError

# First bytes of what is no audio, what it is, what to do.
_NOT_AUDIO: tuple[tuple[bytes, str, str], ...] = (
    (b"version https://git-lfs", "is a Git LFS pointer, not the audio", "run git lfs pull"),
    (b"MThd", "is a MIDI file, which holds no audio", "render it to audio first"),
    (b"PK\x03\x04", "is a ZIP archive, not audio", "unpack it first"),
    (b"<!DOCTYPE", "is a web page, not audio", "download the file again"),
    (b"<html", "is a web page, not audio", "download the file again"),
)

# First bytes of audio that libsndfile does not read, and what it is.
_FOREIGN: tuple[tuple[int, bytes, str], ...] = (
    (4, b"ftyp", "MP4 or M4A audio"),
    (0, b"\xff\xf1", "AAC audio"),
    (0, b"\xff\xf9", "AAC audio"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media audio"),
    (0, b"wvpk", "WavPack audio"),
    (0, b"MAC ", "Monkey's Audio"),
    (0, b"MP+", "Musepack audio"),
    (0, b"MPCK", "Musepack audio"),
    (0, b"TTA1", "True Audio"),
    (0, b"tBaK", "TAK audio"),
    (0, b"ajkg", "Shorten audio"),
    (0, b"DSD ", "DSD audio"),
    (0, b"FRM8", "DSD audio"),
    (0, b"\x0b\x77", "Dolby Digital audio"),
    (0, b"\x7f\xfe\x80\x01", "DTS audio"),
    (0, b"#!AMR", "AMR audio"),
    (0, b"\x1a\x45\xdf\xa3", "Matroska or WebM"),
)

_FLAC_BITS = frozenset({8, 16, 24})  # that libsndfile 1.2.2 decodes


def why_no_audio(head: bytes) -> DecodeError | None:
    """Return the error for a file that is no audio at all, or None where it may be some.

    Args:
        head: The first bytes of the file, 64 of them where it has as many.
    """
    if not head:
        return DecodeError("is empty (0 bytes)", "copy or download it again")
    if not head.strip(b"\0"):
        return DecodeError("begins with nothing but zeros", "copy or download it again")
    for magic, message, hint in _NOT_AUDIO:
        if head[: len(magic)].lower() == magic.lower():
            return DecodeError(message, hint)
    return None


def foreign_kind(head: bytes, said: str) -> str:
    """Return what a file is that holds audio which libsndfile does not read, or nothing.

    Args:
        head: The first bytes of the file.
        said: What libsndfile said of it.
    """
    for start, magic, kind in _FOREIGN:
        if head[start : start + len(magic)] == magic:
            return kind
    bits = _flac_bits(head)
    if bits and bits not in _FLAC_BITS:
        return f"FLAC of {bits} bits"
    if "unimplemented format" in said:  # a WAV or an AIFF of a coding that it knows nothing of
        return "audio in a coding that is not built in"
    return ""


def _flac_bits(head: bytes) -> int:
    """Return the bits of a value that a FLAC file claims to have, 4 to 32; 0 where it is none.

    From STREAMINFO, RFC 9639, section 8.2: after 18 bytes and 7 bits come 5 bits, less one.
    """
    if head[:4] != b"fLaC" or len(head) < 22 or head[4] & 0x7F:
        return 0
    return ((head[20] & 1) << 4 | head[21] >> 4) + 1


def why_undecodable(said: str) -> DecodeError:
    """Return the error for a file that the decoder refuses, for what reason it may.

    Args:
        said: What the decoder said.
    """
    return DecodeError(
        f"cannot be decoded ({plain(said)})", "the file is damaged or not audio; try another copy"
    )


def plain(said: str) -> str:
    """Return a message of libsndfile without its decoration."""
    if "not a regular file" in said:  # what it says of an MP3 in which it finds no frame
        return "no audio found in it"
    return said.removeprefix("Error : ").strip().rstrip(".")
