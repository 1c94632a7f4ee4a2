"""Values of documents as the services would make them, ordinary and extreme. Times in Shanghai."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.documents.extension_approvals import ExtensionApproval, Opinion
from portal.documents.filing_slips import FilingClauses, FilingSlip
from portal.documents.rulings import Buyer, ClaimLine, Entry, ExtractStep, RulingExtract, RulingPaper
from portal.documents.signatures import Point, Signature
from portal.documents.visit_slips import VisitSlip

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """2026-04-07 10:05:22 as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


FILING = FilingSlip(
    number="YQ-2604-00417",
    group="青岚置业集团",
    project="云栖府项目",
    issued_at=at("2026-04-07 10:05:22"),
    rules_version="RE-2026-01",
    policy_version="云栖府 3",
    verification_url="https://jieding.example/verify/K7QF-2M9X-WT4C",
    customer="黄维",
    phone="139****7716",
    city="杭州",
    distributor="橘灯房产",
    broker="陈立",
    broker_phone="183****1122",
    planned_arrival=at("2026-04-07 16:00:00"),
    filed_at=at("2026-04-07 10:05:22"),
    earliest_arrival=at("2026-04-07 11:05:22"),
    held_until=at("2026-04-15 00:00:00"),
    declaration="以自有资源开发此客户，所填属实，并已征得客户同意。",
    declaration_version="3",
)

WAVES = (
    (Point(20, 70), Point(34, 44), Point(48, 24), Point(60, 30), Point(62, 52), Point(50, 80), Point(38, 86)),
    (Point(70, 50), Point(84, 38), Point(100, 34), Point(118, 36), Point(104, 60), Point(92, 88), Point(110, 74)),
    (Point(150, 30), Point(156, 56), Point(152, 84), Point(140, 104)),
    (Point(176, 40), Point(176, 40.5)),
    (Point(200, 66),),
)


def signed(role: str, name: str, when: str) -> Signature:
    """A signature on glass."""
    return Signature(role=role, name=name, state="drawn", at=at(when), strokes=WAVES, width=290, height=120)  # type: ignore[arg-type]


VISIT = VisitSlip(
    number="DK-260407-019",
    group="青岚置业集团",
    project="云栖府项目",
    issued_at=at("2026-04-07 14:33:02"),
    rules_version="RE-2026-01",
    policy_version="云栖府 3",
    verification_url="https://jieding.example/verify/9TRA-55PD-0H3N",
    customer="田静",
    phone="150****6643",
    party_size=2,
    place="云栖府售楼处",
    distributor="星梯找房",
    broker="高明",
    broker_phone="173****0226",
    filing_number="YQ-2604-00421",
    filed_at=at("2026-04-07 11:11:02"),
    arrived_at=at("2026-04-07 14:21:08"),
    receptionist="王若楠",
    protected_until=at("2026-05-23 00:00:00"),
    signatures=(
        signed("customer", "田静", "2026-04-07 14:26:40"),
        signed("broker", "高明", "2026-04-07 14:27:15"),
        signed("reception", "王若楠", "2026-04-07 14:33:02"),
    ),
)

SUPPORT = Opinion(supports=True, text="客户两次到访，正在谈价格。", author="林建国", given_at=at("2026-04-06 09:31:00"))

GRANTED = ExtensionApproval(
    number="YQPF-2604-002",
    group="青岚置业集团",
    project="江畔里项目",
    issued_at=at("2026-04-07 14:40:11"),
    rules_version="RE-2026-01",
    policy_version="江畔里 2",
    verification_url="https://jieding.example/verify/3NVX-81KA-QQ7Z",
    customer="段磊",
    phone="181****7402",
    company_name="北辰物流有限公司",
    registration_number="JP-2602-00188",
    distributor="星梯找房",
    applicant="高明",
    applied_at=at("2026-04-05 16:20:09"),
    application_reason="拟购 6 套作员工宿舍，集团采购委员会 4 月 20 日开会。附意向函 1 份。",
    first_visit_at=at("2026-02-23 14:10:30"),
    classified_at=at("2026-02-27 10:02:00"),
    classified_by="何佳",
    opinion=SUPPORT,
    original_end=at("2026-04-10 00:00:00"),
    new_end=at("2026-05-25 00:00:00"),
    reason="采购计划明确，意向函已核。",
    decider="华静",
    decider_unit="渠道部",
    decided_at=at("2026-04-07 14:40:11"),
)

REFUSED = replace(
    GRANTED, number="YQPF-2604-003", new_end=None, reason="意向函没有公章，采购时间不能确认。", opinion=None
)

LONG_COMPANY = "新疆维吾尔自治区生产建设兵团第十二师五一农场九如恒泰现代农业综合开发集团股份有限公司乌鲁木齐分公司"
LONG_NAME = "阿卜杜热合曼·买买提吐尔逊·伊斯坎达尔·阿不力克木"
SIXTY = (
    "客户与配偶同来，需要母婴室；只看 140 平方米以上、南北通透、带两个车位的楼王；"
    "请安排会讲维吾尔语的置业顾问，谢谢。打 13912345678 联系。"
)

LONG_FILING = replace(
    FILING,
    customer=LONG_NAME,
    company_name=LONG_COMPANY,
    company_name_whole=False,
    residence="elsewhere",
    city="巴音郭楞蒙古自治州和静县",
    id_number="650102********1234",
    distributor="甲乙丙丁房地产经纪代理（上海自由贸易试验区临港新片区）有限公司",
    broker="Maximilian-Alexander von Hohenzollern-Sigmaringen",
    broker_phone="+49 ****5678",
    note=SIXTY,
    bulk_expected=True,
    declaration=FILING.declaration * 6,
    clauses=FilingClauses(lead="RE-2.3"),
)

LONG_VISIT = replace(
    VISIT,
    customer=LONG_NAME,
    company_name=LONG_COMPANY,
    distributor=LONG_FILING.distributor,
    broker=LONG_FILING.broker,
    broker_phone="+49 ****5678",
    lead="excused",
    filed_at=at("2026-04-07 13:40:00"),
    excuse="客户从外地提前一班车到达，前台与案场负责人电话确认，情况属实。" * 3,
    signatures=(
        Signature(
            role="customer",
            name=LONG_NAME,
            state="refused",
            at=at("2026-04-07 14:26:40"),
            reason="客户不愿在平板上签字，也不愿在纸上签字。" * 2,
        ),
        Signature(role="broker", name=LONG_FILING.broker, state="paper", at=at("2026-04-07 14:27:15")),
        Signature(role="reception", name="王若楠", state="pending"),
    ),
)

LONG_GRANTED = replace(
    GRANTED,
    customer=LONG_NAME,
    company_name=LONG_COMPANY,
    distributor=LONG_FILING.distributor,
    application_reason="\n".join(f"{number}. {GRANTED.application_reason}" for number in range(1, 16)),
    opinion=replace(SUPPORT, text=SUPPORT.text * 12),
    reason="采购计划明确，意向函已核，付款能力经财务部核实。" * 12,
)


def considered(
    mark: str, distributor: str, filed: str, visited: str, until: str, step: int, clause: str, said: str
) -> Entry:
    """A registration of the ruling; ``visited`` empty: nobody came."""
    return Entry(
        mark=mark,
        distributor=distributor,
        number=f"YQ-2603-{mark}",
        locked_at=at(filed),
        visited_at=at(visited) if visited else None,
        until=at(until),
        phone="166****3397" if mark == "乙" else "166****3391",
        step=step,
        clause=clause,
        words=said,
    )


STEPS = ((1, "RE-8.3"), (2, "RE-8.4"), (3, "RE-8.7"), (4, "RE-8.6"))
RULING = RulingPaper(
    number="YQ-R2604-4F7K2M",
    group="青岚置业集团",
    project="云栖府项目",
    issued_at=at("2026-04-07 14:40:11"),
    rules_version="RE-2026-01",
    policy_version="云栖府 3",
    verification_url="https://jieding.example/verify/8WQD-20XK-77AB",
    owner="橘灯房产",
    clause="RE-8.7",
    explanation="甲成交时没有有效的签单或保护。乙资料与购房人不符。丙、丁资料正确，丙锁定在先。",
    unit="3 幢 1702",
    event="subscription",
    event_at=at("2026-04-02 15:20:00"),
    buyers=(Buyer(name="林书航", phone="166****3391", id_number="990101********7758"),),
    claims=(ClaimLine(number="YQ-C2604-8Z", distributor="星梯找房", claimed_at=at("2026-04-04 10:12:00"), late=False),),
    entries=(
        considered(
            "甲", "南桥置业", "2026-03-01 16:44:02", "", "2026-03-09 00:00:00", 1, "RE-2.9", "未到访，已过期 03-08"
        ),
        considered(
            "乙",
            "星梯找房",
            "2026-03-05 14:02:11",
            "2026-03-08 10:00:00",
            "2026-04-23 00:00:00",
            3,
            "RE-8.7",
            "资料与购房人不符",
        ),
        considered("丙", "橘灯房产", "2026-03-06 15:10:40", "2026-03-07 10:00:00", "2026-04-22 00:00:00", 5, "", ""),
        considered(
            "丁",
            "甲渠道",
            "2026-03-09 09:30:05",
            "2026-03-12 10:00:00",
            "2026-04-27 00:00:00",
            4,
            "RE-8.6",
            "晚 2 天 18 小时",
        ),
    ),
    steps=STEPS,
    reason="三类记录一致。",
    decider="何佳",
    decided_at=at("2026-04-07 14:40:11"),
    record_digest="9f3c71ae04d288b1c6502e9d47fab0139f3c71ae04d288b1c6502e9d47fab013",
)
EXTRACT = RulingExtract(
    number="YQ-P2604-7H2K9A",
    group="青岚置业集团",
    project="云栖府项目",
    issued_at=at("2026-04-07 14:40:11"),
    rules_version="RE-2026-01",
    policy_version="云栖府 3",
    verification_url="https://jieding.example/verify/1CVB-66QW-90PL",
    ruling=RULING.number,
    distributor="星梯找房",
    wins=False,
    clause="RE-8.7",
    explanation="贵司登记的资料与购房人核对不符，不能据以确定归属。",
    event="subscription",
    event_at=RULING.event_at,
    customer="林书航",
    phone="166****3397",
    registration_number="YQ-2603-00417",
    filed_at=at("2026-03-05 14:02:11"),
    visited_at=at("2026-03-08 10:00:00"),
    until=at("2026-04-23 00:00:00"),
    claim_number="YQ-C2604-8Z",
    claimed_at=at("2026-04-04 10:12:00"),
    steps=(
        ExtractStep(step=1, clause="RE-8.3", passed=True),
        ExtractStep(step=2, clause="RE-8.4", passed=True),
        ExtractStep(step=3, clause="RE-8.7", passed=False),
        ExtractStep(step=4, clause="RE-8.6", passed=None),
    ),
    decided_at=RULING.decided_at,
)
WON = replace(
    EXTRACT,
    number="YQ-P2604-7H2K9B",
    distributor="橘灯房产",
    wins=True,
    unit="3 幢 1702",
    explanation="贵司的登记资料正确；资料正确的优先，其中贵司锁定在先，成交归属贵司。",
    claim_number="",
    claimed_at=None,
    steps=tuple(replace(step, passed=True) for step in EXTRACT.steps),
)
LONG_RULING = replace(
    RULING,
    number="YQ-R2604-4F7K2L",
    owner=LONG_FILING.distributor,
    buyers=(
        Buyer(name=LONG_NAME, phone="+49 ****5678", id_number="650102********1234", company=LONG_COMPANY),
        *RULING.buyers * 3,
    ),
    claims=RULING.claims * 6,
    entries=tuple(replace(entry, distributor=LONG_FILING.distributor) for entry in RULING.entries * 5),
    reason="乙的号码末位与购房人证件登记不一致，经前台签单核对。" * 12,
    supersedes="YQ-R2604-000000",
    finding="YQ-F2604-000000",
)
