"""Letters that look like Latin ones or digits: what Unicode's table of confusables says of letters a host name can hold. Holds no logic.

From confusables.txt of Unicode Technical Standard 39 (version 13.0.0; 15.1 adds nothing to these), cut down to single letters outside
ASCII that IDNA 2008 allows and whose prototype is letters or digits of ASCII, in lower case. Left out are letters of living Latin
alphabets (æ, œ, ı and the like): a name written with them is spelled, not disguised.

Copyright © 1991-2023 Unicode, Inc. All rights reserved. Used under the Unicode licence: LICENSE-UNICODE beside this file.
"""

from typing import Final

LOOK_LIKE: Final = {
    "2": "ᒿ",
    "3": "\U000118ca\U00016f3b",
    "4": "Ꮞ",
    "6": "бᏮ\U000118d5",
    "7": "\U000118c6",
    "8": "ȣ\u09ea\u0a6a\u0b03\U0001031a",
    "9": "\u09ed\u0a67\u0b68\u0d6d\U000118cc\U000118d6",
    "a": "ɑαаᎪᗅ\ua4ee\U000102a0\U00016f40",
    "aa": "\ua733",
    "ao": "\ua735",
    "au": "\ua737",
    "av": "\ua739\ua73b",
    "ay": "\ua73d",
    "b": "ᏏᏴᑲᖯᗷ\ua4d0\U00010282\U000102a1\U00010301",
    "c": "сᏟᴄ\u2ca5\ua4da\U000102a2\U00010302\U0001043d\U0001051c\U000118e9",
    "d": "ԁᎠᏧᑯᗞᗪ\ua4d2\ua4d3",
    "dz": "ʣ",
    "e": "еҽᎬ\u2d39\ua4f0\uab32\U00010286",
    "f": "քᖴẝ\ua4dd\ua799\uab35\U00010287\U000102a5\U00010525\U000118c2",
    "g": "ƍɡցᏀᏳᶃ\ua4d6",
    "h": "һհᎻᏂᕼ\ua4e7\U000102cf",
    "i": "ɪιіӏᎥ\ua647\U000118c3",
    "j": "ϳјᎫᒍ\ua4d9",
    "k": "Ꮶᛕ\ua4d7\U00010518",
    "l": "ǀ\u05d5\u05df\u0627\u0661\u06f1\u07caᏞᒪᛁ\u2d4f\ua4e1\ua4f2\U0001028a\U00010309\U00010526\U00016f16\U00016f28",
    "ll": "ǁ\u05f0",
    "ls": "ʪ",
    "lz": "ʫ",
    "m": "Ꮇᗰᛖ\ua4df\U000102b0\U00010311",
    "n": "ոռ\ua4e0\U00010513",
    "o": (
        "οσоօ\u05e1\u0647\u0665\u06be\u06c1\u06d5\u06f5\u07c0\u0966\u09e6\u0a66\u0ae6ଠ\u0b66\u0be6\u0c02\u0c66\u0c82"
        "\u0ce6\u0d02ഠ\u0d66\u0d82\u0e50\u0ed0ဝ\u1040ჿዐᴏᴑ\u2c9f\u2d54\u3007\ua4f3\uab3d\U00010292\U000102ab\U0001042c"
        "\U000104ea\U00010516\U000114d0\U000118c8\U000118d7\U000118e0"
    ),
    "oo": "\ua699\ua74f",
    "p": "ρрᏢᑭ\u2ca3\ua4d1\U00010295",
    "q": "ԛգզ\u2d55",
    "r": "гᎡᏒᖇᴦ\u2c85\ua4e3\uab47\uab48\U00016f35",
    "rn": "\U00011700\U000118e3",
    "s": "ƽѕᏕᏚ\ua4e2\ua731\U00010296\U00010448\U000118c1\U00016f3a",
    "t": "Ꭲ\ua4d4\U00010297\U000102b1\U00010315\U00016f0a",
    "tf": "\ua777",
    "ts": "ʦ",
    "u": "υսሀᑌᴜ\ua4f4\ua79f\uab4e\uab52\U000104f6\U000118d8\U00016f42",
    "ue": "ᵫ",
    "uo": "\uab63",
    "v": "νѵ\u05d8\u0667\u06f7Ꮩᐯᴠ\u2d38\ua4e6\ua6df\U0001051d\U00011706\U000118c0\U00016f08",
    "w": "ɯѡԝաᎳᏔᴡ\ua4ea\U0001170a\U0001170e\U0001170f\U000118e6",
    "x": "хᕁᕽᚷ\u2d5d\ua4eb\U00010290\U000102b4\U00010317\U00010527",
    "y": "ʏγуүყᎩᎽᶌỿ\ua4ec\uab5a\U000102b2\U000118dc\U00016f43",
    "z": "Ꮓᴢ\ua4dc\U000118c4\U000118e5",
}
"""What is imitated, with every letter that imitates it."""

IN_MIXED_NAMES: Final = {"b": "ьв", "e": "єε", "h": "нћ", "k": "кқκ", "m": "м", "n": "пη", "t": "тτ", "w": "шω", "x": "χ"}
"""Letters that are less alike. Alone they make ordinary words of their own script; among Latin letters they stand for nothing else †."""
