"""The voices of drums and struck things, from a note to a signal.

Every voice reads its parameters by name from the note; `vae.synth_kinds` says what they are.
"""

from __future__ import annotations

import numpy as np

from vae.synth_filters import filtered, rolled_off
from vae.synth_signals import Note, Signal, coloured, harmonics, play, ring, sine, wavetable

# Modes of an ideal circular membrane relative to its lowest: Fletcher and Rossing (1998),
# The Physics of Musical Instruments, table 3.1.
_MEMBRANE = np.array([1.0, 1.594, 2.136, 2.296, 2.653, 2.918, 3.156, 3.501])
# Modes of a free bar, the same book, section 2.16; of a glass or bowl (ring modes, section 21.2).
_BAR = np.array([1.0, 2.756, 5.404, 8.933, 13.34, 18.64])
_BOWL = np.array([1.0, 2.828, 5.424, 8.771, 12.87, 17.70, 23.27])
# The six square waves of a well-known drum machine's metal sounds, Hz.
_METAL_HZ = np.array([205.3, 304.4, 369.6, 522.7, 540.0, 800.0])


def kick(note: Note) -> Signal:
    """A sine that falls to its pitch, a click, a puff of noise."""
    time, decay = note.time, note["decay_s"]
    fall = np.exp(-time / (note["sweep_ms"] / 1000.0))
    hz = note.hz * 2.0 ** (note["sweep_octaves"] * fall)
    cycles = np.cumsum(hz) / note.rate
    body = sine(cycles) + note["harmonic"] * sine(2.0 * cycles) * note.struck(0.5 * decay)
    # A beater stays on the skin: the envelope holds a little before it falls.
    shape = np.exp(-6.9 * (time / decay) ** note["hold"])
    click = ring(note, note.rng.uniform(900.0, 4500.0, 5), 0.4, note.rng.uniform(0.004, 0.02, 5))
    puff = filtered("low", note.white(), note["brightness_hz"], note.rate)
    click = filtered("low", click, note["brightness_hz"], note.rate)
    return (
        body * shape
        + note["click"] * click
        + 0.5 * note["click"] * puff * note.struck(0.012)
        + note["noise"] * 0.6 * puff * note.struck(0.6 * decay)
    )


def snare(note: Note) -> Signal:
    """A small membrane over a band of rattling wires."""
    decay, bend = note["decay_s"], 1.0 + 0.6 * np.exp(-note.time / 0.012)
    head = np.zeros(note.length)
    for ratio, gain in zip(_MEMBRANE[[0, 1, 3, 5]], (1.0, 0.8, 0.4, 0.3), strict=True):
        spread = float(note.rng.uniform(0.97, 1.03))
        wave = sine(np.cumsum(note.hz * ratio * spread * bend) / note.rate)
        head += gain * wave * note.struck(min(0.45, 0.8 * decay) / np.sqrt(ratio))
    wires = filtered("high", note.white(), note.rng.uniform(300.0, 1500.0), note.rate)
    colour = note.rng.uniform(2500.0, 6000.0)
    wires += 0.8 * filtered("band", wires, colour, note.rate, 1.2)
    wires = filtered("low", wires, note["brightness_hz"], note.rate, times=2)
    wires *= note.struck(decay, 0.0015) + 0.8 * note.struck(0.03)
    crack = filtered("high", note.white(), 1500.0, note.rate) * note.struck(0.008)
    crack = filtered("low", crack, note["brightness_hz"], note.rate)
    noise = note["noise"]
    return (1.0 - noise) * head + noise * 0.9 * wires + 0.3 * crack


def clap(note: Note) -> Signal:
    """Several hands, one after another, and the tail of the last."""
    envelope = np.zeros(note.length)
    at = 0.0
    for _ in range(round(note["hands"])):
        since = note.time - at
        strength = note.rng.uniform(0.6, 1.0)
        envelope += np.where(since >= 0.0, strength * np.exp(-np.maximum(since, 0.0) / 0.0035), 0.0)
        at += note["spread_ms"] / 1000.0 * note.rng.uniform(0.7, 1.3)
    since = np.maximum(note.time - at, 0.0)
    envelope += np.where(note.time >= at, 0.6 * np.exp(-6.9 * since / note["decay_s"]), 0.0)
    noise = note.white()
    centre = note["centre_hz"]
    hands = filtered("band", noise, centre, note.rate, 1.6)
    hands += 0.5 * filtered("band", noise, centre * note.rng.uniform(1.8, 2.6), note.rate, 2.0)
    hands *= 1.0 - 0.6 * note["noise"]
    hands += 0.4 * note["noise"] * filtered("high", note.white(), 0.5 * centre, note.rate)
    return filtered("low", hands * envelope, note["brightness_hz"], note.rate)


def metal(note: Note) -> Signal:
    """Hats, shakes of metal and cymbals: crowds of inharmonic modes, squares and hiss."""
    rng, decay, low = note.rng, note["decay_s"], note["highpass_hz"]
    count = round(note["modes"])
    hz = np.exp(rng.uniform(np.log(0.5 * low), np.log(0.45 * note.rate), count))
    decays = decay * rng.uniform(0.4, 1.1, count) * (hz / hz.min()) ** -0.25
    modes = ring(note, hz, rng.rayleigh(1.0, count), decays)
    squares = np.zeros(note.length)
    for partial in _METAL_HZ * note["tuning"] * rng.uniform(0.98, 1.02, 6):
        squares += np.where(note.cycles(partial) % 1.0 < 0.5, 1.0, -1.0)
    hiss = note.white()
    envelope = note.struck(decay, 0.0005) * (0.7 + 0.3 * np.exp(-note.time / 0.02))
    mix = note["squares"] * squares / 2.4 + 0.7 * note["noise"] * hiss
    mix = mix * envelope + (1.0 - 0.8 * note["noise"]) * modes / np.sqrt(0.5 * count)
    swell = note["swell_ms"] / 1000.0
    if swell > 0.0:
        mix *= 1.0 - np.exp(-note.time / swell)
    stick = ring(note, rng.uniform(1500.0, 6000.0, 4), 0.4, 0.015)
    mix = filtered("high", mix, low, note.rate, times=2) + note["stick"] * stick
    return filtered("low", mix, note["brightness_hz"], note.rate, times=2)


def tom(note: Note) -> Signal:
    """A tuned membrane whose pitch sinks as the skin relaxes."""
    bend = 2.0 ** (note["bend_octaves"] * np.exp(-note.time / 0.06))
    cycles = np.cumsum(note.hz * bend) / note.rate
    skin = np.zeros(note.length)
    for index, ratio in enumerate(_MEMBRANE[:6]):
        gain = (
            note.rng.uniform(0.5, 1.0)
            * 0.55**index
            * rolled_off(note.hz * ratio, note["brightness_hz"])
        )
        decay = note["decay_s"] / ratio**0.9
        skin += gain * sine(ratio * cycles + note.rng.random() * (index > 0)) * note.struck(decay)
    stroke = filtered("low", note.white(), note["brightness_hz"], note.rate)
    return skin + stroke * (
        0.5 * note.struck(0.02) + 0.8 * note["noise"] * note.struck(0.5 * note["decay_s"])
    )


def rim(note: Note) -> Signal:
    """A stick on wood: a few short, far-apart modes and a tick."""
    ratios = np.array([1.0, 1.71, 2.63, 3.9, 5.2]) * note.rng.uniform(0.93, 1.07, 5)
    gains = np.array([1.0, 0.9, 0.6, 0.4, 0.3]) * rolled_off(
        note.hz * ratios, note["brightness_hz"]
    )
    wood = ring(note, note.hz * ratios, gains, note["decay_s"] / ratios**0.5)
    tick = filtered("low", note.white(), note["brightness_hz"], note.rate)
    return wood + tick * (0.4 * note.struck(0.006) + note["noise"] * note.struck(note["decay_s"]))


def shaker(note: Note) -> Signal:
    """Beads: thousands of tiny knocks, thrown forth and, sometimes, back."""
    knocks = note.white() * (note.rng.random(note.length) < note["density"])
    beads = filtered("band", knocks, note["centre_hz"], note.rate, 1.5)
    beads += 0.5 * filtered("band", knocks, 1.6 * note["centre_hz"], note.rate, 3.0)
    beads *= (1.0 - 0.7 * note["noise"]) / (float(beads.std()) + 1e-9)
    beads += note["noise"] * filtered("high", note.white(), 2000.0, note.rate)
    attack = note["attack_ms"] / 1000.0
    envelope = note.struck(note["decay_s"], attack)
    back = note["back_s"]
    if back > 0.0:
        later = np.roll(envelope, int(back * note.rate))
        later[: int(back * note.rate)] = 0.0
        envelope = envelope + 0.6 * later
    return filtered("low", beads * envelope, note["brightness_hz"], note.rate)


def cowbell(note: Note) -> Signal:
    """Two square waves a rough fifth apart through a band, as drum machines make it."""
    table = wavetable(harmonics("pulse", 1.6 * note.hz, note.rate))
    pair = play(table, note.cycles(note.hz))
    pair += play(table, note.cycles(note.hz * note["interval"]))
    pair += 0.15 * note["noise"] * note.white()
    pair = 0.3 * pair + filtered("band", pair, 2.2 * note.hz, note.rate, 1.5)
    envelope = note.struck(note["decay_s"]) + 1.2 * note.struck(0.04)
    return filtered("low", pair * envelope, note["brightness_hz"], note.rate)


def modal(note: Note) -> Signal:
    """A struck bar, bowl, plate or tube of wood, metal, glass or clay."""
    body = round(note["body"])
    if body < 2:
        ratios = (_BAR, _BOWL)[body]
    else:
        ratios = np.sort(
            np.concatenate(([1.0], note.rng.uniform(1.2, 14.0, 24 if body == 2 else 9)))
        )
    ratios = ratios * np.concatenate(([1.0], note.rng.uniform(0.985, 1.015, len(ratios) - 1)))
    hz = note.hz * ratios
    gains = note.rng.uniform(0.3, 1.0, len(hz)) * rolled_off(hz, note["brightness_hz"], 1.0)
    gains[0] = 1.0
    # Wood damps its high modes much faster than metal does.
    decays = note["decay_s"] / ratios ** note["damping"]
    twins = hz * (1.0 + note["beating"] * note.rng.uniform(-0.004, 0.004, len(hz)))
    tone = ring(
        note,
        np.concatenate((hz, twins)),
        np.concatenate((gains, 0.6 * gains)),
        np.concatenate((decays, decays)),
        struck=True,
    )
    hit = filtered("low", coloured(note, -3.0), note["brightness_hz"], note.rate)
    return tone + hit * (
        0.3 * note.struck(0.01) + note["noise"] * note.struck(0.3 * note["decay_s"])
    )
