"""Saying why a file is not audio that can be read, from its first bytes."""

from __future__ import annotations

from library.errors import DecodeError

_CONVERT = "convert it to WAV or FLAC, with ffmpeg for one"

# First bytes, what they are, what to do.
_SIGNATURES: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"version https://git-lfs", "is a Git LFS pointer, not the audio", "run git lfs pull"),
    (4, b"ftyp", "is MP4 or M4A audio (AAC or ALAC), which cannot be read", _CONVERT),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "is Windows Media audio, not readable", _CONVERT),
    (0, b"wvpk", "is WavPack audio, which cannot be read", _CONVERT),
    (0, b"MAC ", "is Monkey's Audio, which cannot be read", _CONVERT),
    (0, b"MP+", "is Musepack audio, which cannot be read", _CONVERT),
    (0, b"MPCK", "is Musepack audio, which cannot be read", _CONVERT),
    (0, b"TTA1", "is True Audio, which cannot be read", _CONVERT),
    (0, b"DSD ", "is DSD audio, which cannot be read", _CONVERT),
    (0, b"\x1a\x45\xdf\xa3", "is Matroska or WebM, which cannot be read", _CONVERT),
    (0, b"MThd", "is a MIDI file, which holds no audio", "render it to audio first"),
    (0, b"PK\x03\x04", "is a ZIP archive, not audio", "unpack it first"),
    (0, b"<!DOCTYPE", "is a web page, not audio", "download the file again"),
    (0, b"<html", "is a web page, not audio", "download the file again"),
)


def why_unreadable(head: bytes, said: str) -> DecodeError:
    """Return the error for a file that the decoder refuses.

    Args:
        head: The first bytes of the file, 64 of them where it has as many.
        said: What the decoder said.

    Returns:
        An error whose message names the real trouble where the first bytes show it.
    """
    if not head:
        return DecodeError("is empty (0 bytes)", "copy or download it again")
    if not head.strip(b"\0"):
        return DecodeError("begins with nothing but zeros", "copy or download it again")
    for start, magic, message, hint in _SIGNATURES:
        if head[start : start + len(magic)].lower() == magic.lower():
            return DecodeError(message, hint)
    return DecodeError(
        f"cannot be decoded ({plain(said)})", "the file is damaged or not audio; try another copy"
    )


def plain(said: str) -> str:
    """Return a message of libsndfile without its decoration."""
    if "not a regular file" in said:  # what it says of an MP3 in which it finds no frame
        return "no audio found in it"
    return said.removeprefix("Error : ").strip().rstrip(".")
