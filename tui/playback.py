"""What plays sounds: an audio device of this machine, or silence with a reason.

Nothing heavy is imported before a device is opened.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tui.growing_sound import CHANNELS, Sound
from tui.mixer import Manner, Mixer

if TYPE_CHECKING:
    from library.clip import Clip

SAMPLE_RATE_HZ = 48_000
PERIOD_MS = 10
"""Length of one device buffer; three of them are in flight."""

_SILENT_AT_MOST_S = 5.0


class Player(Protocol):
    """Something that plays one sound at a time.

    Attributes:
        note: Why nothing is heard; empty when sound comes out.
        sample_rate: Hz of the frames that :meth:`play` takes.
    """

    note: str
    sample_rate: int

    def play(
        self,
        sound: Sound | NDArray[np.float32],
        manner: Manner | None = None,
        at: int | None = None,
    ) -> None:
        """Start a sound at once instead of the one that plays; see :meth:`Mixer.play`."""

    def stop(self) -> None:
        """Fall silent."""

    def seek(self, frame: int) -> None:
        """Go on from another frame; nothing where nothing plays."""

    def change(self, manner: Manner) -> None:
        """Go on in another manner."""

    @property
    def at(self) -> int | None:
        """The frame that comes next; None when nothing plays."""

    @property
    def position(self) -> float | None:
        """Seconds from the beginning of the sound; None when nothing plays."""

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


class MixingPlayer:
    """A player without an output: what any player does with its mixer."""

    def __init__(self) -> None:
        self.note = ""
        self.sample_rate = SAMPLE_RATE_HZ
        self._mixer = Mixer(SAMPLE_RATE_HZ)

    def play(
        self,
        sound: Sound | NDArray[np.float32],
        manner: Manner | None = None,
        at: int | None = None,
    ) -> None:
        """Start a sound at once instead of the one that plays; see :meth:`Mixer.play`."""
        self._mixer.play(sound, manner, at)

    def stop(self) -> None:
        """Fall silent within a few milliseconds."""
        self._mixer.stop()

    def seek(self, frame: int) -> None:
        """Go on from another frame; nothing where nothing plays."""
        self._mixer.seek(frame)

    def change(self, manner: Manner) -> None:
        """Go on in another manner."""
        self._mixer.change(manner)

    @property
    def at(self) -> int | None:
        """The frame that comes next; None when nothing plays."""
        return self._mixer.at

    @property
    def position(self) -> float | None:
        """Seconds from the beginning of the sound; None when nothing plays."""
        at = self.at
        return None if at is None else at / self.sample_rate

    def close(self) -> None:
        """Do nothing; there is no device."""


class SilentPlayer(MixingPlayer):
    """Plays nothing, for a machine without an audio device; its position moves as if it did.

    Args:
        note: Why there is no sound.
        clock: Seconds from any beginning.
    """

    def __init__(self, note: str, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.note = note
        self._clock = clock
        self._rendered = clock()

    @property
    def at(self) -> int | None:
        """The frame that comes next; None when nothing plays."""
        self._catch_up()
        return super().at

    def play(
        self,
        sound: Sound | NDArray[np.float32],
        manner: Manner | None = None,
        at: int | None = None,
    ) -> None:
        """Begin to count the time of a sound."""
        self._catch_up()
        super().play(sound, manner, at)

    def seek(self, frame: int) -> None:
        """Go on from another frame; nothing where nothing plays."""
        self._catch_up()
        super().seek(frame)

    def _catch_up(self) -> None:
        """Render to nowhere what went by, but for a long time that nobody looked at."""
        now = self._clock()
        self._rendered = max(self._rendered, now - _SILENT_AT_MOST_S)
        while self._mixer.at is not None:
            count = min(SAMPLE_RATE_HZ // 10, round((now - self._rendered) * SAMPLE_RATE_HZ))
            if count <= 0:
                return
            self._mixer.render(count)
            self._rendered += count / SAMPLE_RATE_HZ
        self._rendered = now


class MiniaudioPlayer(MixingPlayer):
    """Plays through an audio device of this machine.

    Args:
        backends: Audio systems to try, as miniaudio numbers them; None for the usual ones.

    Raises:
        miniaudio.MiniaudioError: No device can be opened.
    """

    def __init__(self, backends: Sequence[Any] | None = None) -> None:
        import miniaudio

        super().__init__()
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
