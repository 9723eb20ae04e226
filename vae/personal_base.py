"""A personal VAE that stands on another: what that one learned of many sounds, and more of mine.

The networks of the base, and how it reads attributes, stay as they are; attributes are told in the
user's own standard deviations. New are dimensions for what the user's sounds have beyond the
base's components, and attributes that the base does not know. All of it is in closed form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from vae.personal_model import PersonalConfig, PersonalNet
from vae.ridge import ridge_weights

_SINGULAR = 1e-4  # of the greatest: below it is rounding


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """What a personal VAE stands on.

    Attributes:
        net: Its network.
        places: For each attribute that is wanted, where the base has it; None where it does not.
        centre: Of the base's attributes on their even scales, (attributes of the base,).
        deviation: Standard deviation of the same.
    """

    net: PersonalNet
    places: tuple[int | None, ...]
    centre: Tensor
    deviation: Tensor

    def own_scale(self, at: int, centre: float, deviation: float) -> tuple[float, float]:
        """Return factor and offset from the base's standard score of an attribute to another."""
        factor = float(self.deviation[at]) / deviation
        return factor, (float(self.centre[at]) - centre) / deviation


def stand_on(
    base: Base,
    windows: Tensor,
    scores: Tensor,
    centre: Sequence[float],
    deviation: Sequence[float],
    own: int,
    ridge: float,
) -> PersonalNet:
    """Return a network that knows what its base knows, and the user's sounds better.

    Args:
        base: What it stands on.
        windows: The user's, (n, window).
        scores: Attributes in standard deviations, (n, attributes), NaN where unknown; an attribute
            of which nothing is known is not followed.
        centre: Of the attributes on their even scales, (attributes,).
        deviation: Standard deviation of the same, (attributes,).
        own: Dimensions for what the base does not span, at most.
        ridge: Regularisation of new attributes, as a share of the data.

    Returns:
        z is the wanted attributes, those of the base that are left, the base's free dimensions, and
        new ones.
    """
    old = base.net
    basis, mean = _own_directions(old, windows, own)
    k, wanted = len(basis), scores.shape[1]
    followed = [not bool(column.isnan().all()) for column in scores.T]
    places = [
        place if follow else None for place, follow in zip(base.places, followed, strict=True)
    ]
    hidden = [at for at in range(old.config.attributes) if at not in places]
    config = PersonalConfig(
        window=old.config.window,
        components=old.config.components + k,
        attributes=wanted + len(hidden),
        free=old.config.free + k,
        width=old.config.width,
    )
    net = PersonalNet(config)
    net.mean.copy_(mean)
    net.basis.copy_(torch.cat([old.basis, basis]))
    net.scale.copy_(old.scale)
    factors, offsets = torch.ones(old.config.dims), torch.zeros(old.config.dims)
    for new, place in enumerate(places):
        if place is not None:
            factors[place], offsets[place] = base.own_scale(place, centre[new], deviation[new])
    free = [old.config.attributes + i for i in range(old.config.free)]
    _inherit(net, old, [*places, *hidden, *free, *[None] * k], factors, offsets)
    components = net.components_of(windows)
    c, f = old.config.components, old.config.free
    net.free[c:, f:] = torch.eye(k)
    net.spread[f:] = components[:, c:].square().mean(dim=0).sqrt().clamp_min(1e-3)
    unknown = [i for i, follow in enumerate(followed) if follow and places[i] is None]
    _follow(net, components, scores, unknown, ridge)
    return net


def _own_directions(old: PersonalNet, windows: Tensor, own: int) -> tuple[Tensor, Tensor]:
    """Return what windows differ in beyond the base's components, (k, window), and their mean."""
    apart = windows - old.mean
    beyond = apart - apart @ old.basis.T @ old.basis
    offset = beyond.mean(dim=0)
    _, size, directions = torch.linalg.svd(beyond - offset, full_matrices=False)
    most = min(own, int((size > _SINGULAR * apart.norm()).sum()))
    directions = directions[:most]
    return directions * torch.sign(directions.sum(dim=1, keepdim=True)), old.mean + offset


def _inherit(
    net: PersonalNet,
    old: PersonalNet,
    sources: Sequence[int | None],
    factors: Tensor,
    offsets: Tensor,
) -> None:
    """Copy what a network knows into a bigger one whose z is ordered and scaled anew.

    Args:
        net: The bigger one, fresh.
        old: The one that knows.
        sources: For each dimension of the new z, which of the old one it is; None for a new one.
        factors: z in the new scale is the old one times this, plus `offsets`; (old dims,).
        offsets: See above.
    """
    c, a = old.config.components, net.config.attributes
    kept = [(new, at) for new, at in enumerate(sources) if at is not None]
    news, olds = torch.tensor([new for new, _ in kept]), torch.tensor([at for _, at in kept])
    factor, offset = factors[olds], offsets[olds]
    named = news < a
    net.read[news[named], :c] = factor[named, None] * old.read[olds[named]]
    net.write[:c, news[named]] = old.write[:, olds[named]] / factor[named]
    net.free[:c, : old.config.free] = old.free
    net.spread[: old.config.free] = old.spread
    _inherit_encoder(net, old, news, olds, factor, offset)
    _inherit_decoder(net, old, news, olds, factor, offset)
    inside = old.write[:, olds[named]] @ (offset / factor)[named]
    net.decoder_out.bias[:c] -= inside


def _inherit_encoder(
    net: PersonalNet, old: PersonalNet, news: Tensor, olds: Tensor, factor: Tensor, offset: Tensor
) -> None:
    """Copy the encoder: it sees nothing of new components, and tells z in the new scales."""
    state = net.state_dict()
    for name, value in old.state_dict().items():
        if name.startswith("encoder."):
            wide = state[name].zero_()
            wide[..., : value.shape[-1]] = value
    net.encoder_mean.weight[news] = factor[:, None] * old.encoder_mean.weight[olds]
    net.encoder_mean.bias[news] = factor * old.encoder_mean.bias[olds] + offset
    net.encoder_log_variance.weight[news] = old.encoder_log_variance.weight[olds]
    variance = old.encoder_log_variance.bias[olds] + 2 * torch.log(factor)
    net.encoder_log_variance.bias[news] = variance


def _inherit_decoder(
    net: PersonalNet, old: PersonalNet, news: Tensor, olds: Tensor, factor: Tensor, offset: Tensor
) -> None:
    """Copy the decoder: it is told z in the old scales, and says nothing of new components."""
    new, known = net.state_dict(), old.state_dict()
    for name, value in known.items():
        if name.startswith("decoder.") and name != "decoder.0.weight":
            new[name].copy_(value)
    inputs = known["decoder.0.weight"][:, olds]
    new["decoder.0.weight"].zero_()[:, news] = inputs / factor
    new["decoder.0.bias"] -= inputs @ (offset / factor)
    c = old.config.components
    net.decoder_out.weight[:c] = old.decoder_out.weight
    net.decoder_out.bias[:c] = old.decoder_out.bias


def _follow(
    net: PersonalNet, components: Tensor, scores: Tensor, new: Sequence[int], ridge: float
) -> None:
    """Fit how attributes that the base does not know are read, and what moves with them."""
    if not new:
        return
    known = ~scores.isnan()
    for i in new:
        rows = known[:, i]
        net.read[i] = ridge_weights(components[rows], scores[rows, i : i + 1], ridge)[0]
    followed = net.encode_components(components)[0][:, : net.config.attributes]
    followed[:, new] = scores[:, new].nan_to_num(0.0)
    net.write[:, new] = ridge_weights(followed, components, ridge)[:, new]
