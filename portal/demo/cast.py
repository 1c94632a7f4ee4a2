"""Who and what the demo is about: invented projects, companies and people."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "Jieding-2026-demo"


@dataclass(frozen=True, slots=True)
class Site:
    """A project and the coordinates (WGS 84) of its sales office."""

    code: str
    name: str
    city_code: str
    city_name: str
    address: str
    latitude: str
    longitude: str
    bulk_criterion: str


@dataclass(frozen=True, slots=True)
class Person:
    """An account of the demo. Site people name their projects by code, partners their company."""

    login: str
    name: str
    roles: tuple[str, ...]
    company: str | None = None
    sites: tuple[str, ...] = ()


GROUP = "云栖置地集团"
SITES = (
    Site("YQ", "云栖府", "330100", "杭州", "云栖路 18 号", "30.274100", "120.155100", "同一买方三套及以上，或整层购买"),
    Site("JP", "江畔里", "330100", "杭州", "江畔路 6 号", "30.205400", "120.211700", "同一买方两套及以上商铺"),
    Site("QF", "青枫园", "330200", "宁波", "青枫街 2 号", "29.868300", "121.544000", "企业购房，或同一买方三套及以上"),
)

#: Company, its place in the register of the province, its status at the end of the story.
COMPANIES = (
    ("橘灯房产", "active"),
    ("星梯找房", "active"),
    ("鹿角置家", "active"),
    ("甲渠道", "active"),
    ("乙渠道", "active"),
    ("丙渠道", "active"),
    ("丁渠道", "active"),
    ("之江营销", "active"),
    ("湖滨经纪", "active"),
    ("钱江渠道", "active"),
    ("吴山联行", "suspended"),
    ("西溪分销", "blacklisted"),
    ("湘湖房产", "exit_requested"),
    ("富春置业", "exited"),
    ("玉泉地产", "terminated"),
    ("天目置业", "closed"),
)

PEOPLE = (
    Person("chenli", "陈立", ("broker",), "橘灯房产"),
    Person("judeng", "唐敏", ("owner",), "橘灯房产"),
    Person("gaoming", "高明", ("broker",), "星梯找房"),
    Person("xingti", "罗婷", ("owner",), "星梯找房"),
    Person("wuminyi", "吴敏怡", ("broker",), "鹿角置家"),
    Person("luogang", "罗刚", ("broker",), "甲渠道"),
    Person("sunyuehua", "孙月华", ("broker",), "乙渠道"),
    Person("fanchen", "范晨", ("broker",), "丙渠道"),
    Person("zhoukai", "周凯", ("broker",), "丁渠道"),
    Person("jiangwen", "江雯", ("broker",), "之江营销"),
    Person("hubin", "胡滨", ("broker",), "湖滨经纪"),
    Person("qianyi", "钱一", ("broker",), "钱江渠道"),
    Person("wushan", "吴珊", ("broker",), "吴山联行"),
    Person("xixi", "席溪", ("broker",), "西溪分销"),
    Person("xianghu", "项虎", ("broker",), "湘湖房产"),
    Person("xianghuo", "夏欧", ("owner",), "湘湖房产"),
    Person("fuchun", "傅春", ("broker",), "富春置业"),
    Person("fuchuno", "方淑", ("owner",), "富春置业"),
    Person("yuquan", "余泉", ("broker",), "玉泉地产"),
    Person("yuquano", "喻琴", ("owner",), "玉泉地产"),
    Person("tianmu", "田穆", ("broker",), "天目置业"),
    Person("tianmuo", "田漪", ("owner",), "天目置业"),
    Person("qiantai", "王若楠", ("reception",), sites=("YQ", "JP")),
    Person("houtai", "何佳", ("back_office",), sites=("YQ", "JP", "QF")),
    Person("guwen", "郭旭", ("consultant",), sites=("YQ", "JP", "QF")),
    Person("fuze", "林建国", ("site_leader",), sites=("YQ", "JP", "QF")),
    Person("qudao", "华敏", ("hq_channel",)),
    Person("qudao2", "程远", ("hq_channel",)),
    Person("fawu", "沈宁", ("legal",)),
    Person("zongjing", "葛青", ("general_manager",)),
    Person("kefu", "康洁", ("customer_service",)),
    Person("caiwu", "方宁", ("finance",)),
    Person("guanli", "宋航", ("administrator",)),
    Person("shenji", "欧阳迪", ("auditor",)),
    Person("qiantai2", "许静", ("reception",), sites=("QF",)),
    Person("bumen", "顾岩", ("department_manager",)),
)

#: What the start of ./run prints: who to be, and what there is to see.
TOUR = (
    ("chenli", "经纪人 · 橘灯房产", "broker: file by hand or by paste, see what ends soon"),
    ("judeng", "渠道负责人 · 橘灯房产", "owner: all of the company, brokers' accounts"),
    ("xianghuo", "渠道负责人 · 湘湖房产", "owner: has asked to leave, can still take it back"),
    ("fuchuno", "渠道负责人 · 富春置业", "owner: the cooperation has ended, duties are left"),
    ("yuquano", "渠道负责人 · 玉泉地产", "owner: the company terminated the cooperation"),
    ("qiantai", "前台 · 云栖府、江畔里", "reception: arrivals, slips, walk-ins (1024 px)"),
    ("houtai", "案场后台", "back office: audits, bulk, corrections"),
    ("guwen", "置业顾问", "consultant: entries"),
    ("fuze", "案场负责人", "site leader: sign-offs, excuses, opinions"),
    ("qudao", "集团渠道部", "HQ channel department: extensions, partners, cases"),
    ("qudao2", "集团渠道部，第二人", "HQ channel department, the second person: confirms what the first proposed"),
    ("kefu", "集团客服部", "customer service: complaints, reports, opinions about applicants"),
    ("caiwu", "财务部", "finance: opinions about applicants, scores"),
    ("fawu", "法务", "legal: reviews contracts and templates, written by others"),
    ("bumen", "部门经理", "department manager: signs applications first"),
    ("zongjing", "总经理", "general manager: signs applications second, overrides the blacklist"),
    ("guanli", "系统管理员", "administrator: accounts, projects, policies, jobs"),
    ("shenji", "审计", "auditor: history, read-only"),
)

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
GIVEN = (
    *("雨桐", "思远", "建国", "文博", "佳宁", "晓岚", "若兰", "志强", "丽娟", "浩然", "子涵", "一鸣", "梦洁", "俊杰"),
    *("静怡", "国强", "桂芳", "璟雯", "立新", "佩瑶", "明轩", "诗涵", "海波", "雪莹", "安宁", "向阳", "秀英", "立群"),
    *("小洁", "东升", "婷婷", "凯文", "颖慧", "文静", "晓栋", "潮生", "庆云", "素芬", "鹏飞", "欣怡"),
)
BUYERS = ("浙江青禾实业有限公司", "杭州砚台石精密机械有限公司", "上海远帆贸易有限公司", "宁波铜铃物流有限公司")
PLACES = (("本地", True), ("本地", True), ("本地", True), ("上海", False), ("苏州", False), ("绍兴", False))
BULK_REASONS = ("同一买方三套，已看过样板间", "企业为员工购房，五套起", "整层购买，正在走内部审批")
EXTENSION_REASONS = (
    "客户董事会下月中旬开会定案，已提供会议通知",
    "三套同时办理贷款预审，银行答复需要三周",
    "企业资金月底到位，客户书面确认继续购买",
)
