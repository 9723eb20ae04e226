"""The voices of instruments: strings, bells, keys, winds, a singer.

Every voice reads its parameters by name from the note; `vae.synth_kinds` says what they are.
"""

from __future__ import annotations

import numpy as np

from vae.synth_filters import filtered, rolled_off, swept, with_breath
from vae.synth_signals import Note, Signal, chord, harmonics, play, ring, sine, vibrato, wavetable

# The first three formants of sung vowels in Hz, a mean of published male and female values:
# Peterson and Barney (1952), table II.
_VOWELS = np.array(
    [
        [300.0, 2500.0, 3150.0],  # ee
        [560.0, 2090.0, 2730.0],  # eh
        [790.0, 1150.0, 2620.0],  # ah
        [580.0, 880.0, 2560.0],  # aw
        [335.0, 910.0, 2450.0],  # oo
        [490.0, 1370.0, 1830.0],  # er
    ]
)
# Drawbars of a tone-wheel organ: 16', 5 1/3', 8', 4', 2 2/3', 2', 1 3/5', 1 1/3', 1'.
_DRAWBARS = np.array([0.5, 1.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0])


def pluck(note: Note) -> Signal:
    """A plucked string: stiff, damped more at the top, picked at a place along its length."""
    order = np.arange(1, max(2, int(0.46 * note.rate / note.hz)) + 1)[:160]
    hz = note.hz * order * np.sqrt((1.0 + note["stiffness"] * order**2) / (1.0 + note["stiffness"]))
    gains = np.abs(np.sin(np.pi * order * note["place"])) / order**0.7
    gains = gains * rolled_off(hz, note["brightness_hz"]) * note.rng.uniform(0.6, 1.0, len(order))
    gains[0] = gains.max()
    decays = note["decay_s"] / (1.0 + note["damping"] * (order - 1.0))
    twin = 2.0 ** (note["detune_cents"] / 1200.0)
    tone = ring(
        note,
        np.concatenate((hz, hz * twin)),
        np.concatenate((gains, 0.5 * gains)),
        np.concatenate((decays, 1.3 * decays)),
    )
    envelope = note.struck(0.3 * note["decay_s"])
    pick = filtered("low", note.white(), note["brightness_hz"], note.rate) * note.struck(0.012)
    tone = tone + 0.4 * float(np.abs(tone).max()) * note["pick"] * pick
    return with_breath(note, tone, envelope)


def bell(note: Note) -> Signal:
    """Frequency modulation between unrelated sines: bells and gongs."""
    out = np.zeros(note.length)
    for share in (1.0, 0.6):
        bender = sine(note.cycles(note.hz * note["ratio"] * note.rng.uniform(0.999, 1.001)))
        index = note["fm_index"] * share * note.struck(0.6 * note["decay_s"])
        carrier = note.cycles(note.hz * (1.0 if share == 1.0 else 2.0 ** (3.0 / 1200.0)))
        out += share * np.sin(2.0 * np.pi * carrier + index * bender)
    envelope = note.struck(note["decay_s"], note["attack_ms"] / 1000.0)
    out = filtered("low", out * envelope, note["brightness_hz"], note.rate)
    return with_breath(note, out, envelope)


def epiano(note: Note) -> Signal:
    """An electric piano: a soft reed by modulation 1:1, a tine far above, slow tremolo."""
    envelope = note.struck(note["decay_s"], note["attack_ms"] / 1000.0)
    cycles = note.cycles(note.hz)
    soft = note["fm_index"] * note.struck(0.7 * note["decay_s"]) * sine(cycles)
    reed = np.sin(2.0 * np.pi * cycles + soft)
    high = note.cycles(min(note.hz * round(note["ratio"]), 0.4 * note.rate))
    tine = note["tine"] * np.sin(2.0 * np.pi * cycles + 0.6 * sine(high)) * note.struck(0.25)
    tremolo = 1.0 - note["tremolo"] * (0.5 + 0.5 * sine(note.cycles(5.0)))
    tone = filtered("low", (reed + tine) * envelope * tremolo, note["brightness_hz"], note.rate)
    return with_breath(note, tone, envelope)


def organ(note: Note) -> Signal:
    """Drawbars, key click and a turning speaker."""
    bars = note.rng.random(9) ** 1.5
    bars[2] = 1.0
    bars[:2] *= note["sub"]
    turning = sine(note.cycles(note["motion_hz"]))
    bend = 2.0 ** (8.0 * note["tremolo"] * turning / 1200.0)
    table_amplitudes = np.zeros(16)
    top = float(chord(note).max())
    for ratio, bar in zip(_DRAWBARS, bars, strict=True):
        # The table's cycle is two periods of the note, for the bars below it.
        if top * ratio < 0.45 * note.rate:
            gain = rolled_off(note.hz * ratio, note["brightness_hz"])
            table_amplitudes[round(2 * ratio) - 1] += float(bar * gain)
    table = wavetable(table_amplitudes, note.rng.uniform(0.0, 2.0 * np.pi, 16))
    out = sum(
        (play(table, note.cycles(0.5 * hz * bend)) for hz in chord(note)), np.zeros(note.length)
    )
    out *= 1.0 + 0.4 * note["tremolo"] * turning
    envelope = note.held(note["attack_ms"] / 1000.0, note["release_s"])
    click = 0.3 * note["click"] * filtered("high", note.white(), 1500.0, note.rate)
    return with_breath(note, out * envelope + click * note.struck(0.015), envelope)


def string(note: Note) -> Signal:
    """Bowed strings: saws with vibrato, a wooden body, the rasp of the bow."""
    players = round(note["players"])
    wave = np.zeros(note.length)
    table = wavetable(harmonics("saw", 1.1 * note.hz, note.rate))
    for _ in range(players):
        tuning = 2.0 ** (note["detune_cents"] * note.rng.standard_normal() * (players > 1) / 1200.0)
        wave += play(table, note.cycles(note.hz * tuning * vibrato(note)))
    rasp = 1.0 + (0.1 + 0.4 * note["noise"]) * note.wander(0.012)
    wave *= rasp
    body = 0.5 * wave
    for centre in (285.0, 460.0, 1150.0, 2600.0):
        body += 0.6 * filtered("band", wave, centre * note.rng.uniform(0.85, 1.15), note.rate, 3.0)
    body = filtered("low", body, note["brightness_hz"], note.rate, times=2)
    envelope = note.held(note["attack_ms"] / 1000.0, note["release_s"])
    envelope *= 1.0 + 0.12 * note.wander(0.25)
    return with_breath(note, body * envelope, envelope)


def wind(note: Note) -> Signal:
    """A blown tube: few harmonics, breath that chiffs at the start, slow unsteadiness."""
    order = np.arange(1, max(2, int(min(24, 0.45 * note.rate / note.hz / 1.05))) + 1)
    gains = np.where(order % 2 == 1, 1.0, note["even"]) / order ** note["softness"]
    table = wavetable(gains * rolled_off(note.hz * order, note["brightness_hz"]))
    rise = 1.0 - 0.02 * np.exp(-note.time / 0.03)
    tone = play(table, note.cycles(note.hz * rise * vibrato(note)))
    tone *= 1.0 + 0.1 * note.wander(0.12)
    envelope = note.held(note["attack_ms"] / 1000.0, note["release_s"])
    chiff = filtered("band", note.white(), 2.0 * note.hz, note.rate, 2.0) * note.struck(0.08)
    return with_breath(note, tone * envelope + note["chiff"] * chiff, envelope)


def voice(note: Note) -> Signal:
    """A singer: glottal pulses through formants that move from one vowel to another."""
    # A glottal pulse falls by about 12 dB an octave; `rasp` makes it harder.
    order = np.arange(1, max(2, int(0.45 * note.rate / note.hz / 1.1)) + 1, dtype=np.float64)
    table = wavetable(order ** -(1.9 - 0.9 * note["rasp"]))
    slide = 2.0 ** (note["glide_semitones"] / 12.0 * np.exp(-note.time / 0.12))
    tone = play(table, note.cycles(note.hz * slide * vibrato(note, 0.3)))
    breath = filtered("high", note.white(), 700.0, note.rate) * (0.5 + 0.5 * np.abs(tone))
    source = tone + 0.25 * note["noise"] * breath
    size, first, last = note["size"], note.rng.integers(0, 6), note.rng.integers(0, 6)
    move = 0.5 - 0.5 * np.cos(np.pi * np.clip(note.time / note.time[-1] * 1.5 - 0.2, 0.0, 1.0))
    sung = 0.02 * source
    for formant, (gain, q) in enumerate(((1.0, 6.0), (0.7, 10.0), (0.5, 12.0))):
        hz = _VOWELS[first, formant] ** (1.0 - move) * _VOWELS[last, formant] ** move
        sung += gain * swept(source, hz / size, note.rate, q, "band")
    sung = filtered("low", sung, note["brightness_hz"], note.rate)
    return sung * note.held(note["attack_ms"] / 1000.0, note["release_s"])
