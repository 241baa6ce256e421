"""The sentences of this domain: titles, timeline lines and texts of calls; Chinese, in the time of China."""

from datetime import datetime, timedelta, timezone
from typing import Final

from central.warning.models import (
    ALARM,
    BLUE,
    CONFLICT,
    CONNECTION,
    DROPPED,
    ENTERPRISE,
    EXTERNAL,
    HIGHEST,
    INTERLEAVED,
    MANAGEMENT,
    MANUAL,
    MODEL,
    ORANGE,
    OUTPUT,
    PATROL,
    POISON,
    PRESENCE,
    QUALITY,
    RED,
    SHORTAGE,
    SOUNDER,
    UNJUDGED,
    WEATHER,
    YELLOW,
    AlarmFact,
    ConditionFact,
    OutputFact,
    PaperFact,
    PresenceFact,
    TroubleFact,
)
from protocol.messages import (
    ACKNOWLEDGE,
    IN_SERVICE,
    OUT_OF_SERVICE,
    RESET,
    SHELVE,
    SUPPRESS,
    UNSHELVE,
    UNSUPPRESS,
)

# All of China keeps one legal time.
CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")

LEVEL_WORDS: Final = {BLUE: "蓝色", YELLOW: "黄色", ORANGE: "橙色", RED: "红色"}
RANK_WORDS: Final = {
    ENTERPRISE: "企业",
    1: "村（社区）",
    2: "乡镇（街道）",
    3: "县（区）",
    4: "市",
    5: "省",
    HIGHEST: "最高层级",
}
_LIMIT_WORDS: Final = {
    "LL": "低低报",
    "L": "低报",
    "H": "高报",
    "HH": "高高报",
    "ROC": "变化速率报警",
    "DEV": "偏差报警",
    "ON": "开关量报警",
    "OFF": "开关量报警",
}
AT_PLANT: Final = {  # transition of an alarm -> (kind of the timeline's line, its words)
    ACKNOWLEDGE: ("alarm_acknowledged", "现场已确认报警（不等于确认接警）"),
    RESET: ("alarm_reset", "现场复位报警"),
    SHELVE: ("alarm_shelved", "现场搁置报警（预警不因此结束）"),
    UNSHELVE: ("alarm_unshelved", "现场报警搁置结束"),
    SUPPRESS: ("alarm_suppressed", "报警按设计条件抑制（预警不因此结束）"),
    UNSUPPRESS: ("alarm_unsuppressed", "报警按设计抑制结束"),
    OUT_OF_SERVICE: ("alarm_out_of_service", "现场停用报警（预警不因此结束）"),
    IN_SERVICE: ("alarm_in_service", "现场恢复报警"),
}
_OUTPUT_WORDS: Final = {"horn": "警笛", "beacon": "警灯"}
_TEST_WORDS: Final = {  # as edge/outputs/sounder.py says them
    "did not switch on": "未能接通",
    "did not switch off": "未能断开",
    "rose less than": "未听到声响",
    "gave no good value to hear it by": "拾音测点无有效值",
    "does not take its texts": "不接受播报内容",
}
_TROUBLE_WORDS: Final = {
    POISON: "有事件无法入库",
    CONFLICT: "同一序号出现两种内容",
    INTERLEAVED: "的身份被两台设备使用",
    UNJUDGED: "有事件未能及时研判",
}
_UNBELIEVED: Final = "数据不可信"
_DOUBT_WORDS: Final = {
    "Q": _UNBELIEVED,
    "STALE": "数据中断",
    "BLANK": "数据空白",
    "RANGE": "超出量程",
    "RATE": "变化过快",
    "STUCK": "数值停滞",
    "SIBLINGS": "与相邻测点不符",
}

Told = AlarmFact | PresenceFact | TroubleFact | OutputFact | PaperFact | ConditionFact

NOTES: Final = {
    "opened": "生成预警",
    "opened_late": "生成预警（数据迟到，报警仍在持续）",
    "reopened": "抑制结束而报警仍在，重新生成预警",
    "history": "补传的历史报警，当时已恢复，不再呼叫",
    "level_raised": "预警升级，升级流程从头开始",
    "resumed": "处置时限已过，升级流程继续",
    "acknowledged": "确认接警，升级流程暂停",
    "acknowledged_again": "再次确认接警；处置时限已用完，升级流程不再暂停",
    "handled": "填报处置结果，升级流程停止",
    "false_alarm_proposed": "标记为误报，待另一人复核；升级流程继续",
    "false_alarm": "确认为误报",
    "suppressed": "报警仍在持续，限期抑制",
    "suppression_ended": "误报抑制结束",
    "suppressed_raise": "抑制期内再次报警，只记录不呼叫",
    "closed": "核验关闭",
    "merged_here": "其他预警并入本预警",
    "merged_away": "并入另一条预警，由其继续呼叫和处置",
    "returned": "退回重办，由新的预警继续",
    "clear_but_unanswered": "报警已恢复满时限，橙色、红色预警仍须有人处置",
    "state_unknown": "中心由备份恢复，此前的处置可能已丢失：状态未知，请确认；升级流程暂缓",
    "since_backup": "本预警发生在备份之后、中心恢复之前，可能已有人处置：状态未知，请确认",
    "cleared_by_itself": "报警已自行恢复满时限，预警自动结束，列入复查",
    "held_by_parent": "由失联的上级设备引起，归入其预警，不单独呼叫",
    "held_by_settle": "上级设备已恢复，等待确认本条是否一并恢复",
    "released_by_parent": "上级设备已不能解释本条，单独呼叫",
    "released_by_settle": "上级设备恢复后本条的确认期已到，未恢复的单独呼叫",
    "held_by_window": "处于报备的屏蔽时段，照常列出，暂不呼叫",
    "released_by_window": "屏蔽时段结束，报警仍在的立即呼叫",
}

WINDOWS: Final = {"maintenance": "检维修", "permit": "作业许可", "out_of_service": "停用"}

REASONS: Final = {
    "no_agency": "本级没有登记监管机构",
    "nobody": "本级没有值班人员",
    "no_number": "本级人员都没有已验证的手机号",
    "no_channel": "本中心未配置本级所用的通道",
    "failed": "本级的通知全部失败",
}


def clock(at: datetime) -> str:
    """Give a time as people here read it."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def number_text(number: float | None, unit: str) -> str:
    """Give a value with its unit, in as many digits as mean something."""
    return "" if number is None else f"{number:.6g} {unit}".rstrip()


def value_text(value: float | None, limit: float | None, unit: str) -> str:
    """Give a value and the limit that it broke, as far as they are known."""
    seen, allowed = number_text(value, unit), number_text(limit, unit)
    return "，".join(part for part in (seen and f"测值 {seen}", allowed and f"限值 {allowed}") if part)


def call_detail(value: float | None, limit: float | None, unit: str, unconfirmed: datetime | None) -> str:
    """Say in a call what was measured, and whether somebody may have answered before a restore."""
    doubt = "中心由备份恢复，状态未知，请确认" if unconfirmed else ""
    return "，".join(part for part in (value_text(value, limit, unit), doubt) if part)


def limit_word(limit_name: str) -> str:
    """Name a limit."""
    return _LIMIT_WORDS.get(limit_name) or _DOUBT_WORDS.get(limit_name, "报警")


def doubt_word(limit_name: str) -> str:
    """Name what cannot be believed about a point; an alarm of a newer gateway is at least known for that."""
    return _DOUBT_WORDS.get(limit_name, _UNBELIEVED)


def rank_word(rank: int, *, of_agency: bool) -> str:
    """Name who is called at a rank; the first rung of an agency's own case is that agency."""
    return "责任机构" if of_agency and rank == ENTERPRISE else RANK_WORDS[rank]


def output_word(output: str) -> str:
    """Name an output: "main.horn" is the horn of the group main; another name is the plant's own."""
    group, _, part = output.rpartition(".")
    word = _OUTPUT_WORDS.get(part, part)
    return word if group in {"", "main"} else f"{word}（{group}）"


def instrument_word(source: str) -> str:
    """Name an instrument: what the plant calls it, or its unit number where nobody named it."""
    unit = source.removeprefix("unit-")
    return f"{unit} 号站" if source.startswith("unit-") and unit.isdigit() else f"仪表「{source}」"


def output_reason(reason: str) -> str:
    """Give what a gateway says of an output, in Chinese as far as its words are known, else as it says it."""
    if reason.startswith("overdue: "):
        last = reason.partition("tried last at ")[2]
        when = f"上次试验 {clock(datetime.fromisoformat(last))}" if last else "接入以来从未试验"
        return f"每周声光试验逾期，{when}"
    words = [known for said, known in _TEST_WORDS.items() if said in reason]
    return "试验：" + "、".join(words) if words and reason.startswith("test: ") else reason


def output_well(fact: OutputFact) -> str:
    """Say that an output is well again."""
    if fact.reason == DROPPED:
        words = "已不在网关配置中" if fact.kind == OUTPUT else "已不再安排定期试验"
    else:
        words = "恢复按指令动作" if fact.kind == OUTPUT else "试验通过"
    return f"{output_word(fact.output)}{words}"


def title_of(fact: Told, kind: str) -> str:
    """Give the headline of a case."""
    if isinstance(fact, ConditionFact):
        return fact.title
    if isinstance(fact, AlarmFact):
        word = doubt_word(fact.limit_name) if kind == QUALITY else limit_word(fact.limit_name)
        return f"{fact.point_name} {word}"
    if isinstance(fact, PresenceFact):
        if fact.source:
            return f"{instrument_word(fact.source)}无应答"
        return f"网关「{fact.gateway_name}」失联"
    if isinstance(fact, OutputFact):
        word = "未按指令动作" if kind == OUTPUT else "声光试验未通过或逾期"
        return f"{output_word(fact.output)}{word}"
    if isinstance(fact, PaperFact):
        what = f"{fact.register_title}「{fact.subject}」" if fact.subject else fact.register_title
        return f"{what}{'已过期' if fact.cause == 'day' else '逾期未填报'}"
    return f"网关「{fact.gateway_name}」{_TROUBLE_WORDS.get(kind, '有事件未能及时研判')}"


def subject_of(fact: Told) -> str:
    """Name what a case is about."""
    if isinstance(fact, ConditionFact):
        return fact.subject_name
    if isinstance(fact, PaperFact):
        return fact.subject or fact.register_title
    if isinstance(fact, OutputFact):
        return f"网关「{fact.gateway_name}」{output_word(fact.output)}"
    if isinstance(fact, PresenceFact) and fact.source:
        return instrument_word(fact.source)
    return fact.point_name if isinstance(fact, AlarmFact) else fact.gateway_name


def raise_detail(fact: Told) -> str:
    """Say what was seen, with the limit that it broke."""
    if isinstance(fact, ConditionFact):
        return "；".join(
            part for part in (fact.detail, value_text(fact.value, fact.limit, fact.unit)) if part
        )
    if isinstance(fact, PaperFact):
        return f"{'到期' if fact.cause == 'day' else '应填报'}日期 {fact.due_on.isoformat()}"
    if isinstance(fact, AlarmFact):
        return value_text(fact.value, fact.limit, fact.unit)
    if isinstance(fact, OutputFact):
        return output_reason(fact.reason)
    if isinstance(fact, PresenceFact):
        return f"网关「{fact.gateway_name}」收不到该仪表的应答" if fact.source else ""
    return fact.reason


def sms_text(
    *,
    level: int,
    enterprise: str,
    title: str,
    detail: str,
    raised_at: datetime,
    number: str,
    is_test: bool,
    round_: int,
    first_up: bool = False,
) -> str:
    """Give the text of a call: what, where, how bad, since when, what to do; one screen of a phone."""
    head = "【烽燧】" + ("［测试］" if is_test else "") + ("［再次提醒］" if round_ else "")
    head += "［首发］" if first_up else ""
    tail = f"（{detail}）" if detail else ""
    return (
        f"{head}{LEVEL_WORDS[level]}预警：{enterprise}，{title}{tail}，{clock(raised_at)}。"
        f"编号{number}，请立即登录确认接警并处置。"
    )


def kind_word(kind: str) -> str:
    """Name the kind of a case."""
    return {
        ALARM: "过程报警",
        QUALITY: "数据质量",
        PRESENCE: "设备失联",
        POISON: "事件隔离",
        CONFLICT: "序号冲突",
        INTERLEAVED: "身份重复",
        UNJUDGED: "未及时研判",
        OUTPUT: "声光输出",
        SOUNDER: "声光试验",
        MANAGEMENT: "管理预警",
        PATROL: "数据质量巡检",
        CONNECTION: "连接状态",
        SHORTAGE: "资源短缺",
        MODEL: "模型预警",
        MANUAL: "人工预警",
        EXTERNAL: "外部预警",
        WEATHER: "气象预警",
    }.get(kind, kind)


def case_number(number: int) -> str:
    """Give the number that people say on the telephone."""
    return f"YJ{number:08d}"
