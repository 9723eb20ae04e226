"""The synthesiser: the same patch is the same audio, and its parameters can be measured on it."""

import pickle
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from vae.synth import KINDS, Patch, demo_sounds, random_patch, render
from vae.synth_kinds import RANGES
from vae.synth_names import PLACES, RULES, note_name, words

RATE = 44100
PLAIN = {"drive": 0.0, "room": 0.0, "crush": 0.0, "level_db": -1.0}


def patch_of(kind: str, seed: int = 0, **parameters: float) -> Patch:
    """A random patch of a kind, clean and dry, with some parameters set."""
    patch = random_patch(np.random.default_rng(seed), kind)
    return replace(patch, parameters={**patch.parameters, **PLAIN, **parameters})


def audio(patch: Patch, rate: int = RATE) -> np.ndarray:
    return render(patch, rate).mono().astype(np.float64)


def pitch_hz(signal: np.ndarray, low: float, high: float) -> float:
    """The fundamental by the autocorrelation of the middle of a sound, over its whole length."""
    part = signal[int(0.1 * RATE) : int(0.6 * RATE)]
    part = part * np.hanning(len(part))
    size = 2 * len(part)
    window = np.hanning(len(part))
    power = np.abs(np.fft.rfft(part, size)) ** 2
    lags = np.fft.irfft(power)[: len(part)]
    lags /= np.fft.irfft(np.abs(np.fft.rfft(window, size)) ** 2)[: len(part)]
    first, last = int(RATE / high), int(RATE / low)
    best = lags[first:last].max()
    # The first peak as good as the best: multiples of the period are nearly as good.
    peak = next(
        lag
        for lag in range(first, last)
        if lags[lag] > 0.9 * best and lags[lag - 1] <= lags[lag] >= lags[lag + 1]
    )
    left, centre, right = lags[peak - 1 : peak + 2]
    return RATE / (peak + 0.5 * (left - right) / (left - 2.0 * centre + right))


def power_spectrum(signal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.fft.rfftfreq(len(signal), 1.0 / RATE), np.abs(np.fft.rfft(signal)) ** 2


def centroid_hz(signal: np.ndarray) -> float:
    hz, power = power_spectrum(signal)
    return float((hz * power).sum() / power.sum())


def flatness(signal: np.ndarray) -> float:
    """Geometric over arithmetic mean of the power from 100 Hz to 8 kHz, in bands of 50 Hz."""
    hz, power = power_spectrum(signal)
    edges = np.searchsorted(hz, np.arange(100.0, 8000.0, 50.0))
    bands = np.add.reduceat(power, edges)[:-1] + 1e-12
    return float(np.exp(np.log(bands).mean()) / bands.mean())


def fall_s(signal: np.ndarray, db: float = 30.0) -> float:
    """Seconds until 99.9 % (for 30 dB) of the energy has passed."""
    passed = np.cumsum(signal**2)
    return float(np.searchsorted(passed, passed[-1] * (1.0 - 10.0 ** (-db / 10.0)))) / RATE


@pytest.mark.parametrize("kind", KINDS)
def test_a_patch_always_sounds_the_same_and_another_seed_does_not(kind: str) -> None:
    # Without its click a sub is a plain sine: nothing in it is left to chance.
    chance = {name: 0.3 for name in ("click", "noise") if name in RANGES[kind]}
    patch = pickle.loads(pickle.dumps(patch_of(kind, 1, **chance)))
    first = render(patch).frames
    assert np.array_equal(first, render(patch).frames)
    assert not np.array_equal(first, render(replace(patch, seed=patch.seed ^ 1)).frames)


def test_the_same_generator_draws_the_same_patches() -> None:
    first, second = np.random.default_rng(3), np.random.default_rng(3)
    assert [random_patch(first) for _ in range(40)] == [random_patch(second) for _ in range(40)]


@pytest.mark.parametrize("kind", KINDS)
def test_drawn_parameters_lie_in_their_ranges(kind: str) -> None:
    rng = np.random.default_rng(4)
    for _ in range(50):
        parameters = random_patch(rng, kind).parameters
        assert 0.05 <= parameters["length_s"] <= 4.0
        for name, allowed in RANGES[kind].items():
            assert allowed.low <= parameters[name] <= allowed.high, name


@pytest.mark.parametrize("rate", [22050, 44100, 48000])
@pytest.mark.parametrize("kind", KINDS)
def test_audio_is_sound(kind: str, rate: int) -> None:
    rng = np.random.default_rng(5)
    for _ in range(4):
        patch = random_patch(rng, kind)
        clip = render(patch, rate)
        signal = clip.frames[0]
        assert clip.channels == 1
        assert clip.sample_rate == rate
        assert clip.length == round(patch.parameters["length_s"] * rate)
        assert np.isfinite(signal).all()
        level = 10.0 ** (patch.parameters["level_db"] / 20.0)
        peak = np.abs(signal).max()
        assert peak == pytest.approx(level, rel=1e-4)
        assert peak <= 1.0
        assert abs(signal.mean()) < 0.02 * level
        assert signal[-1] == 0.0
        # No click at the end, and silence there: the last millisecond is 60 dB down.
        assert np.abs(signal[-rate // 1000 :]).max() < 1e-3 * level


@pytest.mark.parametrize("kind", KINDS)
def test_sounds_fill_their_length(kind: str) -> None:
    rng = np.random.default_rng(6)
    for _ in range(6):
        signal = audio(random_patch(rng, kind))
        blocks = np.array_split(signal**2, 20)
        loud = [block.mean() > 1e-8 * max(b.mean() for b in blocks) for block in blocks]
        assert sum(loud) >= 10, "half of it is silence"


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("bass", {"detune_cents": 0.0, "sub": 0.0, "decay_s": 2.0}),
        ("fm_bass", {"decay_s": 2.0}),
        ("sub", {"decay_s": 3.0}),
        (
            "pluck",
            {"stiffness": 1e-6, "detune_cents": 0.0, "decay_s": 3.0, "brightness_hz": 3000.0},
        ),
        ("stab", {"chord": 0.0, "detune_cents": 0.0, "decay_s": 1.2}),
        ("lead", {"unison": 1.0, "glide_semitones": 0.0, "vibrato_cents": 0.0}),
        ("pad", {"chord": 0.0, "attack_ms": 60.0, "release_s": 0.3, "detune_cents": 4.0}),
        ("epiano", {"decay_s": 3.0, "tine": 0.2}),
        ("organ", {"chord": 0.0, "sub": 0.0, "tremolo": 0.0}),
        ("string", {"players": 1.0, "vibrato_cents": 0.0}),
        ("wind", {"vibrato_cents": 0.0}),
        ("voice", {"vibrato_cents": 0.0, "glide_semitones": 0.0}),
        ("modal", {"body": 0.0, "decay_s": 2.0, "damping": 1.6, "beating": 0.0}),
    ],
)
def test_pitch_is_heard(kind: str, settings: dict[str, float]) -> None:
    low, high = RANGES[kind]["pitch"].low, RANGES[kind]["pitch"].high
    for seed, pitch in enumerate(np.linspace(low, min(high, 76.0), 4)):
        held = {"length_s": 1.0, "pitch": float(pitch)}
        if "noise" in RANGES[kind]:
            held["noise"] = 0.02
        signal = audio(patch_of(kind, seed, **held, **settings))
        wanted = 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)
        semitones = 12.0 * np.log2(pitch_hz(signal, 0.4 * wanted, 2.6 * wanted) / wanted)
        assert abs(semitones) < 0.35


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "decay_s" in RANGES[kind]])
def test_longer_decays_last_longer(kind: str) -> None:
    low = max(0.06, RANGES[kind]["decay_s"].low)
    lasting = [
        fall_s(audio(patch_of(kind, 2, decay_s=low * factor, length_s=min(4.0, 9.0 * low))))
        for factor in (1.0, 2.5, 6.0)
    ]
    assert all(later > 1.1 * sooner for sooner, later in pairwise(lasting)), lasting


@pytest.mark.parametrize("kind", KINDS)
def test_a_higher_cut_off_is_brighter(kind: str) -> None:
    allowed = RANGES[kind]["brightness_hz"]
    steps = np.geomspace(allowed.low, min(allowed.high, 0.4 * RATE), 3)
    heard = [
        centroid_hz(audio(patch_of(kind, 3, brightness_hz=float(hz), noise=0.3)))
        if "noise" in RANGES[kind]
        else centroid_hz(audio(patch_of(kind, 3, brightness_hz=float(hz))))
        for hz in steps
    ]
    assert all(brighter > duller for duller, brighter in pairwise(heard)), heard


@pytest.mark.parametrize(
    "kind",
    [kind for kind in KINDS if "noise" in RANGES[kind] and RANGES[kind]["noise"].high > 0.0],
)
def test_more_noise_is_flatter(kind: str) -> None:
    settings = {"length_s": 0.6, "brightness_hz": 8000.0}
    heard = [flatness(audio(patch_of(kind, 7, noise=noise, **settings))) for noise in (0.0, 0.9)]
    assert heard[1] > heard[0]


def test_drive_squares_a_sound_off_and_a_room_prolongs_it() -> None:
    def crest(signal: np.ndarray) -> float:
        return float(np.abs(signal).max() / np.sqrt(np.square(signal).mean()))

    tone = {"kind": "sub", "seed": 1, "decay_s": 3.0, "length_s": 1.0}
    assert crest(audio(patch_of(**tone, drive=0.7))) < 0.9 * crest(audio(patch_of(**tone)))
    knock = {"kind": "rim", "seed": 1, "decay_s": 0.05, "length_s": 0.5}
    assert fall_s(audio(patch_of(**knock, room=0.5))) > 2.0 * fall_s(audio(patch_of(**knock)))


def test_an_impossible_patch_is_refused() -> None:
    patch = patch_of("kick")
    with pytest.raises(ValueError, match="no sound is called 'kazoo'"):
        replace(patch, kind="kazoo")
    fewer = {name: value for name, value in patch.parameters.items() if name != "pitch"}
    with pytest.raises(ValueError, match=r"parameters pitch$"):
        replace(patch, parameters=fewer)


def test_demo_paths_are_unique_relative_and_in_named_folders() -> None:
    paths = [path for path, _ in demo_sounds(240)]
    assert len({str(path).lower() for path in paths}) == 240
    assert not any(path.is_absolute() or ".." in path.parts for path in paths)
    assert {str(path.parent) for path in paths} == {folder for folder, _ in PLACES.values()}
    assert list(demo_sounds(30, seed=9)) == list(demo_sounds(240, seed=9))[:30]
    assert {patch.kind for _, patch in demo_sounds(40)} == set(KINDS)


def test_demo_names_tell_the_parameters() -> None:
    vocabulary = {rule.word for rule in RULES}
    said: set[str] = set()
    for path, patch in demo_sounds(600, seed=2):
        parts = path.stem.split("_")
        used = vocabulary.intersection(parts)
        said |= used
        assert used <= set(words(patch.kind, patch.parameters))
        for word in used:
            rules = [r for r in RULES if r.word == word and patch.kind in r.kinds]
            assert any(r.low <= patch.parameters[r.parameter] <= r.high for r in rules)
        if path.parts[0] in {"Bass", "Synths"}:
            assert any(part.startswith(note_name(patch.parameters["pitch"])) for part in parts)
    assert said == vocabulary
    assert note_name(60.0) == "C4"
    assert note_name(33.0) == "A1"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("word", "opposite", "measure"),
    [("bright", "dark", centroid_hz), ("long", "short", fall_s), ("noisy", "", flatness)],
)
def test_words_can_be_heard(word: str, opposite: str, measure) -> None:  # type: ignore[no-untyped-def]
    """Within a kind, the middle sound called by a word exceeds the middle one that is not."""
    heard: dict[tuple[str, bool], list[float]] = defaultdict(list)
    for rule in RULES:
        for kind in sorted(rule.kinds) if rule.word == word else ():
            for seed in range(14):
                patch = random_patch(np.random.default_rng(seed), kind)
                true = words(kind, patch.parameters)
                if word in true or (opposite in true if opposite else word not in true):
                    heard[kind, word in true].append(measure(audio(patch)))
    compared = [kind for kind, called in heard if called and (kind, False) in heard]
    assert len(compared) >= 3
    for kind in compared:
        assert np.median(heard[kind, True]) > np.median(heard[kind, False]), kind
