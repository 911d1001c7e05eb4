"""What is reported: its kinds and scopes, what is known of hosts, and what lies near it."""

from app.desk.words._grouping import grouped
from moderation import resources
from moderation.reviewing import Nearness
from moderation.vocabulary import N_, HostClass, Manner, Scope

LABELS = grouped(
    kind={name: str(kind.LABEL) for name, kind in resources.KINDS.items()},
    scope={
        Scope.PAGE: N_("This page"),
        Scope.PATH: N_("This path"),
        Scope.HOST: N_("This name"),
        Scope.DOMAIN: N_("The whole domain"),
    },
    covers={
        Scope.PAGE: N_("One address, by http and https. Only networks that can match pages act on it; name servers leave it out."),
        Scope.PATH: N_("Every page whose address begins so. Only networks that can match pages act on it; name servers leave it out."),
        Scope.HOST: N_("Every page of this name and of every name below it, for everyone who uses it. Two people and a senior must agree."),
        Scope.DOMAIN: N_("Every page, every name below it, and mail and other services too. Two people and a senior must agree."),
    },
    host_class={
        HostClass.POPULAR_10K: N_("Among the 10,000 most used"),
        HostClass.POPULAR_1M: N_("Among the million most used"),
        HostClass.BANK: N_("Bank"),
        HostClass.UNIVERSITY: N_("University"),
        HostClass.INFRASTRUCTURE: N_("Infrastructure others need"),
        HostClass.NEVER: N_("On the never-list"),
        HostClass.PROTECTED: N_("Protected content"),
        HostClass.PLATFORM: N_("Shared platform"),
        HostClass.DYNAMIC_DNS: N_("Dynamic DNS"),
        HostClass.SHORTENER: N_("Link shortener"),
        HostClass.LINK_IN_BIO: N_("Link-in-bio service"),
        HostClass.HOSTING: N_("Hosting that many share"),
        HostClass.PARKING: N_("Domain parking"),
    },
    imitates={
        Manner.MIXED_SCRIPT: N_("This name imitates %(host)s with some letters of another script."),
        Manner.WHOLE_SCRIPT: N_("This name imitates %(host)s with letters of another script."),
        Manner.SAME_SCRIPT: N_("This name imitates %(host)s with letters that look like other letters."),
    },
    nearness={
        Nearness.SAME_RESOURCE: N_("The same resource"),
        Nearness.SAME_HOST: N_("On the same host"),
        Nearness.WITH_OR_WITHOUT_WWW: N_("The same host, but for “www.”"),
        Nearness.SAME_DOMAIN: N_("On the same domain"),
        Nearness.NAMED_HERE: N_("Named in a report’s text here"),
        Nearness.NAMES_THIS: N_("A report’s text there names this"),
        Nearness.BOTH_NAME: N_("Named in both texts"),
        Nearness.NEAR_TEXT: N_("A text there says much the same"),
    },
)
