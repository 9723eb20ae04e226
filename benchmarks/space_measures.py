"""What a slider does to the sounds that come out, and what an encoder knows of attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.feature_selection import mutual_info_regression

SHIFTS = (-2.0, -1.0, 0.0, 1.0, 2.0)
"""Where each slider is set, in standard deviations of the space."""

_STILL = 1e-6
_FEWEST_PLACES = 3
_SIGNIFICANT = 0.05
_NEIGHBOURS = 3
Array = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Control:
    """What one slider does to sounds that have its attribute.

    Attributes:
        rank: Mean Spearman correlation of slider and attribute; a sound on which the slider does
            nothing, or whose attribute it loses, counts as 0.
        slope_1: Change of the attribute from -1 to +1, over what was promised.
        slope_2: The same from -2 to +2.
        moved: Mean absolute change of the attribute from -2 to +2, in standard deviations.
        spilt: That of the other attributes.
        sounds: How many have the attribute.
    """

    rank: float
    slope_1: float
    slope_2: float
    moved: float
    spilt: float
    sounds: int

    @property
    def leak(self) -> float:
        """What spilt over what moved; infinite where nothing moved."""
        return self.spilt / self.moved if self.moved > _STILL else np.inf


def control(scores: Array, meant: int) -> Control:
    """Judge a slider.

    Args:
        scores: Attributes of what came out, in standard deviations, shape
            (sounds, len(SHIFTS), attributes); NaN where not defined.
        meant: Which attribute the slider is of.
    """
    middle = len(SHIFTS) // 2
    scores = scores[~np.isnan(scores[:, middle, meant])]
    if not len(scores):
        return Control(*[np.nan] * 5, 0)
    own = scores[:, :, meant]
    change = scores[:, -1] - scores[:, 0]
    return Control(
        rank=float(np.mean([_rank(each) for each in own])),
        slope_1=_mean(own[:, middle + 1] - own[:, middle - 1]) / 2,
        slope_2=_mean(change[:, meant]) / 4,
        moved=_mean(np.abs(change[:, meant])),
        spilt=_mean(np.abs(np.delete(change, meant, axis=1))),
        sounds=len(own),
    )


def _mean(values: Array) -> float:
    """Return the mean of those that are known; what no sound shows has not moved."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else 0.0


def _rank(attribute: Array) -> float:
    known = ~np.isnan(attribute)
    if known.sum() < _FEWEST_PLACES or np.ptp(attribute[known]) < _STILL:
        return 0.0
    return float(spearmanr(np.array(SHIFTS)[known], attribute[known]).statistic)


def mean_of(controls: Sequence[Control]) -> Control:
    """Return the mean over attributes that any sound has, one of none where none has.

    Its leak is what spilt over what moved, both of all: a slider that does next to nothing has a
    leak without limit, and no mean of leaks would be of use.
    """
    seen = [astuple(each) for each in controls if each.sounds]
    if not seen:
        return controls[0]
    *means, _ = np.mean(seen, axis=0)
    return Control(*[float(each) for each in means], sounds=min(each[-1] for each in seen))


def mean_leak(controls: Sequence[Control]) -> float:
    """Return the mean of leaks, each attribute counting the same."""
    return float(np.mean([each.leak for each in controls if each.sounds]))


@dataclass(frozen=True, slots=True)
class Encoder:
    """How an encoder's dimensions follow attributes, as Pati and Lerch (2020) measure it.

    Attributes:
        interpretability: R² of a line through each attribute and the dimension that has most
            mutual information with it (Adel et al. 2018).
        modularity: 1 less the squared mutual information of each dimension with attributes but its
            best, over that with the best and their number (Ridgeway and Mozer 2018).
        mig: Gap of the two dimensions with most mutual information, over the attribute's entropy
            (Chen et al. 2018).
        sap: Gap of the two greatest squared correlations (Kumar et al. 2018).
        scc: Greatest absolute Spearman correlation of any dimension, where p <= .05.
    """

    interpretability: float
    modularity: float
    mig: float
    sap: float
    scc: float


def encoder_metrics(z: Array, attributes: Array) -> Encoder:
    """Judge an encoder.

    Args:
        z: Dimensions of sounds, shape (n, dims), dims >= 2.
        attributes: Of the same, shape (n, a), a >= 2; NaN where not defined.
    """
    count = attributes.shape[1]
    z = z[:, z.std(axis=0) > 0]  # the dimension of an attribute that is not followed
    information = np.zeros((z.shape[1], count))
    squared = np.zeros_like(information)
    ranks = np.zeros(count)
    entropy = np.zeros(count)
    for i, column in enumerate(attributes.T):
        known = ~np.isnan(column)
        codes, values = z[known].astype(np.float64), column[known].astype(np.float64)
        information[:, i] = _information(codes, values)
        entropy[i] = _information(values[:, None], values)[0]
        squared[:, i] = np.square(np.corrcoef(codes.T, values)[-1, :-1])
        said = [spearmanr(code, values) for code in codes.T]
        ranks[i] = max(abs(s.statistic) if s.pvalue <= _SIGNIFICANT else 0.0 for s in said)
    most = information.argmax(axis=0)
    two = np.sort(information, axis=0)[-2:]
    best = np.sort(squared, axis=0)[-2:]
    return Encoder(
        interpretability=float(squared[most, np.arange(count)].mean()),
        modularity=_modularity(information),
        mig=float(((two[1] - two[0]) / entropy).mean()),
        sap=float((best[1] - best[0]).mean()),
        scc=float(ranks.mean()),
    )


def _information(codes: Array, values: Array) -> Array:
    """Return the mutual information of each column with values, nats (Kraskov et al. 2004)."""
    found: Array = mutual_info_regression(codes, values, n_neighbors=_NEIGHBOURS, random_state=0)
    return found


def _modularity(information: Array) -> float:
    squares = np.square(information)
    best = squares.max(axis=1)
    rest = (squares.sum(axis=1) - best) / (information.shape[1] - 1)
    told = best > 0
    # A dimension that tells of no attribute is no module.
    return float(np.where(told, 1 - rest / np.where(told, best, 1.0), 0.0).mean())
