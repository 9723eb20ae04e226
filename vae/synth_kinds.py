"""What each kind of synthesised sound can be asked for: parameter by parameter, a range.

Units are in the names (`_hz`, `_s`, `_ms`, `_db`, `_cents`, `_octaves`, `_semitones`); `pitch` is a
MIDI note number; `noise`, `drive`, `room` and other amounts go from 0 to 1. A decay time is the
time of a fall by 60 dB.
"""

from __future__ import annotations

import numpy as np

from vae.synth_ranges import Range, Ranges, log, sometimes, whole

_COMMON: Ranges = {
    "level_db": Range(-9.0, -0.3),
    "drive": sometimes(0.7, 0.3),
    "room": sometimes(0.5, 0.3),
    "crush": sometimes(0.9, 0.06),
}
_WAVES: Ranges = {"pulse": sometimes(1.0, 0.6), "width": Range(0.08, 0.5)}
_VIBRATO: Ranges = {"vibrato_hz": Range(4.0, 7.0), "vibrato_cents": sometimes(35.0, 0.7)}

RANGES: dict[str, Ranges] = {
    "kick": {
        "pitch": Range(24.0, 42.0), "decay_s": log(0.12, 1.4), "sweep_octaves": Range(0.8, 4.0),
        "sweep_ms": log(6.0, 70.0), "hold": Range(0.8, 2.0), "harmonic": sometimes(0.4),
        "click": sometimes(1.0, 0.8), "noise": sometimes(0.4), "brightness_hz": log(800, 16000),
    },
    "snare": {
        "pitch": Range(50.0, 64.0), "decay_s": log(0.08, 0.6), "noise": Range(0.35, 0.95),
        "brightness_hz": log(3000, 18000),
    },
    "clap": {
        "hands": whole(2, 6), "spread_ms": log(5.0, 22.0), "decay_s": log(0.1, 0.8),
        "centre_hz": log(700, 2400), "noise": Range(0.0, 1.0), "brightness_hz": log(2500, 16000),
    },
    "hat": {
        "decay_s": log(0.03, 0.18), "modes": whole(30, 120), "tuning": Range(0.7, 3.0),
        "squares": sometimes(1.0, 0.6), "noise": Range(0.1, 1.0), "stick": sometimes(0.4),
        "swell_ms": Range(0.0, 0.0), "highpass_hz": log(2500, 8000),
        "brightness_hz": log(9000, 20000),
    },
    "open_hat": {
        "decay_s": log(0.25, 1.6), "modes": whole(60, 200), "tuning": Range(0.7, 3.0),
        "squares": sometimes(1.0, 0.6), "noise": Range(0.1, 1.0), "stick": sometimes(0.4),
        "swell_ms": sometimes(6.0, 0.3), "highpass_hz": log(2500, 7000),
        "brightness_hz": log(9000, 20000),
    },
    "cymbal": {
        "decay_s": log(1.0, 5.0), "modes": whole(120, 300), "tuning": Range(0.5, 2.0),
        "squares": sometimes(0.3, 0.3), "noise": Range(0.0, 0.8), "stick": sometimes(1.0, 0.7),
        "swell_ms": sometimes(60.0, 0.7), "highpass_hz": log(250, 3500),
        "brightness_hz": log(7000, 20000),
    },
    "tom": {
        "pitch": Range(34.0, 58.0), "decay_s": log(0.2, 1.2), "bend_octaves": Range(0.05, 0.9),
        "noise": sometimes(0.5, 0.7), "brightness_hz": log(700, 9000),
    },
    "rim": {
        "pitch": Range(64.0, 92.0), "decay_s": log(0.02, 0.15), "noise": sometimes(0.5),
        "brightness_hz": log(2500, 16000),
    },
    "shaker": {
        "density": log(0.01, 0.6), "centre_hz": log(3000, 9000), "attack_ms": Range(3.0, 60.0),
        "decay_s": log(0.06, 0.4), "back_s": Range(0.06, 0.2, "linear", 0.5),
        "noise": Range(0.0, 1.0), "brightness_hz": log(6000, 20000),
    },
    "cowbell": {
        "pitch": Range(66.0, 86.0), "interval": Range(1.35, 1.6), "decay_s": log(0.1, 0.9),
        "noise": sometimes(0.5, 0.4), "brightness_hz": log(2500, 16000),
    },
    "modal": {
        "pitch": Range(48.0, 90.0), "body": whole(0, 3), "decay_s": log(0.06, 3.0),
        "damping": Range(0.2, 1.6), "beating": sometimes(1.0), "noise": sometimes(0.4),
        "brightness_hz": log(1500, 16000),
    },
    "bass": {
        "pitch": Range(24.0, 48.0), "decay_s": log(0.2, 3.0), "attack_ms": log(1.0, 30.0),
        **_WAVES, "detune_cents": Range(0.0, 18.0), "sub": sometimes(0.9, 0.6),
        "sweep_octaves": Range(0.0, 4.0), "resonance": log(0.6, 5.0),
        "noise": sometimes(0.15, 0.3), "brightness_hz": log(100, 3000),
    },
    "fm_bass": {
        "pitch": Range(26.0, 48.0), "decay_s": log(0.2, 2.0), "attack_ms": log(1.0, 15.0),
        "fm_index": Range(0.5, 7.0), "ratio": whole(1, 5), "noise": sometimes(0.15, 0.3),
        "brightness_hz": log(500, 9000),
    },
    "sub": {
        "pitch": Range(24.0, 40.0), "decay_s": log(0.5, 4.0), "attack_ms": log(1.0, 10.0),
        "sweep_octaves": Range(0.0, 2.0), "sweep_ms": log(8.0, 60.0),
        "harmonic": sometimes(1.0, 0.7), "click": sometimes(1.0),
        "brightness_hz": log(150, 4000),
    },
    "pluck": {
        "pitch": Range(36.0, 88.0), "decay_s": log(0.3, 4.0), "damping": log(0.02, 0.5),
        "stiffness": log(1e-6, 5e-4), "place": Range(0.07, 0.5), "pick": sometimes(0.8, 0.8),
        "detune_cents": sometimes(6.0), "noise": sometimes(0.2, 0.4),
        "brightness_hz": log(500, 10000),
    },
    "stab": {
        "pitch": Range(43.0, 67.0), "chord": whole(0, 7), "decay_s": log(0.15, 1.2),
        "attack_ms": log(1.0, 20.0), **_WAVES, "detune_cents": Range(0.0, 25.0),
        "sweep_octaves": Range(0.0, 4.0), "resonance": log(0.6, 4.0),
        "noise": sometimes(0.2, 0.3), "brightness_hz": log(300, 6000),
    },
    "lead": {
        "pitch": Range(52.0, 88.0), "attack_ms": log(2.0, 120.0), "release_s": log(0.05, 0.6),
        **_WAVES, **_VIBRATO, "unison": whole(1, 5), "detune_cents": Range(3.0, 30.0),
        "glide_semitones": Range(0.0, 12.0, "linear", 0.3), "sweep_octaves": Range(0.0, 3.0),
        "resonance": log(0.6, 5.0), "noise": sometimes(0.25, 0.4),
        "brightness_hz": log(500, 9000),
    },
    "pad": {
        "pitch": Range(40.0, 67.0), "chord": whole(0, 7), "attack_ms": log(50.0, 1200.0),
        "release_s": log(0.3, 1.5), **_WAVES, "detune_cents": Range(4.0, 22.0),
        "sweep_octaves": Range(0.0, 1.5), "motion_hz": log(0.1, 2.0),
        "noise": sometimes(0.4), "brightness_hz": log(350, 7000),
    },
    "bell": {
        "pitch": Range(52.0, 90.0), "decay_s": log(0.5, 5.0), "attack_ms": log(0.5, 5.0),
        "ratio": Range(1.2, 5.5), "fm_index": Range(0.5, 6.0), "noise": sometimes(0.1, 0.2),
        "brightness_hz": log(2000, 16000),
    },
    "epiano": {
        "pitch": Range(36.0, 84.0), "decay_s": log(0.8, 5.0), "attack_ms": log(1.0, 6.0),
        "ratio": whole(7, 15), "fm_index": Range(0.3, 2.5), "tine": Range(0.0, 1.0),
        "tremolo": sometimes(0.6, 0.4), "noise": sometimes(0.08, 0.3),
        "brightness_hz": log(1500, 12000),
    },
    "organ": {
        "pitch": Range(40.0, 76.0), "chord": whole(0, 7), "attack_ms": log(2.0, 60.0),
        "release_s": log(0.03, 0.3), "sub": sometimes(1.0), "motion_hz": Range(0.8, 7.0),
        "tremolo": sometimes(1.0, 0.7), "click": sometimes(1.0, 0.6),
        "noise": sometimes(0.15, 0.3), "brightness_hz": log(700, 12000),
    },
    "string": {
        "pitch": Range(36.0, 84.0), "attack_ms": log(20.0, 400.0), "release_s": log(0.1, 0.8),
        **_VIBRATO, "players": whole(1, 5), "detune_cents": Range(3.0, 12.0),
        "noise": sometimes(0.3, 0.8), "brightness_hz": log(1200, 9000),
    },
    "wind": {
        "pitch": Range(52.0, 90.0), "attack_ms": log(15.0, 150.0), "release_s": log(0.05, 0.3),
        **_VIBRATO, "even": Range(0.05, 1.0), "softness": Range(0.8, 2.5),
        "chiff": sometimes(1.0, 0.7), "noise": Range(0.02, 0.6), "brightness_hz": log(900, 9000),
    },
    "voice": {
        "pitch": Range(38.0, 74.0), "attack_ms": log(10.0, 200.0), "release_s": log(0.05, 0.5),
        **_VIBRATO, "size": Range(0.75, 1.2), "rasp": Range(0.0, 1.0),
        "glide_semitones": Range(-5.0, 5.0), "noise": sometimes(0.8, 0.8),
        "brightness_hz": log(2500, 14000),
    },
    "noise": {
        "slope_db": Range(-8.0, 3.0), "resonance": log(0.6, 8.0), "attack_ms": log(1.0, 600.0),
        "release_s": log(0.05, 2.0), "flutter": sometimes(1.0), "flutter_s": log(0.01, 0.4),
        "brightness_hz": log(400, 18000),
    },
    "riser": {
        "pitch": Range(36.0, 60.0), "sweep_octaves": Range(2.0, 6.0), "falling": whole(0, 1),
        "curve": Range(0.6, 2.5),
        "resonance": log(0.7, 5.0), "tremolo": sometimes(0.9, 0.4), "noise": Range(0.0, 1.0),
        "brightness_hz": log(200, 900),
    },
    "zap": {
        "pitch": Range(36.0, 84.0), "sweep_octaves": Range(-3.0, 6.0),
        "sweep_ms": log(10.0, 300.0), "decay_s": log(0.08, 1.0), "attack_ms": log(0.5, 10.0),
        "ratio": Range(0.25, 4.0), "fm_index": sometimes(5.0), "noise": sometimes(0.3, 0.3),
        "brightness_hz": log(1500, 18000),
    },
    "impact": {
        "pitch": Range(22.0, 40.0), "sweep_octaves": Range(0.3, 2.5), "sweep_ms": log(20.0, 200.0),
        "decay_s": log(0.8, 4.5), "crack": sometimes(1.0, 0.8), "noise": Range(0.1, 0.9),
        "brightness_hz": log(500, 9000),
    },
    "granular": {
        "pitch": Range(45.0, 80.0), "grain_ms": log(6.0, 200.0), "grains_hz": log(8.0, 120.0),
        "spread_semitones": Range(0.0, 12.0, "whole", 0.6), "attack_ms": log(5.0, 500.0),
        "release_s": log(0.1, 1.0), "noise": sometimes(0.7), "brightness_hz": log(1200, 16000),
    },
    "foley": {
        "pitch": Range(45.0, 90.0), "knocks_hz": log(12.0, 80.0), "crowding": Range(0.8, 1.8),
        "knock_ms": log(0.5, 20.0), "resonance": log(1.0, 25.0), "noise": Range(0.0, 1.0),
        "brightness_hz": log(1500, 16000),
    },
}  # fmt: skip
"""The kinds, in order, and the ranges of their own parameters."""

_HELD_SECONDS: dict[str, tuple[float, float]] = {
    "lead": (0.25, 2.5), "pad": (1.0, 4.0), "organ": (0.25, 2.5), "string": (0.4, 3.5),
    "wind": (0.3, 2.5), "voice": (0.25, 2.5), "noise": (0.1, 4.0), "riser": (0.5, 4.0),
    "granular": (0.4, 4.0), "foley": (0.08, 2.0),
}  # fmt: skip

for _ranges in RANGES.values():
    _ranges.update(_COMMON)


def draw(kind: str, rng: np.random.Generator) -> dict[str, float]:
    """Return plausible parameters for a kind, `length_s` (0.05 to 4 s) among them."""
    drawn = {name: value.draw(rng) for name, value in RANGES[kind].items()}
    if kind in _HELD_SECONDS:
        length_s = log(*_HELD_SECONDS[kind]).draw(rng)
    else:
        # Most samples are cut where the ear loses them, well before 60 dB down.
        before = drawn.get("back_s", 0.0) + drawn.get("attack_ms", 0.0) / 1000.0
        before += drawn.get("hands", 0.0) * drawn.get("spread_ms", 0.0) / 1000.0
        length_s = before + drawn["decay_s"] * float(rng.uniform(0.6, 1.1))
    length_s += 0.5 * drawn["room"]
    return drawn | {"length_s": float(np.clip(length_s, 0.05, 4.0))}
