"""What plays sounds: an audio device of this machine, or silence with a reason.

Nothing heavy is imported before a device is opened.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tui.mixer import CHANNELS, Mixer

if TYPE_CHECKING:
    from library.clip import Clip

SAMPLE_RATE_HZ = 48_000
PERIOD_MS = 20
"""Length of one device buffer; three of them are in flight."""


class Player(Protocol):
    """Something that plays one sound at a time.

    Attributes:
        note: Why nothing is heard; empty when sound comes out.
        sample_rate: Hz of the frames that :meth:`play` takes.
    """

    note: str
    sample_rate: int

    def play(self, frames: NDArray[np.float32]) -> None:
        """Start a sound at once instead of the one that plays; float32, shape (t, 2)."""

    def stop(self) -> None:
        """Fall silent."""

    @property
    def position(self) -> float | None:
        """Seconds since the sound began; None when nothing plays."""

    def close(self) -> None:
        """Let the device go."""


def prepared(clip: Clip, sample_rate: int) -> NDArray[np.float32]:
    """Return a clip as a player wants it.

    Args:
        clip: Any clip; more than two channels are mixed to one first.
        sample_rate: Hz of the player.

    Returns:
        float32, shape (t, 2), contiguous.
    """
    stereo = clip.at_rate(sample_rate).with_channels(CHANNELS)
    return np.ascontiguousarray(stereo.frames.T)


class SilentPlayer:
    """Plays nothing, for a machine without an audio device.

    Args:
        note: Why there is no sound.
    """

    def __init__(self, note: str) -> None:
        self.note = note
        self.sample_rate = SAMPLE_RATE_HZ

    def play(self, frames: NDArray[np.float32]) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""

    @property
    def position(self) -> float | None:
        """Always None."""
        return None

    def close(self) -> None:
        """Do nothing."""


class MiniaudioPlayer:
    """Plays through an audio device of this machine.

    Args:
        backends: Audio systems to try, as miniaudio numbers them; None for the usual ones.

    Raises:
        miniaudio.MiniaudioError: No device can be opened.
    """

    def __init__(self, backends: Sequence[Any] | None = None) -> None:
        import miniaudio

        self.note = ""
        self.sample_rate = SAMPLE_RATE_HZ
        self._mixer = Mixer(SAMPLE_RATE_HZ)
        self._device = miniaudio.PlaybackDevice(
            output_format=miniaudio.SampleFormat.FLOAT32,
            nchannels=CHANNELS,
            sample_rate=SAMPLE_RATE_HZ,
            buffersize_msec=PERIOD_MS,
            backends=list(backends or _usual_backends()),
            app_name="latentcrate",
        )
        stream = self._stream()
        next(stream)
        self._device.start(stream)

    def _stream(self) -> Generator[NDArray[np.float32], int, None]:
        count = yield np.zeros((0, CHANNELS), dtype=np.float32)
        while True:
            count = yield self._mixer.render(count)

    def play(self, frames: NDArray[np.float32]) -> None:
        """Start a sound at once instead of the one that plays; float32, shape (t, 2)."""
        self._mixer.play(frames)

    def stop(self) -> None:
        """Fall silent within a few milliseconds."""
        self._mixer.stop()

    @property
    def position(self) -> float | None:
        """Seconds since the sound began; None when nothing plays."""
        at = self._mixer.at
        return None if at is None else at / self.sample_rate

    def close(self) -> None:
        """Stop the device and let it go."""
        self._device.close()


def open_player(backends: Sequence[Any] | None = None) -> Player:
    """Open the audio device of this machine, or silence with a note where there is none."""
    try:
        import miniaudio
    except ImportError:
        return SilentPlayer("silent: the miniaudio package is not installed")
    _hush_alsa()
    try:
        return MiniaudioPlayer(backends)
    except miniaudio.MiniaudioError:
        return SilentPlayer("silent: no audio device")


def _usual_backends() -> list[Any]:
    from miniaudio import Backend

    # JACK is left out: without a server its library writes over the screen.
    return [
        Backend.WASAPI,
        Backend.DSOUND,
        Backend.COREAUDIO,
        Backend.PULSEAUDIO,
        Backend.ALSA,
        Backend.SNDIO,
        Backend.AUDIO4,
        Backend.OSS,
    ]


_HANDLERS: list[Callable[..., None]] = []


def _hush_alsa() -> None:
    """Keep ALSA, where it is, from writing its complaints over the screen."""
    try:
        alsa = ctypes.CDLL("libasound.so.2")
    except OSError:
        return
    handler = ctypes.CFUNCTYPE(None, *[ctypes.c_char_p, ctypes.c_int] * 2, ctypes.c_char_p)
    _HANDLERS.append(handler(lambda *_: None))  # ALSA keeps the pointer: it must stay alive
    alsa.snd_lib_error_set_handler(_HANDLERS[-1])
