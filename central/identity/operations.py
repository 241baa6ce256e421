"""The catalogue of what a role may do: its subsystem, its names, and which kinds may ever hold it."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

SUBSYSTEMS: Final = {
    "warning": ("监测预警", "Monitoring and warnings"),
    "device": ("设备管理", "Devices"),
    "registry": ("企业档案", "Enterprise records"),
    "organisation": ("组织机构", "Organisation"),
    "system": ("系统管理", "System"),
    "audit": ("日志审计", "Logs and audit"),
}

KIND_NAMES: Final = {
    "supervisor": ("监管机构", "Supervising agency"),
    "enterprise": ("企业", "Enterprise"),
    "inspector": ("巡查员", "Inspector"),
    "installer": ("安装调试", "Installer"),
    "committee": ("安委会成员单位", "Safety-committee member"),
    "intermediary": ("中介机构", "Intermediary"),
    "administrator": ("管理员", "Administrator"),
}

_SUPERVISING = frozenset({"supervisor"})
_KEEPING = frozenset({"administrator"})
_ANSWERING = frozenset({"supervisor", "enterprise", "inspector"})
_AT_THE_PLANT = frozenset({"enterprise", "installer"})
_OFFICES = frozenset({"supervisor", "enterprise", "committee", "intermediary", "administrator"})
_ALL = frozenset(KIND_NAMES)


class Operation(Struct, frozen=True):
    """One thing that a role may do.

    `kinds`: of which roles it may ever be part. Covering an alarm keeps a horn silent and is for those who
    stand at the plant; who keeps the system answers for no warning.
    """

    word: str
    subsystem: str
    name: str
    name_en: str
    kinds: frozenset[str]


CATALOGUE: Final = tuple(
    Operation(*facts)
    for facts in (
        ("see", "warning", "查看", "See", _ALL),
        ("acknowledge", "warning", "确认预警", "Acknowledge warnings", _ANSWERING),
        ("handle", "warning", "处置预警", "Handle warnings", _ANSWERING),
        ("false-alarm", "warning", "判定误报", "Call a false alarm", _ANSWERING),
        ("close", "warning", "核验关闭", "Verify and close", _SUPERVISING),
        ("levels", "warning", "编制定级表", "Write level tables", _SUPERVISING),
        ("models", "warning", "编制风险模型", "Write risk models", _SUPERVISING),
        ("thresholds", "warning", "设置管理阈值与巡检规则", "Thresholds and patrol rules", _SUPERVISING),
        ("warn", "warning", "发布人工预警", "Issue manual warnings", _SUPERVISING),
        ("approve", "warning", "审批预警", "Approve warnings before push", _SUPERVISING),
        (
            "window",
            "warning",
            "报备屏蔽时段",
            "Declare and end windows",
            frozenset({"supervisor", "enterprise"}),
        ),
        ("resources", "warning", "配置应急资源下限", "Keep minimums of emergency resources", _SUPERVISING),
        ("external", "warning", "接入外部预警", "Take in warnings of other systems", _SUPERVISING),
        ("command", "device", "远程消音、复位", "Silence and reset remotely", _ANSWERING | _AT_THE_PLANT),
        ("cover", "device", "搁置报警", "Shelve alarms", _AT_THE_PLANT),
        ("device", "device", "网关与配置", "Gateways and configurations", _AT_THE_PLANT | _KEEPING),
        ("registry", "registry", "企业登记", "Register enterprises", _SUPERVISING | _KEEPING),
        (
            "enterprise-life",
            "registry",
            "企业登记审核、状态与删除",
            "Registration, status and removal of enterprises",
            _SUPERVISING | _KEEPING,
        ),
        (
            "register",
            "registry",
            "填报台账",
            "Fill in registers",
            frozenset({"supervisor", "enterprise", "inspector", "committee", "intermediary"}),
        ),
        ("review", "registry", "审核台账", "Review registers", _SUPERVISING),
        ("dictionary", "registry", "维护字典", "Keep lists of words", _KEEPING),
        ("organisation", "organisation", "机构、科室、职务、人员", "Agencies, departments, staff", _OFFICES),
        ("account", "organisation", "用户管理", "User accounts", _OFFICES),
        ("region", "organisation", "区划与企业迁移", "Regions and moves", _KEEPING),
        (
            "personal",
            "organisation",
            "查看个人信息原文",
            "See personal data unmasked",
            _SUPERVISING | _KEEPING,
        ),
        ("role", "system", "角色与权限", "Roles and permissions", _KEEPING),
        ("api-key", "system", "接口密钥", "API keys", _KEEPING),
        ("backup", "system", "备份与恢复", "Backup and restore", _KEEPING),
        ("audit-system", "audit", "操作日志", "What was done", _KEEPING),
        ("audit-security", "audit", "安全日志", "Sign-ins, refusals, rights", _KEEPING),
        ("audit", "audit", "全部日志、校验与导出", "The whole audit, verified and exported", _KEEPING),
    )
)
BY_WORD: Final = {operation.word: operation for operation in CATALOGUE}
