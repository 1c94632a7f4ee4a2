"""Values of the letters of a case of breach, ordinary and extreme."""

from __future__ import annotations

from dataclasses import replace

from portal.documents.cases import (
    Evidence,
    EvidencePackage,
    ExplanationRequest,
    Incident,
    PenaltyNotice,
    StaffLetter,
    Step,
)
from tests.documents.examples import LONG_FILING, at

_HEAD = {
    "number": "YQ-N2604-7QK2MX",
    "group": "青岚置业集团",
    "project": "云栖府项目",
    "issued_at": at("2026-04-07 16:20:00"),
    "rules_version": "RE-2026-01",
    "policy_version": "RE-3",
    "verification_url": "https://jieding.example/check/K7QF2M9XWT4C",
    "case_number": "YQ-F2604-4F7K2M",
    "signer": "梁衡",
}
INSIDE = Incident(
    place="30.275350, 120.156760",
    office="30.27410, 120.15510",
    metres="211.4",
    distance_m=211.4,
    bearing_deg=48.9,
    radius_m=300,
)
OUTSIDE = replace(INSIDE, place="30.352100, 120.290000", metres="15512.8", distance_m=15512.8, bearing_deg=57.0)
_CAUGHT = {
    "act": "interception",
    "party": "橘灯房产",
    "about": "YQ-2604-4F7K2M",
    "happened_at": at("2026-04-05 10:42:00"),
    "incident": INSIDE,
}
_DUMPED = {"act": "staff_dumping", "party": "销售一组", "about": "YQ-D2604-9K2M4F"}
_MEASURE = {
    "found": "照片、录像与客户笔录一致。",
    "reason": "按政策处理。",
    "offence": 1,
    "decided_at": at("2026-04-07 16:20:00"),
}

REQUEST = ExplanationRequest(
    **_HEAD,  # type: ignore[arg-type]
    **_CAUGHT,
    question="请说明当天在场的经纪人和经过，附通话记录。",
    due_at=at("2026-04-11 00:00:00"),
    days=3,
)
PENALTY = PenaltyNotice(
    **_HEAD,  # type: ignore[arg-type]
    **_CAUGHT,
    **_MEASURE,
    measure="fine",
    rule="RE-5.1",
    clause="RE-5.3",
    amount=50_000,
    reply_by=at("2026-04-11 00:00:00"),
    appeal_by=at("2026-04-11 00:00:00"),
    appeal_days=3,
)
REFUND = replace(
    PENALTY,
    number="YQ-N2604-REF0ND",
    act="false_filing",
    incident=None,
    happened_at=None,
    measure="return_commission",
    rule="RE-4.7",
    clause="RE-4.8",
    amount=None,
    offence=None,
    settle_days=3,
)
DISMISSAL = StaffLetter(
    **_HEAD,  # type: ignore[arg-type]
    **_DUMPED,
    **_MEASURE,
    measure="dismissal",
    rule="RE-7.2",
    clause="RE-7.2",
    persons="置业顾问周某、吴某",
)
WARNING = replace(DISMISSAL, number="YQ-N2604-WARN1N", measure="warning", clause="RE-7.4")
TRANSFER = replace(DISMISSAL, number="YQ-N2604-TRANS0", measure="transfer", clause="RE-7.5", offence=2)
PACKAGE = EvidencePackage(
    **_HEAD,  # type: ignore[arg-type]
    **_DUMPED,
    **_MEASURE,
    measure="authorities",
    rule="RE-7.2",
    clause="RE-7.6",
    persons="置业顾问周某",
    summary="把自然到访的客户交给分销商报备，收取好处。",
    grounds="收取财物，金额较大；法务部意见：建议移送。",
    proposer="华敏",
    steps=(
        Step(what="reported", who="", at=at("2026-04-05 10:42:00")),
        Step(what="taken_up", who="华敏", at=at("2026-04-05 12:42:00")),
        Step(what="found", who="华敏", at=at("2026-04-06 09:00:00")),
        Step(what="proposed", who="华敏", at=at("2026-04-06 10:00:00")),
        Step(what="decided", who="梁衡", at=at("2026-04-07 16:20:00")),
    ),
    evidence=(
        Evidence(
            name="现场照片.jpg",
            sha256="9f3c71ae04d288b1c6502e9d47fab0139f3c71ae04d288b1c6502e9d47fab013",
            media_type="image/jpeg",
            size=20_331,
            by_distributor=False,
            kept_at=at("2026-04-05 10:42:00"),
        ),
    ),
)
LONG_PENALTY = replace(
    PENALTY,
    number="YQ-N2604-L0NG00",
    party=LONG_FILING.distributor,
    incident=OUTSIDE,
    rule="RE-5.2",
    amount=999_999_999_999,
    found="照片、录像与客户笔录一致。" * 60,
    reason="按政策处理。" * 60,
)
LONG_PACKAGE = replace(PACKAGE, number="YQ-N2604-L0NG01", evidence=PACKAGE.evidence * 60, grounds="金额较大。" * 120)

ORDINARY = (REQUEST, PENALTY, REFUND, DISMISSAL, WARNING, TRANSFER, PACKAGE)
EXTREME = (LONG_PENALTY, LONG_PACKAGE)
