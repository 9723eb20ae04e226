from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from library.clip import Clip
from library.decode import decode
from library.errors import UserError
from library.wav import write_wav
from tests import audio_cases


@pytest.mark.parametrize("bits", [16, 24])
def test_integers_come_back_exactly(bits: int, tmp_path: Path) -> None:
    top = 2 ** (bits - 1)
    values = np.random.default_rng(1).integers(-top, top, (2, 5000))
    values[0, :2] = -top, top - 1
    sound = audio_cases.clip(values / top)
    assert write_wav(sound, tmp_path / "a.wav") == 0.0
    decoded = decode(tmp_path / "a.wav")
    assert decoded.subtype == "PCM_24"
    np.testing.assert_array_equal(decoded.clip.frames, sound.frames)


def test_a_peak_above_full_scale_is_scaled_not_clipped(tmp_path: Path) -> None:
    sound = audio_cases.clip(4.0 * audio_cases.tone().frames)
    gain_db = write_wav(sound, tmp_path / "a.wav")
    assert gain_db == pytest.approx(-6.02, abs=0.01)
    read = decode(tmp_path / "a.wav").clip.frames
    np.testing.assert_allclose(read, sound.frames / 2.0, atol=2**-22)


def test_an_existing_file_stays_unless_it_may_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"mine")
    with pytest.raises(UserError, match="already"):
        write_wav(audio_cases.tone(), path)
    assert path.read_bytes() == b"mine"
    write_wav(audio_cases.tone(), path, overwrite=True)
    assert soundfile.info(path).frames == 44_100


def test_nothing_is_left_of_a_write_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_settings: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(soundfile, "write", fail)
    with pytest.raises(UserError, match="No space left"):
        write_wav(audio_cases.tone(), tmp_path / "new" / "a.wav")
    assert list((tmp_path / "new").iterdir()) == []


def test_folders_are_made_and_no_other_file_is(tmp_path: Path) -> None:
    write_wav(audio_cases.noise(0.1, channels=2), tmp_path / "x" / "y" / "a.wav")
    assert [p.name for p in (tmp_path / "x" / "y").iterdir()] == ["a.wav"]


def test_a_clip_that_is_not_finite_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="finite"):
        write_wav(audio_cases.clip([0.0, np.nan]), tmp_path / "a.wav")
    assert not (tmp_path / "a.wav").exists()


def test_a_float_file_does_not_say_when_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "loud.wav"
    loud = Clip(np.float32([[0.5, -2.0, 1.5]]), 44100)
    write_wav(loud, path, exact=True)
    header = path.read_bytes()
    peak = header.index(b"PEAK")
    assert header[peak + 12 : peak + 16] == bytes(4)
    assert np.array_equal(decode(path).clip.frames, loud.frames)
