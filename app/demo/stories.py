"""What the demo cases tell: fictional, on reserved names, in the six languages. Texts only; app/demo/playing.py acts them out."""

import base64
import hashlib
from dataclasses import dataclass
from enum import StrEnum

from moderation.vocabulary import Category, Outcome, Scope


class Fate(StrEnum):
    """How far a demo case has come."""

    WAITING = "waiting"
    HELD = "held"
    REFUSED = "refused"
    PROPOSED = "proposed"
    AWAITING_THIRD = "awaiting_third"
    LISTED = "listed"
    REJECTED = "rejected"
    NOT_LISTED = "not_listed"
    WITHDRAWN = "withdrawn"
    DELISTED = "delisted"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One case: what was reported, what each reporter wrote (language, text), and how it went."""

    what: str
    category: Category
    told: tuple[tuple[str, str], ...]
    hours_ago: int
    fate: Fate = Fate.WAITING
    scope: Scope = Scope.PAGE
    danger_now: bool = False
    slow: bool = False
    outcome: Outcome = Outcome.REJECT_LAWFUL
    note: str = ""
    notice: bool = False


def onion(number: int) -> str:
    """A well-formed v3 onion address that nobody holds the key of."""
    key = hashlib.sha256(f"flagstone demonstration {number}".encode()).digest()
    checksum = hashlib.sha3_256(b".onion checksum" + key + b"\x03").digest()[:2]
    return base64.b32encode(key + checksum + b"\x03").decode().lower() + ".onion"


_S, _L, _C, _M, _U = Category.SEXUAL, Category.LABOUR, Category.CHILD, Category.MOVED, Category.UNSURE


def _waiting() -> tuple[Story, ...]:
    return (
        Story(
            what="https://ads.test/m15",
            category=_C,
            hours_ago=1,
            danger_now=True,
            told=(("en", "The advert says the girl is fifteen. It gives a price and a part of town. Please look now."),),
        ),
        Story(
            what="https://chat.example/invite/Xk39dk",
            category=_M,
            hours_ago=2,
            danger_now=True,
            told=(("en", "My cousin answered this and is now in a flat she cannot leave. She could write to me once."),),
        ),
        Story(
            what="https://kinder.test/casting",
            category=_C,
            hours_ago=3,
            told=(
                ("fr", "On demande des photos d'enfants pour un « casting » et l'adresse de la maison."),
                ("en", "They ask children for photos and where they live."),
            ),
        ),
        Story(
            what="https://xn--fsqu00a.xn--0zwm56d/%E6%8B%9B%E8%81%98",
            category=_L,
            hours_ago=4,
            told=(("zh", "招聘写着高薪,到了以后护照被收走,不让离开园区。我哥哥还在里面。"),),
        ),
        Story(
            what="https://jobs.test/offer/7",
            category=_L,
            hours_ago=5,
            notice=True,
            told=(
                ("en", "I answered this hotel offer. They took my passport on the first day."),
                ("es", "Me quitaron el pasaporte y no me pagan. El anuncio sigue en línea."),
                ("ar", "أخذوا جواز سفري وقالوا إن عليّ دينًا لا أعرفه."),
            ),
        ),
        Story(
            what="https://jobs.test/offer/8",
            category=_L,
            hours_ago=6,
            told=(("ru", "То же объявление под другим именем. Людей везут без документов."),),
        ),
        Story(
            what="workabroad-now.test",
            category=_L,
            hours_ago=8,
            told=(("fr", "Ce site promet un emploi de serveuse. Mon amie travaille sans salaire et dort sur place."),),
        ),
        Story(
            what="https://freehost.example/u/agent9/",
            category=_L,
            hours_ago=9,
            notice=True,
            told=(("en", "Every page under this name recruits for the same compound."), ("zh", "这个账号下所有页面都在招人去同一个园区。")),
        ),
        Story(
            what="https://freehost.example/u/agent9/offers/list.html",
            category=_L,
            hours_ago=10,
            told=(("en", "Here is the list of the offers of that agent."),),
        ),
        Story(
            what="https://en.wikipedia.org/wiki/Slavery",
            category=_U,
            hours_ago=11,
            told=(("en", "There are pictures of slaves on this page. Is that allowed?"),),
        ),
        Story(
            what="http://192.0.2.44/",
            category=_S,
            hours_ago=12,
            told=(("es", "Hay anuncios de mujeres con precios. Solo tiene números en vez de nombre."),),
        ),
        Story(what=onion(1), category=_S, hours_ago=13, told=(("ru", "Здесь продают людей. Адрес мне прислали в чате."),)),
        Story(
            what=f"http://{onion(2)}/market?city=3",
            category=_M,
            hours_ago=14,
            told=(("en", "A market with a page for each city. I closed it at once."),),
        ),
        Story(
            what="A man in the harbour bar says he finds work abroad for girls and keeps their papers. He writes a number on a card.",
            category=_M,
            hours_ago=15,
            told=(("en", "I only know his first name. He is there on Fridays."),),
        ),
        Story(
            what="رجل في السوق يبحث عن فتيات للعمل في الخارج ويأخذ جوازاتهن",
            category=_M,
            hours_ago=16,
            told=(("ar", "يأتي كل يوم خميس ويعطي بطاقة بلا اسم."),),
        ),
        Story(
            what="https://escorts.test/ad/55",
            category=_S,
            hours_ago=18,
            told=(("en", "She says she is new in town and the photo looks young. I am not sure."),),
        ),
        Story(
            what="https://escorts.test/ad/81",
            category=_S,
            hours_ago=20,
            told=(
                ("en", "A friend showed me messages: he takes all she earns and says he will hurt her sister."),
                ("fr", "Elle a écrit qu'on la menace."),
            ),
        ),
        Story(
            what="https://ngo.example/helpline",
            category=_U,
            hours_ago=22,
            told=(
                ("en", "This site talks about trafficking. Take it down."),
                ("en", "This site talks about trafficking. Take it down."),
                ("en", "This site talks about trafficking, take it down!"),
            ),
        ),
        Story(
            what="https://dentist.example/x7/",
            category=_L,
            hours_ago=25,
            told=(("en", "A dentist's site, but this folder sends you to an offer for work on a farm abroad."),),
        ),
        Story(
            what="https://agency.test/models",
            category=_S,
            hours_ago=27,
            told=(("es", "Piden dinero por el viaje y luego dicen que hay una deuda."),),
        ),
        Story(
            what="https://farm-work.example/season?lang=fr",
            category=_L,
            hours_ago=30,
            told=(("fr", "Vingt personnes dans une grange, le contremaître garde les papiers."),),
        ),
        Story(
            what="https://marry.test/brides",
            category=_M,
            hours_ago=33,
            told=(("ru", "Девушек «сватают» за деньги, они не знают, куда их везут."),),
        ),
        Story(
            what="https://beg.example/team",
            category=_M,
            hours_ago=36,
            told=(("en", "They tell people where to beg and take the money each evening."),),
        ),
        Story(
            what="https://kidney.test/offer",
            category=_U,
            hours_ago=39,
            told=(("en", "It offers money for a kidney and a flight. They asked my brother for his blood group."),),
        ),
        Story(what="https://promo.example/?page=win", category=_U, hours_ago=41, slow=True, told=(("en", "spam spam win money"),)),
        Story(what="https://promo.example/?page=win2", category=_U, hours_ago=42, slow=True, told=(("en", "win money now"),)),
        Story(
            what="https://hotel-staff.test/apply", category=_L, hours_ago=47, told=(("zh", "交了押金就联系不上了,朋友到了以后被转卖。"),)
        ),
        Story(
            what="https://nannies.example/board",
            category=_L,
            hours_ago=52,
            told=(("en", "Families post here that they keep the nanny's passport, as if it were normal."),),
        ),
        Story(
            what="https://massage.example/rooms",
            category=_S,
            hours_ago=60,
            told=(("fr", "Les employées changent chaque semaine et ne sortent jamais."),),
        ),
        Story(
            what="https://cyber-jobs.test/",
            category=_L,
            hours_ago=70,
            told=(("en", "They promise office work. People end up in a guarded house and must cheat others online."),),
        ),
    )


def _under_way() -> tuple[Story, ...]:
    return (
        Story(
            what="https://housekeepers.test/list",
            category=_L,
            hours_ago=26,
            fate=Fate.HELD,
            told=(("ar", "تعلن عن عاملات منازل كأنهن بضاعة، مع أسعار ومدة."),),
        ),
        Story(
            what="https://crew.example/sea",
            category=_L,
            hours_ago=28,
            fate=Fate.HELD,
            told=(("en", "My uncle was taken to a boat and has not been paid for a year."),),
        ),
        Story(
            what="https://au-pair.test/board/12",
            category=_L,
            hours_ago=31,
            fate=Fate.REFUSED,
            told=(("es", "Trabaja dieciséis horas y no puede salir de la casa."),),
        ),
        Story(
            what="https://club-jobs.test/dance",
            category=_S,
            hours_ago=35,
            fate=Fate.REFUSED,
            told=(("ru", "Обещали танцы, а потом заперли и заставили."),),
        ),
        Story(
            what="https://berries.test/season",
            category=_L,
            hours_ago=50,
            fate=Fate.PROPOSED,
            notice=True,
            told=(("en", "We slept in a container. The boss has all our papers."), ("fr", "Le patron garde nos papiers.")),
        ),
        Story(
            what="https://nails.example/jobs/3",
            category=_L,
            hours_ago=54,
            fate=Fate.PROPOSED,
            told=(("zh", "欠了中介的钱,每天工作十四个小时还债。"),),
        ),
        Story(
            what="https://transport.test/border",
            category=_M,
            hours_ago=58,
            fate=Fate.PROPOSED,
            told=(("ar", "يعدون بالعبور ثم يحتجزون الناس حتى يدفع أهلهم."),),
        ),
        Story(
            what="compound-jobs.test",
            category=_L,
            hours_ago=80,
            fate=Fate.AWAITING_THIRD,
            scope=Scope.DOMAIN,
            notice=True,
            told=(("en", "The whole site is this one offer. My son is there and cannot leave."), ("zh", "整个网站都是骗人去园区的。")),
        ),
        Story(
            what="https://offers.recruit.test/now",
            category=_L,
            hours_ago=90,
            fate=Fate.AWAITING_THIRD,
            scope=Scope.HOST,
            notice=True,
            told=(("ru", "На всех страницах одно и то же: забирают паспорта."),),
        ),
        Story(
            what="https://bakery.test/work",
            category=_L,
            hours_ago=100,
            fate=Fate.WITHDRAWN,
            told=(("fr", "Ils disent que le logement est déduit, il ne reste rien."),),
        ),
    )


def _decided() -> tuple[Story, ...]:
    return (
        Story(
            what="https://hotel-jobs.test/offer/12",
            category=_L,
            hours_ago=200,
            fate=Fate.LISTED,
            notice=True,
            told=(("en", "Three of us came through this page. They hold our passports."), ("es", "Nos quitaron los pasaportes.")),
        ),
        Story(
            what="https://freehost.example/u/agent4/a",
            category=_L,
            hours_ago=220,
            fate=Fate.LISTED,
            scope=Scope.PATH,
            notice=True,
            told=(("en", "All pages of this user recruit for the same farm."),),
        ),
        Story(
            what="https://girls.cheap-host.test/city",
            category=_S,
            hours_ago=260,
            fate=Fate.LISTED,
            scope=Scope.HOST,
            notice=True,
            told=(("fr", "Toutes les pages vendent des femmes qui n'ont pas le choix."),),
        ),
        Story(
            what="scam-compound.test",
            category=_L,
            hours_ago=300,
            fate=Fate.LISTED,
            scope=Scope.DOMAIN,
            notice=True,
            told=(("zh", "我从那里逃出来,网站还在招人。"), ("en", "My brother escaped from there.")),
        ),
        Story(
            what=onion(3),
            category=_S,
            hours_ago=320,
            fate=Fate.LISTED,
            scope=Scope.HOST,
            told=(("en", "People are sold here. Police have the same address."),),
        ),
        Story(
            what="https://work-visa.example/form",
            category=_L,
            hours_ago=340,
            fate=Fate.LISTED,
            notice=True,
            told=(("ar", "يطلبون صورة الجواز ومالًا ثم يبتزون الناس."),),
        ),
        Story(
            what="https://cleaned.test/offer",
            category=_L,
            hours_ago=400,
            fate=Fate.DELISTED,
            note="The owner removed the offer yesterday and showed us the new page.",
            notice=True,
            told=(("en", "This offer took my sister's papers."),),
        ),
        Story(
            what="handed-back.test",
            category=_S,
            hours_ago=480,
            fate=Fate.DELISTED,
            scope=Scope.DOMAIN,
            note="The name was taken over by a new owner with a lawful shop.",
            notice=True,
            told=(("ru", "Сайт продаёт людей."),),
        ),
        Story(
            what="https://old-offer.test/2",
            category=_L,
            hours_ago=900,
            fate=Fate.EXPIRED,
            notice=True,
            told=(("es", "La oferta era una trampa, nos encerraron."),),
        ),
        Story(
            what="https://shop.example/coats",
            category=_U,
            hours_ago=150,
            fate=Fate.REJECTED,
            outcome=Outcome.REJECT_ABUSE,
            note="Forty unfounded reports on one person's shop, after a warning.",
            told=(("en", "She is a criminal, block her shop."), ("en", "Block this shop.")),
        ),
        Story(
            what="https://museum.example/slavery",
            category=_U,
            hours_ago=160,
            fate=Fate.REJECTED,
            note="A museum's page about history; nothing on it recruits or sells anyone.",
            told=(("fr", "On y voit des chaînes."),),
        ),
        Story(
            what="https://clinic.example/",
            category=_S,
            hours_ago=170,
            fate=Fate.REJECTED,
            note="A health service for people who sell sex. It protects them.",
            told=(("es", "Habla de prostitutas."),),
        ),
        Story(
            what="https://union.example/strike",
            category=_L,
            hours_ago=180,
            fate=Fate.REJECTED,
            outcome=Outcome.REJECT_SCOPE,
            note="A labour dispute with a union in it; not trafficking, and not for this list.",
            told=(("en", "The workers here are not paid enough."),),
        ),
        Story(
            what="https://search.example/q",
            category=_U,
            hours_ago=190,
            fate=Fate.REJECTED,
            outcome=Outcome.REJECT_SCOPE,
            note="One line of a file with thousands of names; nothing was seen on this page.",
            told=(("en", "From a list I found."),),
        ),
        Story(
            what="https://models.example/casting",
            category=_S,
            hours_ago=210,
            fate=Fate.NOT_LISTED,
            note="The agency has a licence and the contract is fair; I see no means.",
            told=(("ru", "Похоже на обман."),),
        ),
        Story(
            what="https://harvest.example/pay",
            category=_L,
            hours_ago=230,
            fate=Fate.NOT_LISTED,
            note="Low pay, but people come and go freely.",
            told=(("zh", "工资太低了。"),),
        ),
        Story(
            what="https://museum.example/slavery", category=_U, hours_ago=7, told=(("en", "I saw this page again. Did you look at it?"),)
        ),
        Story(what="https://jobs.test/offer/7?utm_source=mail", category=_L, hours_ago=4, told=(("zh", "同一个广告,我也被骗了。"),)),
    )


def stories() -> tuple[Story, ...]:
    """Every demo case, oldest report first."""
    return tuple(sorted((*_waiting(), *_under_way(), *_decided()), key=lambda story: -story.hours_ago))
