"""When texts and names count as near to each other."""

from typing import Final

MARKS_PER_REPORT: Final = 24
"""Things named in a report's text that are marked †: a text that names more is a list, and joins everything to everything."""

MARKED_CHARACTERS: Final = 4_000
"""Characters of a report's text that marks are taken of †: enough to tell texts apart, and a bound to what one report costs."""

TEXT_LEAST_WORDS: Final = 8
"""Words below which two texts are alike by chance †."""

TEXT_HASHES: Final = 32
"""Values of a text's signature (MinHash): the estimate of how much two texts share errs by some 0.08."""

TEXT_BANDS: Final = 8
"""Parts of a signature by which near texts are found: of two texts that share 0.7, nine in ten pairs are (MinHash banding)."""

NEAR_TEXT: Final = 0.7
"""Share of the parts of two texts that are the same, from which they are shown as near †."""
