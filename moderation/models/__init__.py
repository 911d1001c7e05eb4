"""The schema. No queries, no verbs: the rooms above read and write these tables."""

from moderation.models.afterwards import EmergencyDelisting, ReferralRow, SealedAddress
from moderation.models.audit import AuditRecord, AuditSeal
from moderation.models.base import Base
from moderation.models.cases import Case, CaseReport, NoticeRow, Observation, Report, ReportMark, ResourceRow
from moderation.models.consumers import Consumer, ConsumerApplication, ConsumerKey, ConsumerPull, ConsumerSignIn, ConsumerToken
from moderation.models.conversations import Message
from moderation.models.growth import GrowthPermission
from moderation.models.holding import HeldEntry
from moderation.models.hosts import KnownHostRow
from moderation.models.keys import AddressKey, ContactKey, ReportKey
from moderation.models.networks import FalsePositive, Webhook, WebhookDelivery
from moderation.models.partners import Partner, PartnerToken, RequestKey, Upload
from moderation.models.people import Person, SignIn
from moderation.models.publishing import ChangeLog, Listing, Release
from moderation.models.queue import QueueMark
from moderation.models.reviewing import Assessment, Decision, RefusedAssessment, Round
from moderation.models.teamwork import CaseNote, ChildMaterialSaid, StoodAside, Takeover
from moderation.models.transfer import ConsumerTransferKey, TransferSecret

__all__ = [
    "AddressKey",
    "Assessment",
    "AuditRecord",
    "AuditSeal",
    "Base",
    "Case",
    "CaseNote",
    "CaseReport",
    "ChangeLog",
    "ChildMaterialSaid",
    "Consumer",
    "ConsumerApplication",
    "ConsumerKey",
    "ConsumerPull",
    "ConsumerSignIn",
    "ConsumerToken",
    "ConsumerTransferKey",
    "ContactKey",
    "Decision",
    "EmergencyDelisting",
    "FalsePositive",
    "GrowthPermission",
    "HeldEntry",
    "KnownHostRow",
    "Listing",
    "Message",
    "NoticeRow",
    "Observation",
    "Partner",
    "PartnerToken",
    "Person",
    "QueueMark",
    "ReferralRow",
    "RefusedAssessment",
    "Release",
    "Report",
    "ReportKey",
    "ReportMark",
    "RequestKey",
    "ResourceRow",
    "Round",
    "SealedAddress",
    "SignIn",
    "StoodAside",
    "Takeover",
    "TransferSecret",
    "Upload",
    "Webhook",
    "WebhookDelivery",
]
