"""The voices of synthesisers: basses, stabs, leads, pads.

Every voice reads its parameters by name from the note; `vae.synth_kinds` says what they are.
"""

from __future__ import annotations

import numpy as np

from vae.synth_filters import filtered, saturated, swept, with_breath
from vae.synth_signals import Note, Signal, chord, harmonics, play, sine, vibrato, wavetable


def _waves(note: Note, hz: Signal, voices: int, detune_cents: float) -> Signal:
    """Return saws and pulses in unison, mixed by the parameter `pulse` (0 saw, 1 pulse)."""
    top = float(hz.max()) * 1.03
    spectrum = (1.0 - note["pulse"]) * harmonics("saw", top, note.rate)
    spectrum = spectrum + note["pulse"] * 1.2 * harmonics("pulse", top, note.rate, note["width"])
    table = wavetable(spectrum)
    out = np.zeros(note.length)
    for place in np.linspace(-1.0, 1.0, voices) if voices > 1 else (0.0,):
        cents = place * detune_cents * (1.0 + 0.2 * note.rng.standard_normal() * (voices > 2))
        out += play(table, note.cycles(hz * 2.0 ** (cents / 1200.0)))
    return out


def _opening(note: Note, seconds: float) -> Signal:
    """Return a cut-off that starts `sweep_octaves` above `brightness_hz` and sinks onto it."""
    return np.asarray(
        note["brightness_hz"] * 2.0 ** (note["sweep_octaves"] * np.exp(-5.0 * note.time / seconds))
    )


def bass(note: Note) -> Signal:
    """Two oscillators and a sub through a resonant low-pass that closes."""
    hz = np.full(note.length, note.hz)
    wave = _waves(note, hz, 2, note["detune_cents"]) + note["sub"] * sine(note.cycles(0.5 * hz))
    wave = swept(wave, _opening(note, note["decay_s"]), note.rate, note["resonance"])
    envelope = note.struck(note["decay_s"], note["attack_ms"] / 1000.0)
    return with_breath(note, wave * envelope, envelope)


def fm_bass(note: Note) -> Signal:
    """One sine bends the phase of another, more at the start."""
    envelope = note.struck(note["decay_s"], note["attack_ms"] / 1000.0)
    index = note["fm_index"] * (0.3 + 0.7 * note.struck(0.5 * note["decay_s"]))
    bender = sine(note.cycles(note.hz * round(note["ratio"])))
    tone = np.sin(2.0 * np.pi * note.cycles(note.hz) + index * bender) * envelope
    tone = filtered("low", tone, note["brightness_hz"], note.rate, times=2)
    return with_breath(note, tone, envelope)


def sub(note: Note) -> Signal:
    """The long sine of a drum machine's bass drum, sliding onto its note."""
    slide = 2.0 ** (note["sweep_octaves"] * np.exp(-note.time / (note["sweep_ms"] / 1000.0)))
    cycles = np.cumsum(note.hz * slide) / note.rate
    envelope = note.struck(note["decay_s"], note["attack_ms"] / 1000.0)
    tone = sine(cycles) + note["harmonic"] * (0.5 * sine(2.0 * cycles) + 0.3 * sine(3.0 * cycles))
    tone = saturated(tone * envelope, 0.5 * note["harmonic"])
    click = note["click"] * note.white() * note.struck(0.01)
    return filtered("low", tone + 0.7 * click, note["brightness_hz"], note.rate)


def stab(note: Note) -> Signal:
    """A short chord of detuned saws or pulses, the filter snapping shut."""
    out = np.zeros(note.length)
    for hz in chord(note):
        out += _waves(note, np.full(note.length, hz), 2, note["detune_cents"])
    out = swept(out, _opening(note, 0.7 * note["decay_s"]), note.rate, note["resonance"])
    envelope = note.struck(note["decay_s"], note["attack_ms"] / 1000.0)
    return with_breath(note, out * envelope, envelope)


def lead(note: Note) -> Signal:
    """A mono synthesiser: unison, glide, vibrato, a resonant filter."""
    glide = 2.0 ** (note["glide_semitones"] / 12.0 * np.exp(-note.time / 0.04))
    wave = _waves(
        note, note.hz * vibrato(note) * glide, round(note["unison"]), note["detune_cents"]
    )
    wave = swept(wave, _opening(note, 0.5), note.rate, note["resonance"])
    envelope = note.held(note["attack_ms"] / 1000.0, note["release_s"])
    return with_breath(note, wave * envelope, envelope)


def pad(note: Note) -> Signal:
    """A slow chord of drifting, detuned voices behind a moving filter."""
    tones = chord(note)
    out = np.zeros(note.length)
    for hz in tones:
        drift = 2.0 ** (4.0 * note.wander(0.8) / 1200.0)
        out += _waves(note, hz * drift, 3 if len(tones) < 3 else 2, note["detune_cents"])
    cutoff = note["brightness_hz"] * 2.0 ** (
        note["sweep_octaves"] * sine(note.cycles(note["motion_hz"]))
    )
    envelope = note.held(note["attack_ms"] / 1000.0, note["release_s"])
    return with_breath(note, swept(out, cutoff, note.rate, 0.9) * envelope, envelope)
