"""How facts about a sample read: lengths, rates, stars and measured attributes. Pure functions."""

from __future__ import annotations

import math

NOTES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")

SCALES: dict[str, tuple[float, float, bool]] = {
    "brightness": (100.0, 12_000.0, True),
    "loudness": (-60.0, 0.0, False),
    "noisiness": (0.0, 1.0, False),
    "attack": (1.0, 1_000.0, True),
    "decay": (0.01, 10.0, True),
    "pitch": (24.0, 108.0, False),
    "low_end": (0.0, 1.0, False),
    "width": (0.0, 1.0, False),
    "roughness": (0.0, 1.0, False),
}
"""The ends of the bar of each attribute in its unit, and whether it is logarithmic between."""


def length(seconds: float | None) -> str:
    """Return a duration as a reader wants it: ``85 ms``, ``1.24 s``, ``3:07``."""
    if seconds is None:
        return ""
    if seconds < 0.0995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.995:
        return f"{seconds:.2f} s"
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def wait(seconds: float) -> str:
    """Return how long something may yet take: ``8 s``, ``3:07``; never nothing."""
    whole = max(1, round(seconds))
    return f"{whole} s" if whole < 60 else length(whole)


def rate(sample_rate_hz: int | None) -> str:
    """Return a sample rate in kHz: ``44.1 kHz``."""
    return "" if sample_rate_hz is None else f"{sample_rate_hz / 1000:g} kHz"


def channels(count: int | None) -> str:
    """Return a number of channels in words."""
    if count is None:
        return ""
    return {1: "mono", 2: "stereo"}.get(count, f"{count} channels")


_CODINGS = {"PCM_U8": "8 bit", "PCM_S8": "8 bit", "FLOAT": "32 float", "DOUBLE": "64 float"}


def form(file_format: str | None) -> str:
    """Return what a file is, as ``WAV 24 bit`` for ``WAV PCM_24``, and ``MP3`` for MP3."""
    container, _, coding = (file_format or "").partition(" ")
    if coding == "MPEG_LAYER_III" and container == "MP3":
        return container
    coding = _CODINGS.get(coding, coding)
    if coding.startswith("PCM_"):
        coding = f"{coding.removeprefix('PCM_')} bit"
    return f"{container} {coding}".strip()


def stars(rating: int | None) -> str:
    """Return a rating as five characters; blank without one."""
    return "★" * rating + "·" * (5 - rating) if rating else " " * 5


def told_by(source: str | None, probability: float | None) -> str:
    """Return who says of what category a sound is: `` · by sound 83 %``; nothing if nobody."""
    if source is None:
        return ""
    sure = f" {probability * 100:.0f} %" if probability is not None else ""
    return f" · by {'you' if source == 'user' else source}{sure}"


def tempo(bpm: float | None, source: str | None) -> str:
    """Return a tempo, as a guess where only the sound tells it: ``≈ 97 BPM``; or nothing."""
    return "" if bpm is None else f"{_guessed(source)}{bpm:g} BPM"


def key(text: str | None, source: str | None) -> str:
    """Return a key, as a guess where only the sound tells it: ``≈ Am``; or nothing."""
    return "" if text is None else f"{_guessed(source)}{text}"


def _guessed(source: str | None) -> str:
    return "≈ " if source == "sound" else ""


def note(pitch: float) -> str:
    """Return a MIDI note number as a note and its deviation: ``A1 +12 ct`` for 33.12."""
    nearest = round(pitch)
    cents = round((pitch - nearest) * 100)
    name = f"{NOTES[nearest % 12]}{nearest // 12 - 1}"
    return f"{name} {cents:+} ct" if cents else name


def attribute(name: str, value: float | None) -> str:
    """Return a measured value with its unit; a dash where there is none."""
    if value is None:
        return "-"
    if name == "brightness":
        return f"{value / 1000:.1f} kHz" if value >= 1000 else f"{value:.0f} Hz"
    if name == "loudness":
        return f"{value:.1f} dB"
    if name == "attack":
        return f"{value:.0f} ms" if value >= 10 else f"{value:.1f} ms"
    if name == "decay":
        return length(value)
    if name == "pitch":
        return note(value)
    if name in SCALES:
        return f"{value:.0%}"
    return f"{value:.2f}"


def part(name: str, value: float | None) -> float | None:
    """Return how far along its bar a value is, within [0, 1]; None where there is no bar."""
    if value is None or name not in SCALES:
        return None
    low, high, logarithmic = SCALES[name]
    if logarithmic:
        value, low, high = math.log(max(value, low)), math.log(low), math.log(high)
    return min(1.0, max(0.0, (value - low) / (high - low)))


def bar(filled: float, width: int) -> tuple[str, str]:
    """Return the filled and the empty part of a bar, together `width` characters."""
    halves = round(filled * width * 2)
    full = "━" * (halves // 2) + ("╸" if halves % 2 else "")
    return full, "─" * (width - len(full))
