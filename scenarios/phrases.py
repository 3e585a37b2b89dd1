"""What is said in an announcement, in plain language, and what an adult then says to children."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from scenarios.population_defaults import AgeBand

SpokenAction: TypeAlias = Literal["hold", "secure", "lockdown", "evacuate", "shelter"]

SOURCE: Final = (
    "action and directive: Standard Response Protocol, I Love U Guys Foundation, as on the posters "
    "of school districts; the words to children are ours, and for a school to settle with its "
    "counsellors"
)
"""Where the wording comes from."""

TIMES: Final = 2
"""How often an announcement is said: the training slides of the Standard Response Protocol."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """The wording of one action.

    Attributes
    ----------
    action : str
        The word that is said first.
    directive : str
        What to do. ``{location}``, ``{hazard}`` and ``{strategy}`` are filled in.
    to_younger, to_older : str
        What an adult says calmly to children up to grade 5, and to older students.
    """

    action: str
    directive: str
    to_younger: str
    to_older: str

    def announcement(self, *, location: str = "", hazard: str = "", strategy: str = "") -> str:
        """Return what is announced, with action and directive said twice.

        Raises
        ------
        ValueError
            If the directive needs a location, a hazard or a strategy, and there is none.

        Examples
        --------
        >>> PHRASES["hold"].announcement()
        'Hold! In your room or area. Clear the halls. Hold! In your room or area. Clear the halls.'
        >>> PHRASES["evacuate"].announcement(location="the north field")
        'Evacuate! To the north field. Evacuate! To the north field.'
        """
        given = {"location": location, "hazard": hazard, "strategy": strategy}
        for name, value in given.items():
            if f"{{{name}}}" in self.directive and not value.strip():
                raise ValueError(f"{self.action}: say the {name}, in plain words")
        once = f"{self.action}! {self.directive.format(**given)}"
        return " ".join([once] * TIMES)

    def to_students(self, age_band: AgeBand) -> str:
        """Return what an adult says to the students of an age band."""
        young = age_band in ("prekindergarten", "grades_k_2", "grades_3_5")
        return self.to_younger if young else self.to_older


PHRASES: Final[Mapping[SpokenAction, Phrase]] = {
    "hold": Phrase(
        "Hold",
        "In your room or area. Clear the halls.",
        "We stay in our room for a while and go on with what we are doing. I will tell you when "
        "the doors open again.",
        "We stay here until we hear that the halls are clear. We go on with our work.",
    ),
    "secure": Phrase(
        "Secure",
        "Get inside. Lock outside doors.",
        "Everybody is inside, and the outside doors are locked. We go on with our day indoors.",
        "The outside doors are locked and we stay in the building. Class goes on.",
    ),
    "lockdown": Phrase(
        "Lockdown",
        "Locks, lights, out of sight.",
        "Come with me to our quiet place. We sit close together and stay very quiet. I stay with "
        "you.",
        "Move out of sight and stay quiet. We keep the door shut until it is opened for us.",
    ),
    "evacuate": Phrase(
        "Evacuate",
        "To {location}.",
        "We walk outside together. Hold hands with your partner and follow me.",
        "We leave together now. Follow me, stay with the class, and I will count us outside.",
    ),
    "shelter": Phrase(
        "Shelter",
        "For {hazard}. {strategy}.",
        "We go to our safe place and do what we have practised. I show you how.",
        "We move to the shelter area and do what we have practised.",
    ),
}
"""The wording of every action that is announced to a school."""
