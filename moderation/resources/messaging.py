"""Channels, groups, invites and accounts of messaging services. Must not claim one message, nor a telephone number behind a link."""

from typing import Final

from moderation.resources._messengers import MESSENGERS
from moderation.resources._platforms import Directory
from moderation.vocabulary import N_

KIND: Final = "messaging"
LABEL: Final = N_("Messaging channel or invite")
TOLD: Final = N_("The messaging service first, since only it can close a channel; the police where a crime is likely.")
PRECEDENCE: Final = 14
REACHES_A_PERSON: Final = True
SHARES_ITS_HOST: Final = True

_DIRECTORY: Final = Directory(KIND, MESSENGERS)
find, restore = _DIRECTORY.find, _DIRECTORY.restore

_GROUP: Final = "CjQKIAbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjK"
EXAMPLES: Final[tuple[tuple[str, str | None], ...]] = (
    ("https://t.me/Good_Jobs", "https://t.me/good_jobs"),
    ("t.me/s/good_jobs?before=120", "https://t.me/good_jobs"),
    ("telegram[.]dog/good_jobs/", "https://t.me/good_jobs"),
    ("good_jobs.t.me", "https://t.me/good_jobs"),
    ("tg://resolve?domain=Good_Jobs&start=x", "https://t.me/good_jobs"),
    ("https://web.telegram.org/k/#@Good_Jobs", "https://t.me/good_jobs"),
    ("telegram @Good_Jobs", "https://t.me/good_jobs"),
    ("Телеграм: @good_jobs", "https://t.me/good_jobs"),
    ("https://t.me/joinchat/AbCdEfGhIjKlMnOp", "https://t.me/+AbCdEfGhIjKlMnOp"),
    ("tg://join?invite=AbCdEfGhIjKlMnOp", "https://t.me/+AbCdEfGhIjKlMnOp"),
    ("https://chat.whatsapp.com/invite/AbCdEfGhIjKlMnOpQrStUv?mode=x", "https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv"),
    ("whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOp", "https://www.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOp"),
    (f"hxxps://signal[.]group/#{_GROUP}", f"https://signal.group/#{_GROUP}"),
    (f"sgnl://signal.group/#{_GROUP}", f"https://signal.group/#{_GROUP}"),
    (f"https://signal.me/#eu/{_GROUP}", f"https://signal.me/#eu/{_GROUP}"),
    ("discord.com/invite/AbC123?event=1", "https://discord.gg/AbC123"),
    ("https://invite.viber.com/?lang=en&g2=AQBabc%2Bdef", "https://invite.viber.com/?g2=AQBabc%2Bdef"),
    ("viber://pa?chatURI=goodjobs", "https://chats.viber.com/goodjobs"),
    ("https://line.me/ti/p/%40GoodJobs", "https://line.me/R/ti/p/@goodjobs"),
    ("https://line.me/ti/g/AbCdEfGh", "https://line.me/R/ti/g/AbCdEfGh"),
    ("https://t.me/good_jobs/42", None),
    ("https://t.me/share/url?url=x", None),
    ("https://t.me/+33612345678", None),
    ("https://signal.group/", None),
    ("https://lin.ee/AbCdE", None),
    ("https://discord.com/channels/1/2", None),
    ("I wrote on Telegram: many answered", None),
)
