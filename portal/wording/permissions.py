"""The words of the permissions, in the groups of the permission table."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.access import Permission as P

Group = tuple[LazyString, tuple[tuple[P, LazyString], ...]]

GROUPS: tuple[Group, ...] = (
    (
        _l("每个人"),
        (
            (P.USE_OWN_ACCOUNT, _l("使用自己的账号")),
            (P.SEE_POLICIES, _l("查看报备规则")),
            (P.SEND_TIP, _l("举报违规")),
        ),
    ),
    (
        _l("报备与保护"),
        (
            (P.FILE_CUSTOMER, _l("报备客户")),
            (P.SEE_OWN_REGISTRATIONS, _l("查看自己或本公司的报备")),
            (P.ASK_EXTENSION, _l("申请大宗延期")),
            (P.CLAIM_DEAL, _l("提出撞单申请")),
            (P.SEE_OWN_RULINGS, _l("查看与本公司有关的裁定")),
            (P.KEEP_PARTNER_FILE, _l("查看本公司档案，更新到期证件")),
            (P.MANAGE_BROKERS, _l("管理本公司的经纪人账号")),
            (P.SEE_COMPANY, _l("查看本公司的级别、评审和档案")),
            (P.COMPLAIN, _l("向公司投诉，看答复和评价")),
            (P.ASK_EXIT, _l("申请退出合作，看未尽事项，签结算单")),
            (P.SIGN_OWN_CONTRACT, _l("查看和签署本公司的合同")),
            (P.ANSWER_FINDING, _l("说明、确认收到和申诉本公司的违规认定")),
        ),
    ),
    (
        _l("案场（只在本人所在的项目）"),
        (
            (P.SEE_SITE_BOARD, _l("查看到访看板")),
            (P.REGISTER_ARRIVAL, _l("登记到访、签带客确认单")),
            (P.RECORD_WALK_IN, _l("登记自然到访与公司来源")),
            (P.AUDIT_VISIT, _l("审核到访")),
            (P.SIGN_OFF_VISIT, _l("签批到访（不能签批自己审核的）")),
            (P.ENTER_CUSTOMER, _l("录入客户与渠道来源")),
            (P.CLASSIFY_BULK, _l("认定是否大宗")),
            (P.EXCUSE_LATE_FILING, _l("例外批准过晚的报备")),
            (P.GIVE_OPINION, _l("对延期申请给意见")),
            (P.CORRECT_CUSTOMER, _l("更正客户资料")),
            (P.SEE_SITE_REGISTRATIONS, _l("查看本项目的登记与排名")),
            (P.RECORD_DEAL, _l("登记和导入成交")),
            (P.SEE_SITE_DEALS, _l("查看本项目的成交")),
            (P.RECORD_RELATION, _l("登记和撤回亲属关系")),
            (P.SEE_CASES, _l("查看本项目的撞单与裁定")),
            (P.RULE_DEAL, _l("裁定成交归属")),
            (P.RECORD_COMPLAINT, _l("登记电话、当面、意见箱里的投诉")),
        ),
    ),
    (
        _l("集团"),
        (
            (P.SEE_INBOX, _l("查看等本人办理的事项")),
            (P.DECIDE_EXTENSION, _l("决定大宗延期")),
            (P.SEE_ALL_REGISTRATIONS, _l("查看全部登记")),
            (P.SEE_ALL_DEALS, _l("查看全部成交与裁定")),
            (P.REDETERMINE, _l("报告和查实投诉、恶意抢单，重新确定归属")),
            (P.REPORT_BREACH, _l("报告违规线索")),
            (P.SEE_FINDINGS, _l("查看违规认定")),
            (P.DECIDE_FINDING, _l("要求说明、认定违规、确认处理")),
            (P.DECIDE_APPEAL, _l("决定对处理的申诉（不能是报告、认定或确认的人）")),
            (P.SEE_SPOT_CHECKS, _l("查看抽查和报告")),
            (P.RUN_SPOT_CHECKS, _l("抽查渠道成交，记录客户的回答")),
            (P.HAND_OVER_CASE, _l("提出和决定移送司法机关（不能决定自己提出的）")),
            (P.SEE_ALERTS, _l("查看甩客、藏客预警")),
            (P.SEE_CONTRACTS, _l("查看合同")),
            (P.MANAGE_CONTRACTS, _l("起草、送审和登记合同与模板，决定续签")),
            (P.REVIEW_CONTRACT, _l("审核合同与模板（不能审核自己写过的）")),
            (P.SIGN_CONTRACT, _l("代表公司签署合同")),
            (P.SEE_DISTRIBUTORS, _l("查看分销商")),
            (P.SEE_CARE, _l("查看分销商的级别、联系和评审")),
            (P.KEEP_CARE, _l("定级，指定客户经理，记录联系，半年评审")),
            (P.SEE_COMPLAINTS, _l("查看投诉")),
            (P.HANDLE_COMPLAINT, _l("受理、调查、答复投诉")),
            (P.SEE_APPLICATIONS, _l("查看分销商申请")),
            (P.REVIEW_APPLICATION, _l("邀请、审查、退回申请，核对分销商证件，启用新分销商")),
            (P.SCORE_APPLICATION, _l("作为评审组成员给申请评分")),
            (P.GIVE_DEPARTMENT_OPINION, _l("代表本部门对申请给意见")),
            (P.SIGN_APPLICATION, _l("按岗位或受托签批分销商申请（不能签自己审查的）")),
            (P.SEE_DELEGATIONS, _l("查看与自己有关的签批授权（管理员和审计看全部）")),
            (P.DELEGATE, _l("登记和收回自己的签批授权（管理员可代任何人）")),
            (P.OVERRIDE_BLACKLIST, _l("让与黑名单相符的申请继续")),
            (P.CHANGE_DISTRIBUTOR_STATUS, _l("暂停、终止、恢复合作")),
            (P.SEE_ENFORCEMENTS, _l("查看执行记录")),
            (P.RELEASE_COMMISSION, _l("放行暂缓的佣金")),
            (P.SEE_COMMISSION_DECISIONS, _l("查看佣金决定")),
        ),
    ),
    (
        _l("管理与审计"),
        (
            (P.SEE_MESSAGES, _l("查看和补发待发的消息")),
            (P.MANAGE_USERS, _l("管理账号")),
            (P.MANAGE_DISTRIBUTORS, _l("建立和修改分销商")),
            (P.MANAGE_PROJECTS, _l("管理项目与适用规则")),
            (P.MANAGE_POLICIES, _l("发布报备规则")),
            (P.BACKTEST_POLICY, _l("用过去的登记试算一份规则")),
            (P.SEE_BACKTESTS, _l("查看规则试算的结果")),
            (P.SEE_JOBS, _l("查看后台任务")),
            (P.SEE_HISTORY, _l("查看历史与校验")),
            (P.SEE_PERMISSION_TABLE, _l("查看权限表")),
            (P.SEE_DISCLOSURE_TABLE, _l("查看披露表")),
            (P.SEE_EVIDENCE, _l("下载证据文件（本人的，或所在项目的）")),
            (P.REVEAL_PERSONAL_DATA, _l("填写理由后查看完整号码（留痕）")),
        ),
    ),
)
