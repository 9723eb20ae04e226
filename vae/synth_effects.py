"""The voices without a note: noises, risers, zaps, clouds of grains, small noises of things.

Every voice reads its parameters by name from the note; `vae.synth_kinds` says what they are.
"""

from __future__ import annotations

import numpy as np

from vae.synth_filters import filtered, swept
from vae.synth_signals import Note, Signal, coloured, harmonics, play, ring, sine, wavetable


def noise(note: Note) -> Signal:
    """A colour of noise in a band, steady, fluttering or dying away."""
    out = coloured(note, note["slope_db"])
    if note["resonance"] > 0.8:
        centre = min(note["brightness_hz"], 0.3 * note.rate)
        out = 0.3 * out + filtered("band", out, centre, note.rate, note["resonance"])
    out = filtered("low", out, note["brightness_hz"], note.rate, times=2)
    flutter = np.clip(1.0 + note["flutter"] * note.wander(note["flutter_s"]), 0.0, 3.0)
    envelope = note.held(note["attack_ms"] / 1000.0, note["release_s"])
    return out * flutter * envelope


def riser(note: Note) -> Signal:
    """Noise and saws that climb or fall."""
    way = note.time / note.time[-1]
    if note["falling"]:
        way = 1.0 - way
    climb = note["sweep_octaves"] * way ** note["curve"]
    cutoff = np.minimum(note["brightness_hz"] * 2.0**climb, 0.45 * note.rate)
    hiss = swept(note.white(), cutoff, note.rate, note["resonance"], "band")
    hz = np.minimum(note.hz * 2.0 ** (0.6 * climb), 0.2 * note.rate)
    table = wavetable(harmonics("saw", float(hz.max()), note.rate))
    tone = sum(
        (play(table, note.cycles(hz * bend)) for bend in (0.994, 1.0, 1.007)), np.zeros(note.length)
    )
    tone = swept(tone, cutoff, note.rate, 1.0)
    mix = note["noise"] * hiss / (hiss.std() + 1e-9)
    mix = mix + (1.0 - note["noise"]) * tone / (tone.std() + 1e-9)
    pulse = 1.0 - note["tremolo"] * (0.5 + 0.5 * sine(note.cycles(3.0 * 2.0 ** (2.0 * way))))
    return np.asarray(mix * pulse * (0.05 + way**1.5))


def zap(note: Note) -> Signal:
    """A laser, a blip: a tone that dives or leaps by octaves in no time."""
    fall = np.exp(-note.time / (note["sweep_ms"] / 1000.0))
    hz = np.clip(note.hz * 2.0 ** (note["sweep_octaves"] * fall), 15.0, 0.45 * note.rate)
    bender = note["fm_index"] * sine(note.cycles(np.minimum(hz * note["ratio"], 0.45 * note.rate)))
    tone = np.sin(2.0 * np.pi * note.cycles(hz) + bender)
    tone = (1.0 - note["noise"]) * tone + note["noise"] * note.white()
    tone = filtered("low", tone, note["brightness_hz"], note.rate, times=2)
    return tone * note.struck(note["decay_s"], note["attack_ms"] / 1000.0)


def impact(note: Note) -> Signal:
    """A boom: a sinking sine, rubble that goes dull as it dies, a crack in front."""
    fall = np.exp(-note.time / (note["sweep_ms"] / 1000.0))
    cycles = np.cumsum(note.hz * 2.0 ** (note["sweep_octaves"] * fall)) / note.rate
    boom = (sine(cycles) + 0.3 * sine(2.01 * cycles)) * note.struck(note["decay_s"], 0.002)
    rubble = coloured(note, -2.0) * (1.0 + 0.5 * np.abs(note.wander(0.02)))
    closing = note["brightness_hz"] * (0.06 + 0.94 * note.struck(1.5 * note["decay_s"]))
    rubble = swept(rubble, closing, note.rate) * note.struck(note["decay_s"], 0.001)
    crack = filtered("low", note.white(), note["brightness_hz"], note.rate) * note.struck(0.03)
    rubble = rubble / (float(np.abs(rubble).max()) + 1e-9)
    return (1.0 - note["noise"]) * boom + note["noise"] * rubble + 0.3 * note["crack"] * crack


def granular(note: Note) -> Signal:
    """A cloud of grains cut from one short source, each at its own place, pitch and level."""
    rng, rate = note.rng, note.rate
    source = (1.0 - note["noise"]) * _grain_source(note)
    source = source + note["noise"] * 0.5 * coloured(note, -2.0)
    source = filtered("low", source, note["brightness_hz"], rate)
    size = max(64, min(int(note["grain_ms"] / 1000.0 * rate), note.length // 2))
    window = np.hanning(size)
    out = np.zeros(note.length + 2 * size)
    count = int(np.clip(note["grains_hz"] * note.length / rate, 2, 400))
    starts = (rng.random(count) * (note.length - size)).astype(np.intp)
    steps = 2.0 ** (note["spread_semitones"] * rng.integers(-1, 2, count) / 12.0)
    for start, step, gain in zip(starts, steps, rng.rayleigh(0.7, count), strict=True):
        begin = rng.random() * max(1.0, note.length - size * step - 1.0)
        place = begin + step * np.arange(size)
        out[start : start + size] += gain * window * source[place.astype(np.intp) % note.length]
    return out[: note.length] * note.held(note["attack_ms"] / 1000.0, note["release_s"])


def _grain_source(note: Note) -> Signal:
    """Return what grains are cut from: a string, a crowd of modes, or a gliding tone."""
    choice = int(note.rng.integers(3))
    if choice == 0:
        order = np.arange(1, 40)
        return ring(note, note.hz * order, 1.0 / order, 4.0)
    if choice == 1:
        hz = note.hz * np.sort(note.rng.uniform(1.0, 12.0, 20))
        return 0.4 * ring(note, hz, note.rng.uniform(0.2, 1.0, 20), 6.0)
    table = wavetable(harmonics("saw", 2.2 * note.hz, note.rate))
    bend = np.clip(0.5 * note.wander(0.3), -1.0, 1.0)
    return play(table, note.cycles(note.hz * 2.0**bend))


def foley(note: Note) -> Signal:
    """Small noises of things: a handful of knocks, crackles or drops on a resonant body."""
    rng, seconds = note.rng, note.length / note.rate
    count = 1 + int(note["knocks_hz"] * seconds)
    # Knocks crowd near the start, as of something dropped and coming to rest.
    times = np.sort(rng.random(count) ** note["crowding"]) * max(0.0, 0.9 * seconds - 0.03)
    times -= times[0]
    hits = np.zeros(note.length)
    tiny = max(8, int(note["knock_ms"] / 1000.0 * note.rate))
    for at in times:
        start = int(at * note.rate)
        width = min(tiny, note.length - start)
        strength = rng.rayleigh(0.6) * np.exp(-1.5 * at / seconds)
        burst = rng.standard_normal(width) * np.exp(-4.0 * np.arange(width) / tiny)
        hits[start : start + width] += strength * burst
    out = 0.3 * note["noise"] * hits
    for ratio in rng.uniform(0.7, 6.0, 5):
        q = rng.uniform(0.4, 1.0) * note["resonance"]
        out += rng.uniform(0.3, 1.0) * filtered("band", hits, note.hz * ratio, note.rate, q)
    return filtered("low", out, note["brightness_hz"], note.rate)
