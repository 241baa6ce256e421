"""Choice lists that several declarations share, in the words and the order of their source.

A line is "code 中文 English"; see `central.registry.forms.fields.choice`.
"""

from __future__ import annotations

# GB 6441-1986, numbered as there; the customers' form prints 炸药爆炸 for 14 and 010 for 10. The edition of
# 2025 has other classes: until its codes are known, forms that name GB 6441-86 keep its list.
ACCIDENT_KINDS = """
01 物体打击 struck by object
02 车辆伤害 vehicle
03 机械伤害 machinery
04 起重伤害 lifting
05 触电 electric shock
06 淹溺 drowning
07 灼烫 burn or scald
08 火灾 fire
09 高处坠落 fall from height
10 坍塌 collapse
11 冒顶片帮 roof fall or rib spall
12 透水 water inrush
13 放炮 blasting
14 火药爆炸 explosive explosion
15 瓦斯爆炸 gas explosion
16 锅炉爆炸 boiler explosion
17 容器爆炸 vessel explosion
18 其它爆炸 other explosion
19 中毒和窒息 poisoning or asphyxia
20 其它伤害 other injury
"""

# The four risk levels with their fixed colours: red, orange, yellow, blue.
RISK_LEVELS = """
major 重大风险 major
larger 较大风险 larger
general 一般风险 general
low 低风险 low
"""

# 重点监管的危险化工工艺目录, both batches (安监总管三〔2009〕116号、〔2013〕3号, from memory).
KEY_PROCESSES = """
01 光气及光气化工艺 phosgene and phosgenation
02 电解工艺（氯碱） electrolysis (chlor-alkali)
03 氯化工艺 chlorination
04 硝化工艺 nitration
05 合成氨工艺 ammonia synthesis
06 裂解（裂化）工艺 cracking
07 氟化工艺 fluorination
08 加氢工艺 hydrogenation
09 重氮化工艺 diazotisation
10 氧化工艺 oxidation
11 过氧化工艺 peroxidation
12 胺基化工艺 amination
13 磺化工艺 sulphonation
14 聚合工艺 polymerisation
15 烷基化工艺 alkylation
16 新型煤化工工艺 new coal chemistry
17 电石生产工艺 calcium carbide production
18 偶氮化工艺 azo coupling
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
