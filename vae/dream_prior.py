"""The prior of dreams: what step of latents follows the ones before, in sounds of the user's.

A recurrent network reads the steps so far, how long the sound is to be and, where it is told, where
in the space it is to lie. A head tells the next step as mixtures of normal distributions, one
principal component after the other, each knowing those before it: what a codec keeps of a moment is
no cloud around a mean, and components that were drawn apart would not fit each other.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

MOST_STEPS = 128
"""A longer sound speaks for itself with its beginning; of the house codec that is 6 s."""

CLOCK = 4
_LEAST_LOG_DEVIATION, _MOST_LOG_DEVIATION = -3.5, 2.0


@dataclass(frozen=True, slots=True)
class PriorConfig:
    """Sizes of a prior.

    Attributes:
        base_dims: Values in a step of the codec.
        level_dims: How many of them, the first, say the level, which is not drawn.
        components: Principal components of a step.
        place_dims: The length of a space's z.
        width: Recurrent units.
        hidden: Units of the head.
        mixtures: Normal distributions in each mixture.
    """

    base_dims: int
    level_dims: int
    components: int
    place_dims: int
    width: int = 192
    hidden: int = 256
    mixtures: int = 4

    def to_dict(self) -> dict[str, int]:
        """Return the sizes as plain numbers."""
        return asdict(self)


class StepHead(nn.Module):
    """Mixtures for each component of a step, which see the state and the components before.

    Source:
        Germain, Gregor, Murray, Larochelle (2015), MADE: masked autoencoder for distribution
        estimation; Bishop (1994), Mixture density networks.
    """

    reach: Tensor
    sight: Tensor

    def __init__(self, width: int, components: int, hidden: int, mixtures: int) -> None:
        super().__init__()
        self.mixtures = mixtures
        self.of_state = nn.Linear(width, hidden)
        self.of_step = nn.Linear(components, hidden, bias=False)
        self.out = nn.Linear(hidden, components * 3 * mixtures)
        self.straight = nn.Linear(width, components * 3 * mixtures, bias=False)
        self.make_masks()
        with torch.no_grad():  # mixtures begin apart: alike they would stay alike
            spread = torch.linspace(-1, 1, mixtures)
            self.out.bias.zero_().view(components, 3, mixtures)[:, 1] = spread

    def make_masks(self) -> None:
        """Make what says who sees whom; it follows from the sizes, and is in no file."""
        hidden, components = self.of_step.weight.shape
        # A unit of degree m sees the components under m, and speaks to those from m on.
        degree = torch.arange(hidden, device="cpu") % components
        component = torch.arange(components, device="cpu")
        reach = (degree[:, None] > component).float()
        sight = (component[:, None] >= degree).float()
        self.register_buffer("reach", reach, persistent=False)
        sight = sight.repeat_interleave(3 * self.mixtures, dim=0)
        self.register_buffer("sight", sight, persistent=False)

    def forward(self, state: Tensor, step: Tensor) -> Tensor:
        """Return the mixtures of steps that are known, (..., components, 3, mixtures)."""
        units = self.of_state(state) + functional.linear(step, self.of_step.weight * self.reach)
        out = functional.linear(functional.silu(units), self.out.weight * self.sight, self.out.bias)
        return (out + self.straight(state)).unflatten(-1, (-1, 3, self.mixtures))

    def draw(
        self, state: Tensor, temperature: Tensor, bounds: Tensor, generator: torch.Generator
    ) -> Tensor:
        """Draw a step, component by component.

        Args:
            state: (n, width).
            temperature: (n, 1); deviations are multiplied by it, and logits divided.
            bounds: Least and most of each component, (2, components): what goes further than any
                sound went would lead the next step further still.
            generator: Of the chance.

        Returns:
            (n, components).
        """
        n, size = len(state), 3 * self.mixtures
        units, straight = self.of_state(state), self.straight(state)
        reach, sight = self.of_step.weight * self.reach, self.out.weight * self.sight
        drawn: list[Tensor] = []
        for component in range(reach.shape[1]):
            of = slice(component * size, (component + 1) * size)
            out = functional.linear(functional.silu(units), sight[of], self.out.bias[of])
            logits, means, logs = (out + straight[:, of]).view(n, 3, self.mixtures).unbind(1)
            chances = torch.softmax(logits / temperature, dim=1)
            which = torch.multinomial(chances, 1, generator=generator)
            deviation = torch.exp(_bounded(logs.gather(1, which))) * temperature
            noise = torch.randn(n, 1, generator=generator)
            value = means.gather(1, which) + deviation * noise
            value = value.clamp(bounds[0, component], bounds[1, component])
            drawn.append(value)
            units = units + value * reach[:, component]
        return torch.cat(drawn, dim=1)


def _bounded(logs: Tensor) -> Tensor:
    return logs.clamp(_LEAST_LOG_DEVIATION, _MOST_LOG_DEVIATION)


def log_likelihood(mixtures: Tensor, step: Tensor) -> Tensor:
    """Return the log density of components, (..., components), under their mixtures."""
    logits, means, logs = mixtures.unbind(-2)
    logs = _bounded(logs)
    apart = (step[..., None] - means) * torch.exp(-logs)
    each = -0.5 * apart.square() - logs - 0.9189385  # log of the root of 2 pi
    return torch.logsumexp(functional.log_softmax(logits, dim=-1) + each, dim=-1)


class PriorNet(nn.Module):
    """Steps so far, length and place to the mixtures of the next step."""

    centre: Tensor
    axes: Tensor
    scale: Tensor
    place_centre: Tensor
    place_scale: Tensor
    bounds: Tensor

    def __init__(self, config: PriorConfig) -> None:
        super().__init__()
        self.config = config
        c, d, k = config.components, config.base_dims - config.level_dims, config.place_dims
        self.register_buffer("centre", torch.zeros(d))
        self.register_buffer("axes", torch.zeros(c, d))
        self.register_buffer("scale", torch.ones(c))
        self.register_buffer("bounds", torch.tensor([[-1.0], [1.0]]).repeat(1, c))
        self.register_buffer("place_centre", torch.zeros(k))
        self.register_buffer("place_scale", torch.ones(k))
        self.place = nn.Linear(k + 1, config.width)
        self.cell = nn.GRU(c + CLOCK + config.width, config.width, batch_first=True)
        self.head = StepHead(config.width, c, config.hidden, config.mixtures)

    def components_of(self, values: Tensor) -> Tensor:
        """Return the scaled principal components of steps (..., base_dims)."""
        shape = values[..., self.config.level_dims :] - self.centre
        return shape @ self.axes.T / self.scale

    def shape_of(self, components: Tensor) -> Tensor:
        """Return steps without their level from components, (..., base_dims - level_dims)."""
        return self.centre + (components * self.scale) @ self.axes

    def placed(self, places: Tensor, told: Tensor) -> Tensor:
        """Return what the network is told of where sounds are to lie.

        Args:
            places: z, (n, place_dims).
            told: 1 where it counts and 0 where nothing is told, (n, 1).
        """
        scaled = ((places - self.place_centre) / self.place_scale).clamp(-4, 4)
        return functional.silu(self.place(torch.cat([scaled * told, told], dim=1)))

    def states(self, before: Tensor, clock: Tensor, placed: Tensor) -> Tensor:
        """Return the states from which steps are told.

        Args:
            before: Components of the step before each, nought before the first, (n, s, c).
            clock: Where in the sound each is, (n, s, CLOCK).
            placed: (n, width).
        """
        whole = placed[:, None].expand(-1, before.shape[1], -1)
        return self.cell(torch.cat([before, clock, whole], dim=2))[0]

    def next_state(
        self, before: Tensor, clock: Tensor, placed: Tensor, memory: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """Return the state from which one more step is told, (n, width), and the memory."""
        given = torch.cat([before, clock, placed], dim=1)[:, None]
        states, memory = self.cell(given, memory)
        return states[:, 0], memory


def clock(position: Tensor, steps: Tensor) -> Tensor:
    """Return what tells the network where in a sound it is, (..., CLOCK).

    Args:
        position: Of the step, from 0.
        steps: How many the sound has, of the same shape.
    """
    left = (steps - position).clamp_min(1)
    return torch.stack(
        [
            steps.log() - 3,
            position / steps,
            left.log() - 2,
            torch.exp(-position / 2),
        ],
        dim=-1,
    )


@dataclass(frozen=True, slots=True, eq=False)
class DreamPrior:
    """A trained prior.

    Attributes:
        net: The network, frozen.
        codec_digest: Whose latents it tells.
        space_digest: Whose z it can be told.
        places: z of the sounds that it learned from, (n, place_dims).
        steps: How long they are, int64, (n,), at most MOST_STEPS.
        sounds: Numbers of the same, as a library has them, int64, (n,).
        among: Of how many sounds they were chosen.
        level: The median of their levels, (level_dims,).
        loss: On sounds held out of training, nats for each component of a step.
        finished: Whether training came to its end, or was stopped.
    """

    net: PriorNet
    codec_digest: str
    space_digest: str
    places: Tensor
    steps: Tensor
    sounds: Tensor
    among: int
    level: Tensor
    loss: float
    finished: bool
