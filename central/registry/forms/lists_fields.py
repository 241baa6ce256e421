"""Lists of choices that several ledgers share, beside those of the printed forms in `lists.py`."""

from __future__ import annotations

# 国务院令第 493 号, article 3.
ACCIDENT_LEVELS = """
    special 特别重大事故 particularly serious
    serious 重大事故 serious
    larger 较大事故 larger
    general 一般事故 general
"""

# EMG-08: the documents name these eleven.
EXPERT_GROUPS = """
    water 水利 water
    rescue 应急抢险 rescue
    municipal 市政 municipal works
    building 房建 building
    geological 地质灾害 geological disasters
    chemicals 危化 hazardous chemicals
    mine 矿山 mines
    transport 交通 transport
    environment 环境保护 environment
    psychological 心理疏导 psychological support
    forest-fire 森林火灾 forest fire
"""

# A proposal: what teams and forces say that they are good at.
GOOD_AT = """
    fire 火灾爆炸 fire and explosion
    chemical 危险化学品泄漏 chemical release
    poisoning 中毒窒息与有限空间 poisoning and confined spaces
    mine 矿山事故 mine accidents
    tailings 尾矿库溃坝 tailings dams
    collapse 建（构）筑物坍塌 collapse of structures
    flood 防汛抗洪 floods
    water 水域救援 rescue on water
    geological 地质灾害 geological disasters
    earthquake 地震 earthquakes
    forest-fire 森林草原火灾 forest fires
    traffic 交通事故 traffic accidents
    special-equipment 特种设备事故 special equipment
    power 电力通信抢修 power and telecom repair
    medical 医疗救护 medical aid
    other 其他 other
"""

PROPOSED = "来源文件未列出选项，此处为建议分类。"
DOCUMENT_SILENT = "来源文件未列出本栏，此处为建议栏目。"

# GB/T 33000-2016: 8 elements of the first level, 28 of the second (from memory); the documents speak of
# "28 elements" and never list them.
ELEMENTS = """
    1.1 目标 objectives
    1.2 机构和职责 organisation and duties
    1.3 全员参与 participation of all
    1.4 安全生产投入 investment
    1.5 安全文化建设 safety culture
    1.6 安全生产信息化建设 information systems
    2.1 法规标准识别 identification of laws and standards
    2.2 规章制度 rules and regulations
    2.3 操作规程 operating rules
    2.4 文档管理 documents
    3.1 教育培训管理 management of training
    3.2 人员教育培训 training of people
    4.1 设备设施管理 equipment and facilities
    4.2 作业安全 safety of work
    4.3 职业健康 occupational health
    4.4 警示标志 warning signs
    5.1 安全风险管理 risk management
    5.2 重大危险源辨识与管理 major hazards
    5.3 隐患排查治理 hidden dangers
    5.4 预测预警 prediction and warning
    6.1 应急准备 emergency preparation
    6.2 应急处置 emergency response
    6.3 应急评估 emergency evaluation
    7.1 事故报告 accident reports
    7.2 调查和处理 investigation and handling
    7.3 事故管理 accident management
    8.1 绩效评定 performance evaluation
    8.2 持续改进 continual improvement
"""

SECTORS = """
    chemical 危险化学品 hazardous chemicals
    mine 矿山 mines
    trade 工贸 industry and trade
    firework 烟花爆竹 fireworks
    gas 城镇燃气 town gas
    construction 建筑施工 construction
    transport 交通运输 transport
    other 其他 other
"""
