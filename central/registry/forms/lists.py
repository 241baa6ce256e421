"""Choice lists of the Henan forms, in their words and order.

A line is "code 中文 English"; see `central.registry.forms.fields.choice`.
"""

from __future__ import annotations

# The four risk levels with their fixed colours: red, orange, yellow, blue.
RISK_LEVELS = """
major 重大风险 major
larger 较大风险 larger
general 一般风险 general
low 低风险 low
"""

# Grades of a major hazard installation, 1 the worst (GB 18218-2018).
HAZARD_GRADES = """
1 一级 grade 1
2 二级 grade 2
3 三级 grade 3
4 四级 grade 4
"""

# Qualifications of evaluation and design units.
GRADES_AB = "a 甲级 A\nb 乙级 B"
GRADES_ABC = f"{GRADES_AB}\nc 丙级 C"

NO_UNIT = "来源文件未注明单位，此处按所示单位填写。"
