"""The daily safety promise (安全承诺公告), 应急〔2018〕74号; REG-43."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.fields import When, day, long_text, text, whole, yes_no
from central.registry.forms.register import Register, Reminder


class Promise(Struct):
    """What the responsible person promises for one day."""

    day: Annotated[date | None, day("承诺日期", "day", required=True)] = None
    units: Annotated[int | None, whole("生产装置套数", "units", "套", required=True)] = None
    running: Annotated[int | None, whole("运行套数", "running", "套", required=True)] = None
    stopped: Annotated[int | None, whole("停产套数", "stopped", "套", required=True)] = None
    repair: Annotated[int | None, whole("检修套数", "under repair", "套", required=True)] = None
    special_work: Annotated[
        bool | None, yes_no("当日是否有动火、受限空间等特殊作业", "special work today", required=True)
    ] = None
    special_words: Annotated[
        str | None,
        long_text("特殊作业说明", "which", longest=500, required=True, when=When("special_work", ("yes",))),
    ] = None
    words: Annotated[
        str | None,
        long_text(
            "承诺内容", "promise", required=True,
            note="今天我公司已进行安全风险研判，各项安全风险防控措施已落实到位的情况。",
        ),
    ] = None  # fmt: skip
    responsible: Annotated[str | None, text("负责人", "responsible person", required=True, longest=50)] = None


REGISTERS = (
    Register(
        name="safety-promises",
        zh="安全生产承诺",
        en="Daily safety promises",
        group="daily",
        record=Promise,
        title="day",
        columns=("day", "responsible", "units", "running", "stopped", "repair"),
        filters=("day", "responsible"),
        key=("day",),
        reviewed=True,
        reminders=(Reminder("今日安全承诺尚未填报", 1),),
        source="REG-43; 应急〔2018〕74号",
    ),
)
