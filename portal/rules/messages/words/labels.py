"""The labels that brokers put before a value, by what they announce. To teach a new label, add its words here."""

from __future__ import annotations

from enum import StrEnum
from itertools import product

from portal.rules.messages.words import listed


class Label(StrEnum):
    """What a label announces."""

    PROJECT = "project"
    CUSTOMER = "customer"
    CUSTOMER_PHONE = "customer_phone"
    NAME = "name"  # whose, the neighbourhood tells
    PHONE = "phone"  # whose, the neighbourhood tells
    CONTACT = "contact"  # the buyer's person, or the distributor's
    BROKER = "broker"
    BROKER_PHONE = "broker_phone"
    CHANNEL = "channel"
    ORGANISATION = "organisation"  # the buyer, or the distributor
    COMPANY = "company"
    VISIT = "visit"
    SUBMITTED = "submitted"
    PARTY = "party"
    RESIDENCE = "residence"
    ORIGIN = "origin"  # a place, or how the customer was won
    ID = "id"
    REMARK = "remark"
    ADVISER = "adviser"  # of the site, but the broker's title where a number follows and nobody else is the broker
    NOISE = "noise"
    FILING = "filing"  # a heading; what follows is free text


_CUSTOMER = listed(
    """
    客户 客人 访客 顾客 购房人 购房者 购房客户 买方 买家 意向客户 来访客户 到访客户 看房客户 看房人 贵宾 报备客户
    推荐客户 新客户 到访人 来访人 客 被推荐人 来客 准客户 预约客户
    """
)
_BROKER = listed(
    """
    经纪人 经纪 中介 中介人员 带看人 带客人 带访人 带看员 带看经纪人 带看人员 报备人 报备人员 报备经纪人 业务员
    业务人员 渠道经纪人 渠道人员 渠道专员 渠道联系人 渠道经理 渠道顾问 渠道对接人 门店经纪人 分销经纪人 分销员
    推荐人 置业经纪 经纪人员 经纪顾问 经纪方 房产经纪人 跟进人 跟客人 所属经纪人 责任经纪人 陪同经纪人 渠道业务员
    公司联系人员 对接经纪 对接经纪人 对接业务员 店员 行家 报单人 申报人 填报人 提报人
    """
)
_NAME = listed("姓名 名 名字 名称 称呼 全名 姓氏 大名")
_PHONE = listed(
    """
    电话 手机 手机号 手机号码 电话号码 号码 联系电话 联系方式 联系号码 联络电话 联络方式 联系手机 移动电话
    手机电话 报备电话 报备手机 报备号码 报备手机号 联系 tel phone mobile cell
    """
)
_OTHER_PHONE = listed("备用电话 其他电话 第二电话 备用手机 备用号码 另一电话")
_INFO = listed("信息 资料 情况 详情")
_TIME = listed("时间 日期 时段 时刻")
_VISIT_PLAN = listed("预计 预约 计划 约定 拟 拟定 约 客户 客户预计 预计客户 意向 最近 首次 本次 具体 大概")
_VISIT_VERB = listed(
    """
    到访 来访 带看 看房 到场 到达 睇楼 参观 访问 拜访 上门 到店 抵达 到案场 来场 到 看盘 来电到访 带访 带客 进场 踩盘
    """
)
_PROJECT_HEAD = listed(
    """
    报备 意向 带看 看房 到访 来访 推荐 预约 咨询 目标 客户意向 认购 参观 所看 购房 购买 关注 拟购 想看 看盘 意愿
    备案
    """
)


def _joined(*parts: list[str]) -> list[str]:
    return ["".join(words) for words in product(*parts)]


LABELS: dict[Label, list[str]] = {
    Label.PROJECT: [
        *_joined(["", *_PROJECT_HEAD], ["项目", "楼盘"], ["", "名称", "名"]),
        *_joined(_PROJECT_HEAD, ["案场"], ["", "名称"]),
        *listed("盘 意向盘 所报项目 报备盘 project project_name property development estate"),
    ],
    Label.CUSTOMER: [
        *_joined(_CUSTOMER, ["", *_NAME, *_INFO]),
        *_joined(_CUSTOMER, _NAME, ["及", "和", "与", ""], ["电话", "联系方式", "手机", "手机号"]),
        *_joined(_CUSTOMER, ["及", "和"], ["电话", "联系方式", "手机"]),
        *_joined(["单位", "企业", "客户", "购房", "公司客户"], ["联系人", "联系人姓名", "对接人", "经办人", "负责人"]),
        *listed("client customer guest buyer visitor client_name customer_name guest_name buyer_name"),
        *listed("客户姓 名叫 客户大名 报备姓名 报备客户名 客户简称"),
    ],
    Label.CUSTOMER_PHONE: [
        *_joined(_CUSTOMER, [*_PHONE, *_OTHER_PHONE]),
        *listed("来电号码"),
        "client phone",
        "client tel",
        "client mobile",
        "customer phone",
        "customer mobile",
        "customer tel",
    ],
    Label.NAME: [*_NAME, "name", "full name", "姓名电话", "姓名及电话", "姓名和电话", "姓名与电话"],
    Label.PHONE: [
        *_PHONE,
        "phone number",
        "mobile number",
        "contact number",
        "phone no",
        "tel no",
        "call",
    ],
    Label.CONTACT: [
        *listed(
            """
            联系人 联系人姓名 联络人 对接人 经办人 负责人 联系人及电话 联系人电话 联系人手机 联系人及联系方式
            联系人联系方式 接洽人 contact
            """
        ),
        "contact person",
        "contact name",
    ],
    Label.BROKER: [
        *_joined(_BROKER, ["", *_NAME, *_INFO]),
        *_joined(_BROKER, ["", *_NAME], ["及", "和", "与", ""], ["电话", "联系方式", "手机", "手机号"]),
        *_joined(["带看", "带客", "带访", "带看方", "带客方", "我方", "渠道方"], [""]),
        *listed("agent broker salesman reporter realtor"),
        "agent name",
        "broker name",
        "filed by",
        "reported by",
    ],
    Label.BROKER_PHONE: [
        *_joined([*_BROKER, "渠道", "门店", "公司", "带看", "渠道公司"], [*_PHONE, *_OTHER_PHONE]),
        "agent phone",
        "agent tel",
        "agent mobile",
        "broker phone",
        "broker tel",
        "broker mobile",
    ],
    Label.CHANNEL: [
        *_joined(
            listed(
                """
                渠道 分销 中介 经纪 经纪人 报备 带看 带客 代理 所属 所在 推荐 合作 来访 到访 归属 提报 申报 渠道分销
                """
            ),
            listed(
                """
                公司 渠道 单位 机构 门店 平台 商 公司名称 渠道名称 门店名称 公司名 方公司 公司门店 店
                """
            ),
        ),
        *listed(
            """
            渠道 渠道名称 渠道名 渠道方 渠道商 分销 分销商 代理 代理方 门店 门店名称 店名 店铺 机构 平台 公司门店
            公司及门店 渠道信息 所属店 经纪品牌 品牌 agency realty channel
            """
        ),
        "agency name",
        "channel company",
        "broker company",
        "agent company",
    ],
    Label.ORGANISATION: [*listed("公司 公司名称 公司名 公司全称 company firm"), "company name"],
    Label.COMPANY: [
        *_joined(
            listed(
                """
                购房单位 购房公司 购房企业 公司客户 企业客户 大宗客户 单位客户 团购客户 团购单位 客户单位 客户公司 购买单位
                购买公司 企业 单位 买方公司 购房主体 采购单位 客户企业 购房方 大宗 大宗公司 大宗企业 团购 机构客户 集团客户
                法人客户 单位购房 公司购房 企业购房 大宗购房 意向单位 意向企业 意向公司 公司买家 企业买家
                """
            ),
            ["", "名称", "报备", "全称"],
        ),
        *_joined(listed("企业 公司 单位 大宗 机构"), listed("团购 采购 购买 认购 买家 买 买房 购 客户报备")),
        "buyer company",
        "corporate client",
        "corporate buyer",
        "company buyer",
    ],
    Label.VISIT: [
        *_joined(["", *_VISIT_PLAN], _VISIT_VERB, ["", *_TIME]),
        *_joined(["", *_VISIT_PLAN], _TIME),
        *listed(
            """
            预约 约看 约访 约看时间 约访时间 约见时间 时间段 几时到 visit viewing showing date time when eta arrival
            appointment
            """
        ),
        *[
            "visit time",
            "visit date",
            "viewing time",
            "viewing date",
            "date and time",
            "arrival time",
            "appointment time",
        ],
    ],
    Label.SUBMITTED: [
        *_joined(
            listed(
                """
            报备 报备提交 提交 填报 填写 登记 发送 上报 申请 录入 制表 推荐 填表 报送 提报 申报 备案
            """
            ),
            ["时间", "日期"],
        ),
        *["submitted", "submitted at", "submit time", "filed at", "report time", "filing time"],
    ],
    Label.PARTY: [
        *_joined(
            listed(
                """
            到访 来访 带看 看房 随行 同行 陪同 总 客户 看盘 到场 参观 预约 约访 预计 预计到访 预计来访 一行 访客
            """
            ),
            ["人数", "总人数"],
        ),
        *listed(
            """
            人数 几人 几位 到访几人 几人到访 几人看房 几位看房 几位到访 看房几人 来访几位 来人 总人数
            人员数量 来访人员数 到访人员 来访人员 到访人次 pax guests people
            persons party visitors headcount
            """
        ),
        *[
            "party size",
            "group size",
            "number of guests",
            "no of people",
            "number of people",
            "no. of people",
            "no of visitors",
        ],
    ],
    Label.RESIDENCE: [
        *_joined(
            ["", "客户"],
            listed(
                """
            区域 居住地 居住区域 居住地址 现居地 现居住地 现居 常住地 常居地 所在地 所在城市 所在区域 来源地 地区 属地
            城市 籍贯 户籍 户籍地 住址 来源区域 来源城市 居住城市 居住
            """
            ),
        ),
        *listed(
            """
            来自 客源地 客源 家庭住址 家庭地址 住 住在 何处来 来自哪里 本地外地 本地/外地 residence city from location
            hometown
            """
        ),
    ],
    Label.ORIGIN: listed("客户来源 来源 客户类型 客户属性 客户类别 客户性质 类型 客源类型 客户分类 类别 origin"),
    Label.ID: [
        *_joined(
            ["", "客户", "购房人"], listed("身份证 身份证号 身份证号码 证件号 证件号码 证件 证号 身份证件 身份证明")
        ),
        *["id", "id number", "id no", "id card"],
    ],
    Label.REMARK: [
        *listed(
            """
            备注 备注信息 说明 其他 其它 补充说明 客户需求 需求 购房需求 特殊说明 客户描述 客户情况说明
            客户简介 其他需求 附言 注 ps remark remarks note notes memo
            """
        ),
        *listed(
            """
            其他说明 其他备注 客户备注 特别说明 关注点 客户关注 跟进情况 沟通情况 温馨提示 提示 注意
            特殊需求
            """
        ),
    ],
    Label.ADVISER: listed("置业顾问 销售顾问 房产顾问 购房顾问 资深顾问 金牌顾问 客户经理 销售经理"),
    Label.NOISE: [
        *_OTHER_PHONE,
        *listed(
            """
            性别 客户性别 物业类型 物业 意向物业 意向户型 户型 户型需求 面积 意向面积 需求面积 预算 客户预算 购房预算 总价
            意向总价 业态 意向业态 产品 产品类型 意向产品
            """
        ),
        *listed(
            """
            报备编号 编号 单号 报备单号 报备号 车牌 车牌号 车牌号码 车号 年龄 客户年龄 职业 客户职业 工作单位 工作地 微信
            微信号 邮箱 案场顾问 接待顾问 指定顾问 指定置业顾问 接待 接待人 驻场 备用联系人 紧急联系人 第二联系人
            其他联系人 同事
            """
        ),
        *listed(
            """
            驻场人员 案场对接 案场对接人 案场联系人 案场接待 案场人员 佣金 交通方式 到访方式 来访方式 出行方式 交通
            客户等级 意向等级 意向度 级别 购房目的 置业目的 用途 付款方式 家庭结构 认知途径
            """
        ),
        *listed(
            """
            获知途径 审核人 审核 报备有效期 有效期 保护期 报备状态 状态 项目地址 地址 楼层 楼栋 房号 居室 朝向 装修 序号
            报备类型 报备方式 到访次数 来访次数 看房次数 是否首访 是否首次到访
            """
        ),
        *listed(
            """
            首访复访 是否贷款 是否成交 学历 婚姻 婚姻状况 预算区间 付款 贷款 生日 出生日期 出生年月 门店编号 门店编码
            渠道编号 经纪人工号 工号 项目地点 客户编号 no sex gender budget age wechat type status unit
            """
        ),
        *listed(
            """
            客户微信 购房资格 资质 客户画像 意向楼层 意向房号 意向楼栋 客户年龄段 年龄段 客户性别年龄 报备规则 报备流程
            报备要求 提前时间 温馨提醒 案场电话 案场地址 项目电话 接待时间 营业时间
            """
        ),
    ],
    Label.FILING: listed(
        """
        报备 新报备 客户报备 补报 今日报备 报备信息 报备内容 报备如下 今天报备 到访报备 渠道报备
        中介报备 分销报备 带看报备 帮报备 请报备 看房报备 项目报备 报备登记 报备单 新客报备 新客户报备 来访报备
        今日到访 今日来访 报备表 客户报备单 报备模版 报备申请 补充 意向 客户意向 意向需求 购房意向 filing registration
        """
    ),
}

# Pictures that stand for a label at the head of a line.
_PICTURES = {
    Label.CUSTOMER: "👤👨👩🧑🙎🙍👦👧👱🤵",
    Label.PHONE: "📱📞☎📲",
    Label.PROJECT: "🏠🏡🏘🏗🏙🌇",
    Label.VISIT: "⏰🕐🕑🕒🕓🕔🕕🕖🕗🕘🕙🕚🕛🗓📅📆⌚⏱🕰⏳",
    Label.PARTY: "👥👪👫👭👬",
    Label.CHANNEL: "🏢🏬🏪🏦🏛",
    Label.BROKER: "🙋💼👔🤝",
    Label.RESIDENCE: "📍🌍🌏🗺🧭",
    Label.ID: "🆔🪪",
    Label.REMARK: "📝🗒💬",
}
PICTURES = {picture: label for label, pictures in _PICTURES.items() for picture in pictures}
