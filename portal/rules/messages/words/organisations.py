"""How the names of distributors and of buying companies end."""

from __future__ import annotations

from portal.rules.messages.words import listed

CHANNEL_ENDINGS = listed(
    """
    渠道 房产 地产 不动产 房地产 置业 置家 置换 找房 选房 好房 优房 淘房 租房 二手房 优家 安家 安居 宜居 联行 房行
    经纪 中介 房屋 房网 房友 房客 易房 家园 新居 住房 房源 房介 分销 代理 到家 有家 之家 好家 家家 房联 房盟 联盟
    门店 分店 店组 策划 营销 顾问行 行家 找家 看家 居家 房咖 房集 住家 优居 好居 美居 找屋 好屋 优屋 选家 觅家 寻家 觅房 寻房
    淘屋 房探 房掌柜 房博士 旅居 房多多 房帮 房管家
    realty property
    properties agency homes realtors estate
    """
)
CHANNEL_NAMES = listed(
    """
    链家 贝壳 贝壳找房 我爱我家 德佑 中原 中原地产 乐居 安居客 房天下 满堂红 世联行 易居 同策 21世纪 豪世华邦
    """
)
COMPANY_ENDINGS = listed(
    """
    有限公司 有限责任公司 股份公司 公司 集团 股份 物流 科技 贸易 商贸 实业 家居 餐饮 机械 电子 医药 药业 传媒 文化
    建材 服饰 食品 制造 能源 航空 银行 证券 保险 学校 医院 大学 研究院 研究所 事务所 合作社 酒店 农业 化工 汽车
    软件 网络 信息 投资 控股 建设 工程 装饰 设计 教育 生物 材料 电器 服装 纺织 印刷 包装 环保 光电 半导体 智能
    重工 造船 旅行社 旅游 商会 协会 工厂 厂 超市 百货 珠宝 水泥 钢铁 铝业 矿业 茶业 酒业 乳业 渔业 牧业 园林 船舶
    精密 仪器 通信 通讯 影视 动漫 游戏 体育 健康 医疗 器械 美容 供应链 电商 国际 置地 资本 基金 资产 律所 工作室
    幼儿园 中学 小学 局 委员会 inc ltd co group
    """
)
FORMAL_ENDINGS = (
    "有限公司",
    "有限责任公司",
    "股份公司",
    "公司",
    "集团",
    "事务所",
    "合作社",
    "研究院",
    "研究所",
    "ltd",
    "inc",
)
ESTATE_WORDS = ("房产", "地产", "不动产", "置业", "经纪", "中介", "房屋", "渠道", "置家", "找房", "置换", "选房")
# Remarks behind a company's name in brackets that are not part of it.
COMPANY_REMARKS = ("特征", "名称", "全称", "简称", "企业", "公司购", "单位购", "购房", "大宗", "团购", "客户", "字号")
