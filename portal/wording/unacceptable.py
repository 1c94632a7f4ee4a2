"""The words for values that a command could not take (portal/services/unacceptable.py)."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.services.unacceptable import Unacceptable
from portal.wording.imports import column_word

WORDS: dict[str, LazyString] = {
    "too_short": _l("密码至少 10 个字符。"),
    "too_long": _l("密码最多 128 个字符。"),
    "is_the_login": _l("密码不能是登录名，也不能只比登录名多几个字符。"),
    "too_common": _l("这个密码太常见，别人容易猜到。几个不相干的词连起来就好。"),
    "same_as_before": _l("新密码和现在的一样，请换一个。"),
    "wrong_password": _l("现在的密码不正确。"),
    # accounts
    "login_taken": _l("这个登录名已有人使用。如果刚才按了两次，账号已经建好，在列表里重置密码即可。"),
    "login_spelling": _l("登录名为 2 到 50 个字符：小写字母、数字、点、横线、下划线或 @，以字母或数字开头。"),
    "phone_masked": _l("手机号有被遮住的数字，请填完整的号码。"),
    "phone_length": _l("内地手机号是 11 位，请核对。"),
    "phone_unknown": _l("这不是电话号码。港澳台和国外的号码要带国家或地区代码，如 +852。"),
    "contact_unknown": _l("这不是邮箱地址，也不是手机号。港澳台和国外的号码要带国家或地区代码，如 +852。"),
    "contact_landline": _l("座机收不到短信，请填手机号或电子邮箱。"),
    "no_role": _l("至少选一个岗位。"),
    "distributor_and_company": _l("分销商的岗位和公司的岗位不能由同一人担任。"),
    "distributor_missing": _l("经纪人和渠道负责人须选所属分销商。"),
    "administrator_and_auditor": _l("管理员和审计不能由同一人担任。"),
    "last_administrator": _l("这是最后一位可用的管理员，岗位不能取消。先给另一个人管理员岗位。"),
    "too_many_files": _l("一份申请最多 %(most)s 个文件，请只交最要紧的。"),
    "code_wrong": _l("验证码不对，或者已经过期、用过。请核对，或重新获取。"),
    "email_wrong": _l("邮箱地址不对，请核对。"),
    "resident_id_wrong": _l("身份证号有误：18 位，最后一位是校验码，请对照证件。"),
    "bank_account_wrong": _l("账号有误：8 到 30 位数字；个人银行卡号请对照卡面。"),
    "tax_number_wrong": _l("纳税人识别号有误，请对照营业执照或税务登记。"),
    "too_many_papers": _l("其他材料最多 %(most)s 份。"),
    "department_has_spoken": _l("本部门已经给过意见。"),
    "deputy_taken": _l("这几天里已经授权了代理人；要换人的，先收回那一份。"),
    "delegation_starts_past": _l("授权不能从过去开始。"),
    "delegation_ends_before": _l("最后一天不能早于第一天。"),
    # distributors
    "distributor_name_taken": _l("已有同名的分销商。如果刚才按了两次，它已经建好。"),
    "distributor_code_taken": _l("这个统一社会信用代码已属于另一家分销商，包括已终止合作的。"),
    "company_code_wrong": _l("统一社会信用代码有误：18 位，最后一位是校验码，请对照营业执照。"),
    # projects
    "project_code_taken": _l("这个项目代码已有。如果刚才按了两次，项目已经建好。"),
    "project_name_taken": _l("已有同名的项目。"),
    "city_unknown": _l("请选项目所在的城市。"),
    "closes_before_it_opens": _l("关门时间须晚于开门时间。"),
    "policy_unknown": _l("请选一个已发布的规则版本。"),
    "policy_start_past": _l("生效时间已经过去，请选以后的时间；已有的报备不受影响。"),
    "policy_value": _l("这个值和别的参数合不上，请核对；连同延期最长的天数须多于保护期的天数。"),
    "policy_start_taken": _l("这个时间已安排了另一个版本，请换一个时间。"),
    # back-tests
    "project_unknown": _l("请选一个项目。"),
    "policy_document": _l("这份规则有参数缺失或不对，请核对。"),
    "days_backwards": _l("最后一天须不早于第一天。"),
    "day_to_come": _l("还没有过去的日子不能试算，最晚选今天。"),
    "days_too_many": _l("一次最多试算十年。"),
    # contracts
    "contract_starts_past": _l("起始日不能早于今天，也不能早于原合同的起始日。"),
    "contract_term_backwards": _l("到期日须不早于起始日。"),
    "contract_term_length": _l("到期日须在今天以后，期限不超过十年。"),
    "contract_field_needed": _l("请填写，合同里必须写明。"),
    "contract_change_open": _l("这份合同已有一份变更或续签在办理，先办完或撤回那一份。"),
    "template_in_work": _l("已有一个版本在起草或审核，先办完那一个。"),
    "template_shape": _l("模板不完整：须有标题，每一条须有标题和正文。%(about)s"),
    "template_item_unknown": _l("条款清单里没有“%(about)s”。"),
    "template_field_unknown": _l("没有字段 {%(about)s}，可用的字段见右侧。"),
    "template_braces": _l("花括号没有配对，或里面不只是字段名：%(about)s"),
    "prospect_known": _l("这个邮箱或手机号已经在潜在分销商里。"),
    # files
    "file_empty": _l("这个文件是空的，请重新选择。"),
    "file_too_large": _l("文件超过 10 MB，请压缩或拆开再交。"),
    "file_kind": _l("只收 JPEG、PNG、WebP 图片和 PDF；以文件内容为准，不看文件名。"),
    "file_broken": _l("文件不完整，或页数、像素过多，无法打开。"),
    "deal_number_taken": _l("已有这个编号的成交，请在那笔成交里登记下一步。"),
    "form_used": _l(
        "这张表已经登记过一笔成交，改动没有保存。要登记另一笔，请重新打开登记页；登记错了，请联系案场后台。"
    ),
    "sheet_empty": _l("表里没有数据行。第一行写列名，从第二行起每行一步成交。"),
    "sheet_too_large": _l("文件超过 5 MB，请拆开再导入。"),
    "sheet_rows": _l("一次最多 5,000 行，请拆开再导入。"),
    "sheet_kind": _l("读不懂这个文件：只收 CSV 和 Excel（.xlsx）。"),
    "sheet_encoding": _l("读不懂文字编码，请存为 UTF-8 或 GB18030 的 CSV，或者 .xlsx。"),
    "sheet_columns": _l("缺少列：%(columns)s。列名见下方说明，也可以下载模板。"),
    "file_locked": _l("PDF 设了密码，请去掉密码再交。"),
}


def describe(problem: Unacceptable) -> str:
    """The sentence under the field. KeyError for a reason without words."""
    return str(WORDS[problem.reason]) % {name: _shown(name, value) for name, value in problem.facts.items()}


def _shown(name: str, value: Any) -> Any:
    return str(_l("、")).join(column_word(one) for one in value) if name == "columns" else value
