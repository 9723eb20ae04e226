"""The codec's benchmarks: measures are right where the answer is known, and bad codecs fail."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks import codec as codec_benchmark
from benchmarks import codec_lines, codec_pictures, codec_speed, codec_tune, search
from benchmarks import map as map_benchmark
from benchmarks.codec import measured, stereo_kept
from benchmarks.codec_lines import Found, evenness, halves, image, nearest_db
from benchmarks.codec_measures import (
    a_few_of_each,
    attack_error_ms,
    audio_error_db,
    confident_pitch,
    is_stereo,
    magnitude_error_db,
    pitch_error_cents,
    spectrum_of,
    stft_distance,
    unseen,
    width_of,
)
from benchmarks.codec_paths import DRAWN, JUMP, LINE, NOISY, SHUFFLED, paths, prepared
from benchmarks.codec_rivals import Ignoring, random_weights, skeleton_only
from benchmarks.codec_table import CODEC, Verdict, lines, middle, pooled, shares, verdicts
from benchmarks.manifest import Labelled
from benchmarks.search_vectors import like_those_of, mixture
from index.workspace import Workspace
from library.clip import Clip
from library.progress import Job, Progress
from library.wav import write_wav
from tests.audio_cases import clip as audio
from tests.audio_cases import noise, pluck, seconds, silence, tone
from tests.conftest import MadeLibrary
from tests.fake_codec import FakeCodec
from vae.codec import BaseCodec
from vae.house_codec import HouseCodec, house_codec, to_bytes
from vae.house_tuning import TuneReport
from vae.synth import random_patch, render

LABELS = {"kick": "kick", "snare": "snare", "hat": "hat", "pluck": "instrument"}
LENGTH = 11_025


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen sounds of four labels with a manifest, one of them of a source that was seen."""
    out = tmp_path_factory.mktemp("labelled")
    rng = np.random.default_rng(5)
    rows = []
    for kind, label in LABELS.items():
        for number in range(4):
            sound = render(random_patch(rng, kind)).padded_to(LENGTH)
            name = f"{label}/{number}.wav"
            write_wav(sound, out / name)
            seen = kind == "hat" and number == 3
            source = "Tonejs/audio" if seen else f"made/{number % 2}"
            rows.append((name, label, source, f"{label}{number // 2}", ""))
    with (out / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("path", "label", "source", "family", "detail"), *rows])
    return out


@pytest.fixture(scope="module")
def labelled(folder: Path) -> list[Labelled]:
    return unseen(folder)


def decisive(codec: BaseCodec, own: HouseCodec | None, sounds: list[Labelled]) -> list[Verdict]:
    said = verdicts(measured(codec, own, sounds[::2], heard=0))
    return [verdict for verdict in said if verdict.decisive]


def rising(attack_ms: float) -> Clip:
    """A tone that rises in a straight line, so that its 10 % to 90 % takes this long."""
    t = seconds(0.5)
    return audio(np.sin(2 * np.pi * 2000 * t) * np.minimum(1, t / (attack_ms / 800)))


def test_sources_that_were_trained_on_are_left_out(labelled: list[Labelled]) -> None:
    assert len(labelled) == 15
    assert {sound.source for sound in labelled} == {"made/0", "made/1"}


def test_the_choice_is_the_same_every_time(labelled: list[Labelled]) -> None:
    chosen = a_few_of_each(labelled, 2)
    assert chosen == a_few_of_each(list(labelled), 2)
    assert [sound.label for sound in chosen] == sorted(2 * list(LABELS.values()))


@pytest.mark.parametrize("cents", [-120.0, 0.0, 50.0])
def test_a_shifted_tone_is_so_many_cents_off(cents: float) -> None:
    moved = pluck(220.0 * 2 ** (cents / 1200))
    assert pitch_error_cents(pluck(220.0), moved) == pytest.approx(cents, abs=2)


def test_a_pitch_that_is_lost_is_infinitely_far() -> None:
    assert pitch_error_cents(pluck(), noise()) == np.inf
    assert np.isnan(pitch_error_cents(noise(), pluck()))
    assert confident_pitch(noise()) is None


def test_a_pitch_that_a_little_noise_changes_is_not_believed() -> None:
    t = seconds(1.0)
    # Most of the energy is a constant hum of noise's own level: any pitch found would be luck.
    faint = audio(np.random.default_rng(1).normal(0, 0.1, len(t)) + 0.05 * np.sin(880 * np.pi * t))
    assert confident_pitch(faint) is None
    assert confident_pitch(tone(440.0)) == pytest.approx(69.0, abs=0.05)


@pytest.mark.parametrize("later_ms", [-4.0, 0.0, 10.0])
def test_a_slower_attack_is_so_many_ms_off(later_ms: float) -> None:
    assert attack_error_ms(rising(6.0), rising(6.0 + later_ms)) == pytest.approx(later_ms, abs=0.6)


def test_silence_has_no_attack_and_no_distance() -> None:
    assert np.isnan(attack_error_ms(silence(), tone()))
    assert np.isnan(stft_distance(silence(), tone()))


def test_errors_are_nothing_for_the_same_and_a_gain_for_a_gain() -> None:
    sound = noise(0.5)
    louder = Clip(sound.frames * np.float32(2), sound.sample_rate)
    assert audio_error_db(sound, sound) == 0
    assert audio_error_db(sound, louder) == pytest.approx(6.02, abs=0.01)
    assert 1.6 < audio_error_db(sound, noise(0.5, seed=1)) < 2.4
    spectrum = np.pad(spectrum_of(sound).numpy(), ((0, 0), (0, 9)), constant_values=1)
    assert magnitude_error_db(sound, spectrum) == 0


@pytest.mark.parametrize("frames", [1, 700, 20_000])
def test_the_stft_distance_grows_with_what_is_added(frames: int) -> None:
    sound = noise(0.5).padded_to(frames)
    added = [Clip(sound.frames + a * noise(0.5, 1).padded_to(frames).frames, 44_100)
             for a in (np.float32(0), np.float32(0.1), np.float32(1))]  # fmt: skip
    distances = [stft_distance(sound, each) for each in added]
    assert distances[0] == pytest.approx(0, abs=1e-6)
    assert distances[0] < distances[1] < distances[2]


def test_a_lost_pitch_counts_as_far_off() -> None:
    cents = np.array([1.0, -3.0, 60.0, np.inf, np.nan])
    assert shares(np.abs(cents)) == (0.5, 0.25)
    assert middle(np.abs(cents)) == 3


def test_width_is_of_two_channels() -> None:
    assert is_stereo(noise(0.2, channels=2))
    assert width_of(noise(0.5, channels=2)) == pytest.approx(0.5, abs=0.05)
    assert not is_stereo(noise(0.2).with_channels(2))
    assert not is_stereo(noise(0.2))


def test_the_house_codec_passes(labelled: list[Labelled]) -> None:
    said = decisive(house_codec(), house_codec(), labelled)
    assert len(said) == 5
    assert [verdict.asked for verdict in said if not verdict.passed] == []


def test_random_weights_fail(labelled: list[Labelled]) -> None:
    said = decisive(random_weights(house_codec()), house_codec(), labelled)
    assert not any(verdict.passed for verdict in said)


@pytest.mark.parametrize("constant", [False, True])
def test_a_decoder_that_ignores_its_latents_fails(labelled: list[Labelled], constant: bool) -> None:
    house = house_codec()
    sounds = prepared(house, labelled[:3])
    steps = np.concatenate([sound.values[:5] for sound in sounds])
    deaf = Ignoring(house, steps.mean(axis=0, keepdims=True) if constant else steps)
    said = decisive(deaf, house, labelled)
    assert not any(verdict.passed for verdict in said if "random" not in verdict.asked)


def test_its_skeleton_alone_is_not_clearly_under_itself(labelled: list[Labelled]) -> None:
    house = house_codec()
    said = {v.asked: v for v in decisive(skeleton_only(house), house, labelled)}
    assert [asked for asked, verdict in said.items() if not verdict.passed] == [
        asked for asked in said if "PCA" in asked
    ]


def test_a_decoder_that_ignores_keeps_level_and_length() -> None:
    house = house_codec()
    own = house.encode(pluck(duration=0.4))
    deaf = Ignoring(house, house.encode(noise(0.2)).values)
    louder = own.values.copy()
    louder[:, 0] += 1
    plain = deaf.decode_magnitudes(own)
    assert plain.shape == house.decode_magnitudes(own).shape
    assert np.allclose(deaf.decode_magnitudes(type(own)(louder)), 10 * plain, rtol=1e-3)
    assert deaf.silence_after(own).shape == (house.dims,)


@pytest.fixture(scope="module")
def bad_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of random weights, to be named on the command line."""
    path = tmp_path_factory.mktemp("weights") / "random.safetensors"
    path.write_bytes(to_bytes(random_weights(house_codec()).net, {}))
    return path


def test_the_command_prints_the_table(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "codec.json"
    arguments = [
        "codec",
        "--sounds",
        str(folder),
        "--each",
        "2",
        "--heard",
        "1",
        "--json",
        str(out),
    ]
    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit) as ended:
        codec_benchmark.main()
    assert ended.value.code == 0
    printed = capsys.readouterr().out
    for word in ("made/0, made/1", "random weights", "multi-resolution", "cents", "PASS"):
        assert word in printed
    facts = json.loads(out.read_text())
    assert facts["codec"] == house_codec().digest
    assert facts["measures"]["magnitudes"][CODEC]["n"] == 8
    assert facts["measures"]["audio"][CODEC]["n"] == 4
    assert facts["measures"]["pitch"][CODEC]["labels"].keys() == {"instrument"}


def test_the_command_fails_with_weights_that_are_bad(
    folder: Path, bad_weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["codec", "--sounds", str(folder), "--heard", "0", "--weights", str(bad_weights)]
    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit) as ended:
        codec_benchmark.main()
    assert ended.value.code == 1


def test_any_codec_can_be_measured(labelled: list[Labelled]) -> None:
    table = measured(FakeCodec(), None, labelled[:3], heard=1)
    assert "random weights" not in table["magnitudes"]
    assert len(pooled(table["magnitudes"][CODEC])) == 3
    assert sum(line.startswith(CODEC) for line in lines(table)) == 4
    assert not np.isnan(pooled(table["magnitudes"][CODEC])).any()


def test_stereo_that_is_lost_shows(tmp_path: Path) -> None:
    write_wav(noise(0.25, channels=2), tmp_path / "wide.wav")
    write_wav(noise(0.25), tmp_path / "mono.wav")
    sounds = [Labelled(tmp_path / f"{n}.wav", n, "", n, "") for n in ("wide", "mono")]

    class Stereo(FakeCodec):
        channels = 2  # hears both as one, so that both come back the same

    kept = stereo_kept(Stereo(), sounds)
    assert kept["n"] == 1
    assert kept["width"] == pytest.approx(0.5, abs=0.05)
    assert kept["off"] == pytest.approx(kept["width"], abs=0.01)
    assert kept["decoded"] == pytest.approx(0.0, abs=0.01)
    assert stereo_kept(Stereo(), sounds[1:]) == {"n": 0}


def faded(levels_db: list[float]) -> list[np.ndarray]:
    spectrum = spectrum_of(noise(0.3)).numpy()
    return [(spectrum * 10 ** (db / 20)).astype(np.float32) for db in levels_db]


def test_an_even_line_is_even() -> None:
    variation, largest, detour = evenness(faded([0, -3, -6, -9, -12]), 44_100)
    assert variation == pytest.approx(0, abs=1e-3)
    assert largest == pytest.approx(1, abs=1e-3)
    assert detour == pytest.approx(1, abs=1e-3)


def test_a_jump_and_a_detour_are_not() -> None:
    variation, largest, detour = evenness(faded([0, 0, 0, 0, -12]), 44_100)
    assert variation == pytest.approx(np.sqrt(3), abs=1e-3)
    assert largest == pytest.approx(4, abs=1e-3)
    assert detour == pytest.approx(1, abs=1e-3)
    assert evenness(faded([0, -12, 0, -12]), 44_100)[2] == pytest.approx(3, abs=1e-3)
    assert np.isnan(evenness(faded([0, -12, 0]), 44_100)[2])


def test_an_image_hears_no_gain_and_is_nearest_to_itself() -> None:
    a, quiet = (image(each, 44_100) for each in faded([0, -20]))
    other = image(spectrum_of(pluck(duration=0.3)).numpy(), 44_100)
    assert np.allclose(a, quiet, atol=1e-3)
    assert nearest_db(a[None], np.stack([other, quiet]))[0] == pytest.approx(0, abs=1e-3)
    wanted = np.sqrt(np.square(a - other).mean())
    assert nearest_db(a[None], other[None])[0] == pytest.approx(wanted, rel=1e-4)


def test_halves_share_no_family(labelled: list[Labelled]) -> None:
    first, second = halves(labelled, np.random.default_rng(0))
    names = [{(s.source, s.family) for s in half} for half in (first, second)]
    assert all(names)
    assert not names[0] & names[1]
    assert len(first) + len(second) == len(labelled)


def test_every_path_begins_and_ends_with_its_sounds(labelled: list[Labelled]) -> None:
    codec = FakeCodec()
    a, b = prepared(codec, labelled[:2])
    assert a.steps == b.steps
    wanted = [codec.decode_magnitudes(each) for each in (a, b)]
    for path in paths(codec, np.random.default_rng(0)).values():
        points = path(a, b)
        assert len(points) == 9
        for end, point in zip(wanted, (points[0], points[-1]), strict=True):
            # A mean of logarithms takes a floor under both and off again.
            assert np.allclose(point, end, rtol=1e-2, atol=1e-4 * end.max())


def test_measures_of_lines_tell_controls_apart(labelled: list[Labelled]) -> None:
    found = codec_lines.measured(house_codec(), labelled, pairs=2)
    assert found[JUMP].variation == pytest.approx(np.sqrt(7), abs=1e-3)
    for name in (SHUFFLED, NOISY, DRAWN):
        assert found[name].distance > found[LINE].distance
        assert found[name].detour > 2 * found[LINE].detour
    assert found[JUMP].distance < found[DRAWN].distance


def test_a_line_that_leaves_the_sounds_fails() -> None:
    good = Found(0.3, 1.3, 1.0, 0.05, 1.2)
    controls = {name: Found(0.2, 1.3, 8.0, 0.6, 2.0) for name in (SHUFFLED, NOISY, DRAWN)}
    controls[JUMP] = Found(2.6, 8.0, 1.0, 0.05, 1.0)
    assert all(v.passed for v in codec_lines.verdicts({LINE: good, **controls}))
    assert not any(v.passed for v in codec_lines.verdicts({LINE: controls[DRAWN], **controls})[:5])
    dull = dict.fromkeys(controls, good)
    assert not any(v.passed for v in codec_lines.verdicts({LINE: good, **dull})[1:])


@pytest.mark.parametrize("verb", codec_speed.VERBS)
def test_speed_is_measured(verb: str) -> None:
    pytest.importorskip("resource")
    found = codec_speed.measure(verb, 0.1, 2, 1, None)
    assert found["speed"] == pytest.approx(0.2 / found["wall"])
    assert found["peak_mib"] > 50
    assert found["mib"] >= 0


def test_growth_is_of_the_cost_of_a_second() -> None:
    assert codec_speed.growth([{"speed": 1.0}, {"speed": 8.0}, {"speed": 4.0}]) == 2
    assert codec_speed.growth([{"speed": 4.0}]) == 1


def test_search_is_measured_beside_plain_faiss(
    made_library: MadeLibrary,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("resource")
    out = tmp_path / "search.json"
    asked = "search --sizes 300 1200 --exact-up-to 1000 --dims 12 --queries 20 --hnsw --json"
    monkeypatch.setattr(sys, "argv", [*asked.split(), str(out)])
    search.main()
    printed = capsys.readouterr().out
    for word in ("300 vectors of 12, exact", "1,200 vectors of 12, lists", "hnsw", "scope 1%"):
        assert word in printed
    exact, lists = json.loads(out.read_text())
    for share in search.SCOPES:
        assert exact[str(share)]["ours"]["recall"] == exact[str(share)]["raw"]["recall"] == 1
        assert lists[str(share)]["ours"]["recall"] >= 0.95
    fitted = search.measure(200, 0, made_library.path, 1000, 10, hnsw=False)
    assert fitted["dims"] > 12
    assert fitted["changes"] == 50


def test_drawn_vectors_are_like_those_of_the_library(made_library: MadeLibrary) -> None:
    with Workspace.open(made_library.path) as workspace:
        real = workspace.vectors().matrix
    drawn = like_those_of(made_library.path)(3_000, 1)
    assert np.array_equal(drawn, like_those_of(made_library.path)(3_000, 1))
    assert not np.array_equal(drawn, like_those_of(made_library.path)(3_000, 2))
    assert np.allclose(drawn.mean(axis=0), real.mean(axis=0), atol=0.2 * real.std())
    assert 0.9 < drawn.std(axis=0).mean() / real.std(axis=0).mean() < 1.5
    spread = mixture(64)(3_000, 1).std(axis=0)
    assert np.allclose(spread / spread[0], np.arange(1, 65) ** -0.5, atol=0.05)


def test_what_is_tuned_on_is_not_judged_by(labelled: list[Labelled]) -> None:
    many = [replace(sound, family=sound.label) for sound in labelled]
    parts = codec_tune.divided(2 * many, seconds=2.1)
    assert parts.learned
    assert len(parts.learned) * LENGTH / 44_100 <= 2.1
    families = [
        {(s.source, s.family) for s in part}
        for part in (parts.learned, parts.takes, parts.strangers)
    ]
    assert set() < families[1] <= families[0]
    assert not families[0] & families[2]
    assert len(parts.learned) + len(parts.takes) + len(parts.strangers) == 2 * len(labelled)


@pytest.mark.parametrize("improved", [True, False])
def test_tuning_is_compared_on_other_sounds(
    labelled: list[Labelled],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    improved: bool,
) -> None:
    worse = random_weights(house_codec())

    def tune(sounds: list[Path], *_: object) -> Job[TuneReport]:
        yield Progress("tune", 0)
        data = to_bytes(worse.net, {}) if improved else b""
        return TuneReport(data, 2.0, 1.5, len(sounds), 3, 1.0, improved, 7)

    monkeypatch.setattr(codec_tune, "tune", tune)
    options = argparse.Namespace(minutes=1.0, sound_minutes=0.01, threads=1, out=None)
    plain = {s.path: 2.0 for s in labelled}
    facts = codec_tune.tuned_on("kick", labelled, labelled, plain, options)
    printed = capsys.readouterr().out
    if improved:
        rows = facts["rows"]
        assert isinstance(rows, dict)
        assert rows["all other kinds"]["n"] == 11
        assert rows["kick, other families"]["nearer"] == 0
        assert rows["snare"]["after_db"] > rows["snare"]["before_db"] == 2
    else:
        assert "not improve" in printed
        assert "rows" not in facts


def test_pictures_are_drawn(labelled: list[Labelled], tmp_path: Path) -> None:
    chosen = codec_pictures.first_of_each(labelled, 5)
    assert {sound.label for sound in chosen} == set(LABELS.values())
    errors = codec_pictures.draw_sounds(FakeCodec(), chosen[:2], tmp_path / "sounds.png")
    assert len(errors) == 2
    codec_pictures.draw_lines(FakeCodec(), labelled, tmp_path / "lines.png", [("kick", "hat")])
    for name in ("sounds.png", "lines.png"):
        with Image.open(tmp_path / name) as drawn:
            assert drawn.width == 1200
            assert len(drawn.getcolors() or ()) > 1
        assert (tmp_path / name).stat().st_size < 600_000


@pytest.mark.parametrize("k", [5, 15])
def test_trustworthiness_is_what_scikit_learn_says(k: int) -> None:
    from sklearn.manifold import trustworthiness

    matrix = map_benchmark.made_vectors(300)
    for xy in (matrix[:, :2], np.random.default_rng(1).random((300, 2)).astype(np.float32)):
        wanted = trustworthiness(matrix, xy, n_neighbors=k)
        assert map_benchmark.trustworthiness(matrix, xy, k) == pytest.approx(wanted, abs=1e-9)
