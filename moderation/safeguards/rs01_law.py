"""RS01: a listing rests on a law and holds where that law does. Must not judge whether the law fits; people do."""

from typing import Final

import pycountry

from moderation import policy
from moderation.safeguards._example import Example, facts
from moderation.safeguards._saying import lack, says_something
from moderation.safeguards._several import as_one
from moderation.vocabulary import N_, CaseFacts, Effect, Finding

IDENTIFIER: Final = "RS01"
QUESTION: Final = N_("Which law, in which territory?")
SOURCE: Final = "ICCPR article 19(3); General Comment 34"
REQUIRED: Final = True


def check(facts: CaseFacts) -> Finding:
    """Ask for a provision and for at least one ISO 3166-1 country in which it holds."""
    territories = facts.answers.territories
    found = [*_of_the_provision(facts.answers.provision), *_of_the_territories(territories)]
    if found:
        return as_one(found)
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.PASS,
        reason=N_("The provision and its territories are named: %(territories)s."),
        values={"territories": ", ".join(territories)},
    )


def _of_the_provision(provision: str) -> list[Finding]:
    if says_something(provision, least=policy.PROVISION_LEAST):
        return []
    return [
        _block(
            lack(provision, N_("No provision of law is named.")),
            N_("Name the law and the article that forbids what is shown, such as “Criminal Code, article 5”."),
            field="provision",
        )
    ]


def _of_the_territories(territories: tuple[str, ...]) -> list[Finding]:
    if not territories:
        return [
            _block(
                N_("No territory is named, and a listing never holds everywhere."),
                N_("Choose each country in which this provision is law."),
                field="territories",
            )
        ]
    unknown = [code for code in territories if not _is_country(code)]
    if not unknown:
        return []
    return [
        _block(
            N_("These are not two-letter country codes of ISO 3166-1: %(codes)s."),
            N_("Write countries by name or two-letter code, such as FR for France or GB for the United Kingdom."),
            field="territories",
            codes=", ".join(unknown),
        )
    ]


def _is_country(code: str) -> bool:
    # pycountry ignores case, but the list and its consumers carry the code as ISO writes it.
    return len(code) == 2 and code.isascii() and code.isupper() and pycountry.countries.get(alpha_2=code) is not None


def _block(reason: str, way_forward: str, *, field: str, **values: str) -> Finding:
    return Finding(safeguard=IDENTIFIER, effect=Effect.BLOCK, reason=reason, way_forward=way_forward, field=field, values=values)


EXAMPLES: Final[tuple[Example, ...]] = (
    ("a provision and two countries", facts(), Effect.PASS, ""),
    ("a paragraph sign is enough of a provision", facts(provision="§ 232 StGB", territories=("DE",)), Effect.PASS, ""),
    ("a provision in ideographs", facts(provision="刑法第二百四十条", territories=("CN",)), Effect.PASS, ""),
    ("nothing is named", facts(provision=""), Effect.BLOCK, "provision"),
    ("only white space and signs", facts(provision=" \u200b — §§ "), Effect.BLOCK, "provision"),
    ("a filler", facts(provision="N/A"), Effect.BLOCK, "provision"),
    ("a filler that is long enough", facts(provision="None."), Effect.BLOCK, "provision"),
    ("no country", facts(territories=()), Effect.BLOCK, "territories"),
    ("one country among good ones that is none", facts(territories=("FR", "UK")), Effect.BLOCK, "territories"),
    ("the whole world is no territory", facts(territories=("WORLD",)), Effect.BLOCK, "territories"),
    ("a code in small letters", facts(territories=("fr",)), Effect.BLOCK, "territories"),
)
