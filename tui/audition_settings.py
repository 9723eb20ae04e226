"""How sounds are auditioned: what the user switched and turned, as plain values to be kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

QUIETEST_DB, LOUDEST_DB = -48.0, 0.0
STEP_DB = 2.0
"""How much one step of the volume is."""
MATCHED_DB = -18.0
"""The loudness that matched sounds are brought to, as `library.descriptors` measures it."""


@dataclass(frozen=True, slots=True)
class AuditionSettings:
    """Switches and volume.

    Attributes:
        autoplay: Whether a cursor move plays.
        loop: Whether a sound, or its region, begins again at its end.
        volume_db: From `QUIETEST_DB` to `LOUDEST_DB`; 0 leaves sounds as they are.
        gain_match: Whether all sounds are brought to the same loudness.
        spectrum: Whether the spectrum is drawn instead of the waveform.
    """

    autoplay: bool = True
    loop: bool = False
    volume_db: float = 0.0
    gain_match: bool = False
    spectrum: bool = False

    def __post_init__(self) -> None:
        # Kept settings come from a file that people edit.
        volume = min(LOUDEST_DB, max(QUIETEST_DB, self.volume_db))
        object.__setattr__(self, "volume_db", volume)

    def louder(self, steps: int) -> AuditionSettings:
        """Return the settings with the volume some steps higher, or lower where negative."""
        return replace(self, volume_db=self.volume_db + steps * STEP_DB)

    def gain(self, loudness: float | None, peak: float) -> float:
        """Return the linear gain of a sound.

        Args:
            loudness: Its loudness in dBFS; None where it is not known, and nothing is matched.
            peak: Its largest absolute value, that matching never brings over full scale.
        """
        matched = 1.0
        if self.gain_match and loudness is not None:
            matched = 10 ** ((MATCHED_DB - loudness) / 20)
            if matched > 1.0:
                matched = max(1.0, min(matched, 1.0 / peak if peak > 0 else 1.0))
        return float(matched * 10 ** (self.volume_db / 20))

    @property
    def told(self) -> str:
        """What differs from a sound heard once and as it is, in a few words."""
        volume = f"{self.volume_db:+g} dB" if self.volume_db else ""
        words = ("loop" if self.loop else "", volume, "matched" if self.gain_match else "")
        return " · ".join(filter(None, words))
