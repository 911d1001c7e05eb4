"""Every legal or policy number, with its unit and source. † marks this project's own choice. Holds no logic beyond looking a number up."""

from datetime import timedelta
from typing import Final

from moderation.vocabulary import Budget, Category, Channel, HostClass, Protection, RateLimit, Scope, Stage

# --- Reporting ------------------------------------------------------------------------------------------------------

RESOURCES_PER_REPORT: Final = 100
"""Resources one report may name †: more is a file for a partner's upload, and a burden to undo if it is abuse."""

REPORT_TEXT_LIMIT: Final = 20_000
"""Characters of free text in one field of a report †."""

ADDRESS_LIMIT: Final = 2_000
"""Octets of a canonical address †. The sitemaps protocol draws the line at 2,048; a longer one is kept as free text."""

FOLDER_LEVELS: Final = 16
"""Folders of a path, counted from the root, that a listing can name †: bounds what one address costs to look up."""

REPORT_BYTES: Final = 1_000_000
"""Octets of one form, one request or one offline file with a report †: its longest answers in any script, several times over."""

RECEIPT_BITS: Final = 128
"""Entropy of a receipt code; the least allowed is 112 (NIST SP 800-131A's floor for security strength)."""

FORM_TOKEN_LIFETIME: Final = timedelta(hours=24)
"""How long the form's signed time token is fresh †. A stale one costs a slower lane, never the report."""

FORM_TOKEN_SOONEST: Final = timedelta(seconds=3)
"""Faster than this nobody fills in the form †; such reports go to the slower lane."""

# --- Questions to reporters -----------------------------------------------------------------------------------------

OPEN_QUESTIONS_PER_REPORT: Final = 3
"""Questions that may wait for one reporter's answer at a time †: more is an interrogation."""

QUESTION_LIMIT: Final = 1_000
"""Characters of a question †."""

MESSAGE_LIMIT: Final = 5_000
"""Characters of an answer, or of what is added to a report †."""

ADDITIONS_PER_REPORT: Final = 20
"""How often one report may be added to †; whoever knows more sends another."""

REPORTS_ASKED_AT_ONCE: Final = 50
"""Reports that a question to all of a case reaches †: those that its page shows, so that nobody learns how many there are."""

# --- How long things are kept ---------------------------------------------------------------------------------------

REPORT_TEXT_KEPT: Final = timedelta(days=365)
"""A report's sealed text, and what was said about it since, is shredded after twelve months †."""

CONTACT_KEPT: Final = timedelta(days=30)
"""A reporter's contact is shredded this long after the last of its cases closed †."""

RESOURCE_KEPT: Final = timedelta(days=365)
"""A resource's address is erased this long after its listing ended, or after its last case closed where it was never listed †."""

DECISIONS_KEPT: Final = timedelta(days=5 * 365)
"""Decisions and the record are kept for five years †."""

# --- Abuse control (all of it in memory; a report over a budget goes to the slower lane, never away) -------------------

REPORTS_EACH: Final = Budget(20, timedelta(hours=1))
"""Reports from one address in the standard lane †: a shelter or a school that shares one sends fewer."""

REPORTS_TOGETHER: Final = Budget(20_000, timedelta(hours=1))
"""Reports in the standard lane from everyone together †."""

REPORTS_BY_CHANNEL: Final = {
    Channel.FORM: Budget(3_000, timedelta(hours=1)),
    Channel.PLAIN_FORM: Budget(1_000, timedelta(hours=1)),
    Channel.ONION: Budget(1_000, timedelta(hours=1)),
    Channel.API: Budget(1_000, timedelta(hours=1)),
    Channel.PARTNER: Budget(20_000, timedelta(hours=1)),
    Channel.IMPORT: Budget(5_000, timedelta(hours=1)),
}
"""Reports in the standard lane by the way they came †: a flood through one way slows no other."""

PARTNER_REPORTS_EACH: Final = Budget(10_000, timedelta(hours=1))
"""Reports of one partner or one desk that imports, in the standard lane †: ten whole batches."""

WORK_ASKED_FROM: Final = 0.5
"""Share of a budget from which on forms carry a proof of work †: it is ready before anyone needs it."""

WORK_ROUNDS: Final = 2_000
"""Rounds of PBKDF2 for one attempt; an attempt succeeds one time in 256 †: about a second on a cheap phone, a millisecond to check."""

WORK_LIFETIME: Final = timedelta(hours=2)
"""How long a proof of work may take to come back †: as long as somebody may write on one form."""

CHECKS: Final = RateLimit(name="check", each=Budget(60, timedelta(minutes=10)), together=Budget(6_000, timedelta(minutes=10)))
"""Look-ups of whether something is listed †: enough for a person, too few to try out a list of names."""

RECEIPT_TRIES: Final = RateLimit(name="receipt", each=Budget(60, timedelta(minutes=10)), together=Budget(6_000, timedelta(minutes=10)))
"""Codes of receipts †. At this pace guessing one of a million codes of 128 bits takes 10²² years."""

SIGN_INS: Final = RateLimit(name="sign in", each=Budget(30, timedelta(minutes=10)), together=Budget(3_000, timedelta(minutes=10)))
"""Attempts to sign in †: an office behind one address begins its shift; a guesser gets 4,320 passwords a day. Accounts are not locked."""

# --- Partners -------------------------------------------------------------------------------------------------------

BATCH_REPORTS: Final = 1_000
"""Reports that a partner may send in one request †."""

BATCH_BYTES: Final = 5_000_000
"""Octets of a request with many reports †: a thousand of five kilobytes."""

PARTNER_TOKEN_LIFETIME: Final = timedelta(days=365)
"""How long a partner's token is good †. It is changed before that, with `flask partners rotate`."""

PARTNER_TOKEN_OVERLAP: Final = timedelta(days=14)
"""How long the older tokens of a partner stay good after a new one was made †, so that no report is lost in between."""

REQUEST_KEY_KEPT: Final = timedelta(hours=24)
"""How long a request sent again under the same Idempotency-Key is known †; kept to the hour."""

REQUEST_KEY_LEAST: Final = 16
REQUEST_KEY_MOST: Final = 128
"""Characters of an Idempotency-Key †: long enough that two senders who draw one at random never draw the same."""

UPLOAD_ROWS: Final = 5_000
"""Rows of a partner's file †."""

UPLOAD_BYTES: Final = 4_000_000
"""Octets of a partner's file †."""

UPLOAD_PREVIEW: Final = timedelta(hours=1)
"""How long a previewed file can be confirmed †; it lies nowhere in the meantime but in the partner's own browser."""

UPLOAD_KEPT: Final = timedelta(hours=24)
"""How long the results of an upload can be fetched †; then they, and anything left of the file, are deleted."""

MISUSE_SUSPENSION: Final = timedelta(days=30)
"""How long a partner who misuses reporting may send nothing but danger (DSA article 23) †."""

# --- Hotlines -------------------------------------------------------------------------------------------------------

HOTLINE_READ_AGAIN: Final = timedelta(days=548)
"""A line's number is due to be read again in its source after eighteen months †."""

HOTLINE_SHOWN_FOR: Final = timedelta(days=731)
"""A number that nobody has read for two years is no longer shown †: a wrong one costs more than none."""

# --- Near cases -----------------------------------------------------------------------------------------------------

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

# --- Priority (higher is sooner) ------------------------------------------------------------------------------------

PRIORITY_DANGER: Final = 100
"""Someone may be in danger now (DSA article 18) †."""

PRIORITY_BY_CATEGORY: Final = {Category.CHILD: 60, Category.SEXUAL: 30, Category.MOVED: 30, Category.LABOUR: 20, Category.UNSURE: 10}
"""Points by what the reporter saw †: a child first."""

PRIORITY_PARTNER: Final = 15
"""An accredited partner sent one of the reports (DSA article 22: priority for trusted flaggers, never lighter proof) †."""

PRIORITY_SLOW_LANE: Final = -40
"""A report in the slower lane waits behind others †; age decides only among cases with the same points."""

PRIORITY_BY_STAGE: Final = {
    Stage.ADVERTISING: 5,
    Stage.RECRUITING: 10,
    Stage.MOVING: 15,
    Stage.CONTROLLING: 20,
    Stage.EXPLOITING: 20,
    Stage.PAYING: 5,
}
"""Points by what is said to happen to people †: now, before what may come, before money."""

CHANNEL_BITS: Final = {
    Channel.FORM: 1,
    Channel.PLAIN_FORM: 1,
    Channel.ONION: 2,
    Channel.API: 4,
    Channel.PARTNER: 8,
    Channel.IMPORT: 8,
}
"""Channels that count as independent of each other †: the form is one with scripts and without; a partner's file is the partner."""

PRIORITY_CORROBORATION: Final = 10
PRIORITY_CORROBORATION_MOST: Final = 20
"""Points for each channel beside the first, and their limit †. The number of reports adds nothing (RS04): thirty forms are one channel."""

PRIORITY_BY_AGE: Final = ((timedelta(days=3), 5), (timedelta(days=7), 10), (timedelta(days=14), 20), (timedelta(days=30), 40))
"""Points by how long a case has waited †, added each night: nothing waits for ever behind what is new."""

PRIORITY_DUE: Final = 20
"""A case came back: its listing is due for re-review, expires, or was suspended †."""

PRIORITY_STEP: Final = 5
"""All points are multiples of this †: a claim looks at each sum that is possible once."""

PRIORITY_MOST: Final = 275
PRIORITY_LEAST: Final = -30
"""Bounds that no sum of points leaves †."""

DRAWN_AT_RANDOM: Final = 5
"""One claim in so many draws from the lane without regard to points †, so that nothing starves."""

QUEUE_LOOKED_THROUGH: Final = timedelta(minutes=10)
"""How long a claim may rely on what the claims before it saw, before it looks from the first case on again †."""

QUEUE_BEHIND: Final = timedelta(hours=2)
"""Cases that came within this time are always looked at †: times of reports are to the hour, and a transaction may end late."""

BULK_CASES: Final = 25
"""Cases that may be claimed, merged or parked in one step †: one page of the queue."""

PARKED_AT_MOST: Final = timedelta(days=30)
"""How long a case may be parked †."""

# --- The desk -------------------------------------------------------------------------------------------------------

LEASE: Final = timedelta(minutes=30)
"""How long a claim holds a case without activity †."""

SESSION_IDLE: Final = timedelta(minutes=30)
"""Idle limit of a sign-in (OWASP session management: 15 to 30 minutes for sensitive applications)."""

SESSION_ABSOLUTE: Final = timedelta(hours=12)
"""Absolute limit of a sign-in: one long shift †."""

SESSION_TOUCH: Final = timedelta(minutes=1)
"""A session's last use is written at most this often †."""

SIGN_IN_ATTEMPTS: Final = 5
"""Wrong codes after a right password before an account rests (NIST SP 800-63B allows up to 100; an attacker has six digits to guess) †."""

SIGN_IN_REST: Final = timedelta(minutes=5)
"""How long an account rests after too many failed attempts †. It opens again by itself; wrong passwords never rest it, so nobody
who does not know the password can keep a person out."""

PASSWORD_LEAST: Final = 12
"""Characters of a password †; NIST SP 800-63B asks for at least 8, with a second factor."""

CASE_NOTE_LIMIT: Final = 2_000
"""Characters of a note between moderators †."""

CASE_NOTES_SHOWN: Final = 50
"""Newest notes that a case shows †: bounds the work of a page."""

RELATED_SHOWN: Final = 10
"""Related cases shown of a sort †."""

RELATED_LOOKED_AT: Final = 100
"""Resources of one site, and newest reports with one mark, that are looked at for related cases †: bounds the work of a page."""

RELATED_MARKS: Final = 200
"""Marks of one case's reports that are looked for †: bounds the work of a page."""

# --- The overview ---------------------------------------------------------------------------------------------------

OVERVIEW_DAYS: Final = (14, 30)
"""Periods that the overview may look back, in days †: a fortnight's work, or a month's."""

OVERVIEW_SAMPLE: Final = 1_000
"""Cases of one lane that are counted †; of more, a random thousand gives the median within two places in a hundred."""

OVERVIEW_PER_DAY: Final = 5_000
"""Decisions, or releases, of one day that are counted †: more than a desk of fifty decides."""

OVERVIEW_REFUSALS: Final = 1_000
"""Newest refused attempts in which refusals are counted by safeguard †."""

OVERVIEW_QUESTIONS: Final = 1_000
"""Newest questions among which those without an answer are counted †."""

OVERVIEW_SHOWN: Final = 100
"""Cases or listings that are shown behind one figure †."""

EXPIRING_SOON: Final = timedelta(days=7)
"""Listings that end within a week are told of †: time enough for two people to look again."""

QUESTION_OVERDUE: Final = timedelta(days=7)
"""A question that no reporter answered for a week is told of †: not everyone comes back, and the case must go on without."""

# --- Decisions ------------------------------------------------------------------------------------------------------

FACTS_LIMIT: Final = 5_000
LEGAL_GROUND_LIMIT: Final = 500
EXPLANATION_LIMIT: Final = 2_000
"""Characters in a statement of reasons (EU Transparency Database, v2 field limits; DSA article 17)."""

REVIEW_AFTER: Final = {
    Scope.PAGE: timedelta(days=90),
    Scope.PATH: timedelta(days=90),
    Scope.HOST: timedelta(days=60),
    Scope.DOMAIN: timedelta(days=60),
}
"""Latest re-review of a listing, by scope †."""

LISTING_LIFETIME: Final = {
    Scope.PAGE: timedelta(days=180),
    Scope.PATH: timedelta(days=180),
    Scope.HOST: timedelta(days=90),
    Scope.DOMAIN: timedelta(days=90),
}
"""Latest expiry of a listing, by scope †: nothing stays listed because nobody looked (ECHR, Bulgakov)."""

TEMPORARY_REVIEW: Final = timedelta(hours=72)
"""Latest re-review of a temporary listing †."""

TEMPORARY_LIFETIME: Final = timedelta(days=7)
"""Latest expiry of a temporary listing †: a page only, never renewed, and never a second time for the same page."""

EXPIRING_BEFORE: Final = timedelta(days=7)
"""How long before its end a listing comes to the queue, where a new round may renew it †."""

REVIEW_OVERDUE: Final = timedelta(days=14)
"""How long a re-review may be overdue before the listing leaves the list by itself †: nothing stays because nobody looked."""

CHANGED_LOOKED_AT: Final = timedelta(hours=72)
"""How soon somebody should look at a listing that was suspended because its content changed †."""

DEAD_APART: Final = timedelta(hours=24)
"""Least time between two looks that both find a resource gone, before it leaves the list by itself †."""

LOOKS_BACK: Final = 100
"""Newest looks at a resource that are read to see whether it was gone before †."""

MONITOR_SOONEST: Final = timedelta(days=1)
MONITOR_LATEST: Final = timedelta(days=90)
"""When a monitored case may come back †: as late as a page is re-reviewed."""

EVIDENCE_LATEST: Final = timedelta(days=30)
"""How long a case may wait for missing evidence †."""

TAKEDOWN_LATEST: Final = timedelta(days=30)
"""How long those who are asked to act at the source may be given †."""

HOLD_LATEST: Final = timedelta(days=90)
"""How long one hold for an investigation may last †; the police can ask for another."""

REFERRAL_BACKDATED: Final = timedelta(days=365)
"""How long ago a referral that is written down now may have been made †: an older date is a slip."""

EMERGENCY_REVIEW_WORKING_DAYS: Final = 2
"""Working days, Monday to Friday, within which another person looks at an emergency delisting †."""

INDEPENDENT_ITEMS: Final = 2
"""Independent items of evidence, where none is first-hand † (DSA article 16; RS04)."""

EVIDENCE_LEAST: Final = 10
"""Characters below which an item of evidence says nothing †."""

ANSWER_LEAST: Final = 10
"""Letters or digits below which a written answer says nothing †; an ideograph counts as two."""

PROVISION_LEAST: Final = 3
"""Letters or digits below which a provision of law names nothing †: “§ 232” has three."""

NAMED_LEAST: Final = 3
"""Characters below which a name, a place or a reference says nothing †."""

NOTE_LEAST: Final = 10
"""Characters below which a note on a rejection or delisting says nothing †."""

CUE_MORE_LEAST: Final = 4
"""Letters beside the words of a weak cue from which on a text says more than the cue †: “held” does; an ideograph counts as two."""

PERSONAL_KINDS: Final = frozenset({"phone", "email"})
"""Kinds of resource that tell who somebody is, and have no place in evidence or reasons (OHCHR guidelines; RS18) †."""

SAMPLE_LEAST: Final = 20
"""Pages of a path or name that somebody looks at before it is listed †, or all there are (ECHR, Kharitonov)."""

SAMPLE_UNRELATED_MOST: Final = 0.1
"""Share of unrelated pages in the sample from which on the target is too wide †."""

NOTICE_WAIT: Final = timedelta(hours=48)
"""Time that a host or registrar has to act before anything is listed † (IWF: removal at source first)."""

OBSERVATION_FRESH: Final = timedelta(days=7)
"""How long it counts how a resource was found †; later somebody looks again."""

DANGER_REFERRED_WITHIN: Final = timedelta(hours=1)
"""How soon a case where somebody may be in danger is handed on † (DSA article 18)."""

BULK_ENTRIES: Final = 25
BULK_SHARE: Final = 0.05
"""The list grows in a day by the larger of so many entries and this share of it at most †, unless two people allow more (Denmark 2012)."""

BULK_DELAY: Final = timedelta(hours=24)
"""How long after its second key more growth is allowed †: every shift of the desk sees it first, and anyone can take it back."""

BULK_KEY_WAITS: Final = timedelta(hours=72)
"""How long a first key waits for the second †: what was asked on a Friday, and not what everybody has forgotten."""

BULK_ALLOWED_FOR: Final = timedelta(hours=24)
"""How long more growth is allowed then †: one working day's listings, and the bound holds again by itself."""

BULK_ENTRIES_MOST: Final = 5_000
"""Listings in a day that two people may allow at most †: fewer than the 8,000 of Denmark's wrong folder."""

BURDENED: Final = frozenset(
    {
        Protection.MIGRANTS,
        Protection.LGBT,
        Protection.SEX_WORKERS_RIGHTS,
        Protection.HUMAN_RIGHTS,
        Protection.PRESS_FREEDOM,
        Protection.NEWS,
        Protection.POLITICAL_CRITICISM,
    }
)
"""What is protected because its listing would burden migrants, LGBT people, sex workers or critics (OHCHR; RS22) †."""

BLOCKED_CLASSES: Final = frozenset({HostClass.POPULAR_10K, HostClass.BANK, HostClass.UNIVERSITY, HostClass.INFRASTRUCTURE, HostClass.NEVER})
"""Classes of host that can never be listed whole (RS11; Danish and Italian failures) †."""

THIRD_SEAT_CLASSES: Final = frozenset({HostClass.POPULAR_1M})
"""Classes of host that need a third seat at any wide scope (RS11) †."""

PLATFORM_CLASSES: Final = frozenset(
    {HostClass.PLATFORM, HostClass.DYNAMIC_DNS, HostClass.SHORTENER, HostClass.LINK_IN_BIO, HostClass.HOSTING}
)
"""Classes of host that many unrelated people share (RS08; ECHR, Kharitonov 2020)."""

IMITATED_CLASSES: Final = BLOCKED_CLASSES | {HostClass.POPULAR_1M, HostClass.PROTECTED}
"""Classes of host whose look-alikes are told of: names that people trust by sight †."""

POPULAR_10K_RANK: Final = 10_000
"""Places of the top lists that count as essential †."""

# --- Publishing -----------------------------------------------------------------------------------------------------

RELEASE_VALID: Final = timedelta(hours=24)
"""A release is valid this long at most †; consumers drop what is absent, and an old list must not block for ever."""

RELEASE_HEARTBEAT: Final = timedelta(hours=12)
"""Without any change a release is still made this often, since one is valid for 24 hours †."""

RELEASES_KEPT: Final = 50
"""Written releases kept on disk beside the current one †."""

ZONE_TTL_SECONDS: Final = 300
"""Time to live of a zone's records: PowerDNS keeps an old answer that long (docs/formats.md)."""

ZONE_REFRESH_SECONDS: Final = 3600
"""SOA refresh of the zone served by HTTP: Unbound fetches the whole zone each time, without If-None-Match (docs/formats.md)."""

ZONE_RETRY_SECONDS: Final = 600
ZONE_EXPIRE_SECONDS: Final = 7 * 24 * 3600
ZONE_MINIMUM_SECONDS: Final = 60
"""The SOA's other times †: a failed fetch is tried again soon, a zone outlives a week without us, and a freed name is free in a minute."""

# --- Audit ----------------------------------------------------------------------------------------------------------

SEAL_LOOKBACK: Final = 10_000
"""Identifiers behind the newest sealed row in which a late commit is looked for †; `flask audit verify` looks at all."""
