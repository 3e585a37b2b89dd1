"""How a file says a distribution: a plain number, or a kind with its parameters."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias, get_args

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from buildings import FilePart
from sim import Distribution

Positive = Annotated[float, Field(gt=0.0)]
NotNegative = Annotated[float, Field(ge=0.0)]


class _Truncated(FilePart):
    """Bounds that any distribution may have; what lies outside is spread over what remains."""

    lower: NotNegative = 0.0
    upper: Positive | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> _Truncated:
        to_distribution(self)  # type: ignore[arg-type]  # every subclass is in the union below
        return self


class ConstantFile(FilePart):
    """Always the same value."""

    kind: Literal["constant"]
    value: NotNegative


class UniformFile(_Truncated):
    """Every value between two bounds is equally likely."""

    kind: Literal["uniform"]
    low: NotNegative
    high: NotNegative


class NormalFile(_Truncated):
    """The normal distribution, cut at 0 unless `lower` says otherwise."""

    kind: Literal["normal"]
    mean: NotNegative
    sd: NotNegative


class LognormalFile(_Truncated):
    """The lognormal distribution; `sigma` is the standard deviation of the natural logarithm."""

    kind: Literal["lognormal"]
    median: Positive
    sigma: NotNegative


class TriangularFile(_Truncated):
    """Rises from `low` to `mode` and falls to `high`."""

    kind: Literal["triangular"]
    low: NotNegative
    mode: NotNegative
    high: NotNegative


class WeibullFile(_Truncated):
    """The Weibull distribution."""

    kind: Literal["weibull"]
    scale: Positive
    shape: Positive


class GammaFile(_Truncated):
    """The gamma distribution."""

    kind: Literal["gamma"]
    scale: Positive
    shape: Positive


def _number_as_constant(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"kind": "constant", "value": value}
    if isinstance(value, str):
        raise ValueError(  # noqa: TRY004  # pydantic reads it
            f"should be a number, or a mapping with a kind (got {value!r})"
        )
    return value


AnyDistributionFile: TypeAlias = (
    ConstantFile
    | UniformFile
    | NormalFile
    | LognormalFile
    | TriangularFile
    | WeibullFile
    | GammaFile
)

_BY_KIND: Final[dict[str, type[FilePart]]] = {
    str(get_args(model.model_fields["kind"].annotation)[0]): model
    for model in get_args(AnyDistributionFile)
}

DistributionFile = Annotated[
    AnyDistributionFile,
    Field(discriminator="kind"),
    BeforeValidator(_number_as_constant, json_schema_input_type=float | AnyDistributionFile),
]
"""A number, or one of the distributions above."""


def to_distribution(said: AnyDistributionFile) -> Distribution:
    """Return the distribution that a file describes.

    Raises
    ------
    ValueError
        If the parameters do not fit together, such as a lower bound above the upper one.

    Examples
    --------
    >>> to_distribution(UniformFile(kind="uniform", low=10.0, high=100.0)).values
    (10.0, 100.0)
    """
    values = said.model_dump(exclude={"kind", "lower", "upper"}).values()
    if isinstance(said, ConstantFile):
        return Distribution.constant(said.value)
    upper = float("inf") if said.upper is None else said.upper
    return Distribution(said.kind, tuple(values), said.lower, upper)


def _walks(said: AnyDistributionFile) -> AnyDistributionFile:
    if to_distribution(said).ppf(0.0) <= 0.0:
        raise ValueError(
            "a walking speed should be > 0 m/s: give a value, a low or a lower bound above 0"
        )
    return said


WalkingSpeedFile = Annotated[DistributionFile, AfterValidator(_walks)]
"""A distribution that never reaches down to 0, in metres per second."""


def distribution_as_said(distribution: Distribution) -> dict[str, str | float | None]:
    """Return a distribution as a file would say it, for manifests and tables of parameters.

    Examples
    --------
    >>> distribution_as_said(Distribution.constant(1.2))
    {'kind': 'constant', 'value': 1.2}
    """
    fields = _BY_KIND[distribution.kind].model_fields
    names = [name for name in fields if name not in ("kind", "lower", "upper")]
    said: dict[str, str | float | None] = {"kind": distribution.kind}
    said.update(zip(names, distribution.values, strict=True))
    if distribution.kind != "constant":
        said["lower"] = distribution.lower
        said["upper"] = None if distribution.upper == float("inf") else distribution.upper
    return said
