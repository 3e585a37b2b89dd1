"""How a scenario file says which exit people choose: nearest, locally quickest, familiar."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from buildings import FilePart, Name
from scenarios.population_defaults import Role
from scenarios.scenario import AtClosedDoor, ExitChoice, ExitRule, FamiliarExit, RoleChoice

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class FamiliarFile(FilePart):
    """The exit that people know from every day."""

    exit: Name = Field(description="Portal id or exterior door number.")
    share: Share = Field(
        default=1.0,
        description="Share of people who take it, whichever is nearer; a class goes where its "
        "leader goes.",
    )

    def to_familiar(self) -> FamiliarExit:
        """Return the checked values."""
        return FamiliarExit(self.exit, self.share)


class FamiliarOfRolesFile(FamiliarFile):
    """The exit that people, or those of some roles, know from every day."""

    roles: Annotated[list[Role], Field(min_length=1)] | None = Field(
        default=None, description="Whose exit it is; everybody's without it."
    )


def _which(said: Any) -> str:
    return "a word" if isinstance(said, str) else "an exit"


class RoleChoiceFile(FilePart):
    """What one role does differently."""

    rule: ExitRule | None = None
    at_closed_door: AtClosedDoor | None = None
    familiar: (
        Annotated[
            Annotated[FamiliarFile, Tag("an exit")] | Annotated[Literal["none"], Tag("a word")],
            Discriminator(_which),
        ]
        | None
    ) = Field(default=None, description="The exit that the role knows, or none.")

    def to_choice(self) -> RoleChoice:
        """Return the checked values."""
        familiar = self.familiar
        if isinstance(familiar, FamiliarFile):
            return RoleChoice(self.rule, self.at_closed_door, familiar.to_familiar())
        return RoleChoice(self.rule, self.at_closed_door, familiar)


class ExitChoiceFile(FilePart):
    """Which exit people choose, and what they do where a door is closed."""

    rule: ExitRule = Field(
        default="nearest",
        description="nearest: on foot; locally_quickest: with the queues in the present space.",
    )
    at_closed_door: AtClosedDoor = Field(
        default="reroute", description="reroute: look for another way; wait: until it opens."
    )
    familiar: FamiliarOfRolesFile | None = None
    by_role: dict[Role, RoleChoiceFile] = Field(
        default_factory=dict, description="What single roles do differently."
    )

    def to_choice(self) -> ExitChoice:
        """Return the checked values."""
        familiar = self.familiar
        return ExitChoice(
            rule=self.rule,
            at_closed_door=self.at_closed_door,
            familiar=None if familiar is None else familiar.to_familiar(),
            familiar_roles=tuple(familiar.roles or ()) if familiar is not None else (),
            by_role={role: said.to_choice() for role, said in self.by_role.items()},
        )
