"""The first words of the dictionaries that registers refer to; administrators change and add to them.

A dictionary is a list that differs from county to county. What an official document fixes is a list of
choices instead (`lists.py`, `lists_fields.py`).
"""

from __future__ import annotations

from msgspec import Struct

from central.registry.forms.fields import Choice


class Dictionary(Struct, frozen=True):
    """A list of words: its name in `link(…, "dictionary/<name>")`, its titles, and its first entries."""

    name: str
    zh: str
    en: str
    entries: tuple[Choice, ...] = ()


def _read(lines: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(code, zh, " ".join(en))
        for code, zh, *en in (line.split() for line in lines.strip().splitlines())
    )


# The documents say that types of materials and of nearby resources are configurable (EMG-16) and list none:
# these are a start. Classes of hidden dangers are those of the provincial platform (F-4) and are not known.
DICTIONARIES = (
    Dictionary("supply-type", "应急物资装备分类", "Classes of emergency equipment and materials", _read("""
        protection 个体防护装备 personal protection
        detection 侦检监测器材 detection
        fire 灭火器材 fire fighting
        plugging 堵漏封堵器材 plugging leaks
        decontamination 洗消器材 decontamination
        transfer 输转收容器材 transfer and containment
        breaking 破拆器材 breaking and cutting
        rescue 救生器材 life saving
        drainage 排水抢险设备 drainage and flood control
        machinery 工程机械 building machinery
        vehicle 救援车辆 vehicles
        boat 船艇水域装备 boats
        power 应急供电照明 power and light
        telecom 通信指挥装备 telecom and command
        medical 医疗急救药品器材 medical
        warning 警戒标识器材 cordons and signs
        living 帐篷被服生活物资 tents and bedding
        mine 矿山救护装备 mine rescue
        other 其他 other
    """)),
    Dictionary("nearby-resource-type", "周边资源类型", "Kinds of nearby resources", _read("""
        fire-station 消防队站 fire station
        hospital 医疗机构 hospital
        police 公安派出所 police
        government 政府机关 government office
        rescue-team 救援队伍 rescue team
        store 物资储备点 store of supplies
        shelter 避难场所 shelter
        water 消防水源 water for fire fighting
        school 学校（幼儿园） school
        housing 居民区（村庄） housing or village
        enterprise 周边企业 enterprise nearby
        petrol 加油（气）站 petrol station
        market 商场集市 shops or market
        traffic 车站码头道路 station, port or road
        river 河流水库 river or reservoir
        utility 水电气设施 utilities
        other 其他 other
    """)),
    Dictionary("hidden-danger-class", "隐患类别", "Classes of hidden dangers"),
)  # fmt: skip
