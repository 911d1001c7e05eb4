"""Applications, by their page in a store or by the name of their package. Must not claim a file that is offered on some site."""

import re
from typing import Final

from moderation.resources._platforms import REST, Directory, Platform, as_typed, shape
from moderation.vocabulary import N_

KIND: Final = "app"
LABEL: Final = N_("App")
TOLD: Final = N_("The store that offers it; for a package that no store offers, the police.")
PRECEDENCE: Final = 16
REACHES_A_PERSON: Final = False
SHARES_ITS_HOST: Final = True

_PACKAGE: Final = r"[a-z][a-z0-9_]{0,60}(?:\.[a-z][a-z0-9_]{0,60}){1,8}"
_REST_OF_QUERY: Final = r"(?:[&#].*)?"
_PLAY: Final = "https://play.google.com/store/apps/details?id={name}"

_STORES: Final = (
    Platform(
        hosts=("play.google.com",),
        shapes=(shape(rf"/store/apps/details/?\?(?:[^#]*&)?id=(?P<name>{_PACKAGE}){_REST_OF_QUERY}", _PLAY, as_typed),),
    ),
    Platform(
        hosts=("market:",),
        shapes=(shape(rf"/(?:details|search)/?\?(?:[^#]*&)?(?:id|q=pname)[=:](?P<name>{_PACKAGE}){_REST_OF_QUERY}", _PLAY, as_typed),),
    ),
    # Its country and its title are no part of an app's identity.
    Platform(
        hosts=("apps.apple.com", "itunes.apple.com", "itms-apps:", "itms-appss:", "itms:"),
        shapes=(
            shape(
                rf"(?:/(?:apps|itunes)\.apple\.com)?(?:/[a-z]{{2}})?/app(?:/[^/?#]+)?/id(?P<name>\d{{6,12}}){REST}",
                "https://apps.apple.com/app/id{name}",
            ),
        ),
    ),
    Platform(
        hosts=(),
        shapes=(),
        words="package apk pkg пакет 包名 安装包",
        handle=re.compile(_PACKAGE, re.IGNORECASE),
        home="package:{name}",
        tidy=as_typed,
    ),
)
_DIRECTORY: Final = Directory(KIND, _STORES)
find, restore = _DIRECTORY.find, _DIRECTORY.restore

EXAMPLES: Final[tuple[tuple[str, str | None], ...]] = (
    (
        "https://play.google.com/store/apps/details?hl=fr&id=com.Evil.app&gl=FR",
        "https://play.google.com/store/apps/details?id=com.Evil.app",
    ),
    ("market://details?id=com.evil.app", "https://play.google.com/store/apps/details?id=com.evil.app"),
    ("hxxps://apps[.]apple[.]com/us/app/some-title/id1234567890?mt=8", "https://apps.apple.com/app/id1234567890"),
    ("itunes.apple.com/app/id1234567890", "https://apps.apple.com/app/id1234567890"),
    ("itms-apps://apps.apple.com/app/id1234567890", "https://apps.apple.com/app/id1234567890"),
    ("package: com.evil.app", "package:com.evil.app"),
    ("APK name: com.evil.App", "package:com.evil.App"),
    ("https://evil.test/app.apk", None),
    ("https://play.google.com/store/apps/dev?id=123", None),
    ("https://apps.apple.com/us/developer/someone/id1234567890", None),
    ("package: heavy", None),
    ("com.evil.app", None),
)
