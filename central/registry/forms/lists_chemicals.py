"""Official lists of hazardous chemicals and processes, each with its edition and where it was published.

A list that is published anew gets a new entry in its tuple, never a changed one: what was filled in names the
number of the list of its day.
"""

from __future__ import annotations

from msgspec import Struct


class Substance(Struct, frozen=True):
    """One entry: its number in the list, how both languages call it, and its CAS number or ""."""

    number: int
    zh: str
    en: str
    cas: str = ""


class Edition(Struct, frozen=True):
    """A list as it was published: what it is called, by which document, when, and its entries in order."""

    zh: str
    document: str
    published: str
    entries: tuple[Substance, ...]
    certain: bool = True  # False: entries are partly from memory (the dates of publication all are)


def _read(lines: str) -> tuple[Substance, ...]:
    found = []
    for line in lines.strip().splitlines():
        number, zh, cas, *en = line.split()
        found.append(Substance(int(number), zh, " ".join(en), "" if cas == "-" else cas))
    return tuple(found)


KEY_SUPERVISED = (
    Edition(
        "首批重点监管的危险化学品名录", "安监总管三〔2011〕95号", "2011-06-21",
        _read("""
            1 氯 7782-50-5 chlorine
            2 氨 7664-41-7 ammonia
            3 液化石油气 68476-85-7 liquefied petroleum gas
            4 硫化氢 7783-06-4 hydrogen sulphide
            5 甲烷、天然气 74-82-8 methane, natural gas
            6 原油 - crude oil
            7 汽油（含甲醇汽油、乙醇汽油）、石脑油 8006-61-9 petrol, naphtha
            8 氢 1333-74-0 hydrogen
            9 苯（含粗苯） 71-43-2 benzene
            10 碳酰氯 75-44-5 phosgene
            11 二氧化硫 7446-09-5 sulphur dioxide
            12 一氧化碳 630-08-0 carbon monoxide
            13 甲醇 67-56-1 methanol
            14 丙烯腈 107-13-1 acrylonitrile
            15 环氧乙烷 75-21-8 ethylene oxide
            16 乙炔 74-86-2 acetylene
            17 氟化氢、氢氟酸 7664-39-3 hydrogen fluoride, hydrofluoric acid
            18 氯乙烯 75-01-4 vinyl chloride
            19 甲苯 108-88-3 toluene
            20 氰化氢、氢氰酸 74-90-8 hydrogen cyanide, hydrocyanic acid
            21 乙烯 74-85-1 ethylene
            22 三氯化磷 7719-12-2 phosphorus trichloride
            23 硝基苯 98-95-3 nitrobenzene
            24 苯乙烯 100-42-5 styrene
            25 环氧丙烷 75-56-9 propylene oxide
            26 一氯甲烷 74-87-3 chloromethane
            27 1,3-丁二烯 106-99-0 1,3-butadiene
            28 硫酸二甲酯 77-78-1 dimethyl sulphate
            29 氰化钠 143-33-9 sodium cyanide
            30 1-丙烯、丙烯 115-07-1 propylene
            31 苯胺 62-53-3 aniline
            32 甲醚 115-10-6 dimethyl ether
            33 丙烯醛、2-丙烯醛 107-02-8 acrolein
            34 氯苯 108-90-7 chlorobenzene
            35 乙酸乙烯酯 108-05-4 vinyl acetate
            36 二甲胺 124-40-3 dimethylamine
            37 苯酚 108-95-2 phenol
            38 四氯化钛 7550-45-0 titanium tetrachloride
            39 甲苯二异氰酸酯 584-84-9 toluene diisocyanate
            40 过氧乙酸 79-21-0 peracetic acid
            41 六氯环戊二烯 77-47-4 hexachlorocyclopentadiene
            42 二硫化碳 75-15-0 carbon disulphide
            43 乙烷 74-84-0 ethane
            44 环氧氯丙烷 106-89-8 epichlorohydrin
            45 丙酮氰醇 75-86-5 acetone cyanohydrin
            46 磷化氢 7803-51-2 phosphine
            47 氯甲基甲醚 107-30-2 chloromethyl methyl ether
            48 三氟化硼 7637-07-2 boron trifluoride
            49 烯丙胺 107-11-9 allylamine
            50 异氰酸甲酯 624-83-9 methyl isocyanate
            51 甲基叔丁基醚 1634-04-4 methyl tert-butyl ether
            52 乙酸乙酯 141-78-6 ethyl acetate
            53 丙烯酸 79-10-7 acrylic acid
            54 硝酸铵 6484-52-2 ammonium nitrate
            55 三氧化硫 7446-11-9 sulphur trioxide
            56 三氯甲烷 67-66-3 chloroform
            57 甲基肼 60-34-4 methylhydrazine
            58 一甲胺 74-89-5 methylamine
            59 乙醛 75-07-0 acetaldehyde
            60 氯甲酸三氯甲酯 503-38-8 diphosgene
        """),
    ),
    Edition(
        "第二批重点监管的危险化学品名录", "安监总管三〔2013〕12号", "2013-02-05",
        _read("""
            61 氯酸钠 7775-09-9 sodium chlorate
            62 氯酸钾 3811-04-9 potassium chlorate
            63 过氧化甲乙酮 1338-23-4 methyl ethyl ketone peroxide
            64 过氧化（二）苯甲酰 94-36-0 benzoyl peroxide
            65 硝化纤维素 9004-70-0 nitrocellulose
            66 硝酸胍 506-93-4 guanidine nitrate
            67 高氯酸铵 7790-98-9 ammonium perchlorate
            68 过氧化苯甲酸叔丁酯 614-45-9 tert-butyl peroxybenzoate
            69 N,N'-二亚硝基五亚甲基四胺 101-25-7 N,N'-dinitrosopentamethylenetetramine
            70 硝基胍 556-88-7 nitroguanidine
            71 2,2'-偶氮二异丁腈 78-67-1 2,2'-azobis(isobutyronitrile)
            72 2,2'-偶氮-二-（2,4-二甲基戊腈） 4419-11-8 2,2'-azobis(2,4-dimethylvaleronitrile)
            73 硝化甘油 55-63-0 nitroglycerine
            74 乙醚 60-29-7 diethyl ether
        """),
        certain=False,
    ),
)  # fmt: skip

# First edition, four groups: explosive 1–4, toxic 5–10, flammable gases 11–15, flammable liquids 16–20;
# methanol and ethanol in transport only. 1–9 checked against the draft, 10–20 from memory.
SPECIALLY_CONTROLLED = (
    Edition(
        "特别管控危险化学品目录（第一版）", "应急管理部等四部门公告 2020 年第 3 号", "2020-05-30",
        _read("""
            1 硝酸铵 6484-52-2 ammonium nitrate
            2 硝化纤维素 9004-70-0 nitrocellulose
            3 氯酸钾 3811-04-9 potassium chlorate
            4 氯酸钠 7775-09-9 sodium chlorate
            5 氯 7782-50-5 chlorine
            6 氨 7664-41-7 ammonia
            7 异氰酸甲酯 624-83-9 methyl isocyanate
            8 硫酸二甲酯 77-78-1 dimethyl sulphate
            9 氰化钠 143-33-9 sodium cyanide
            10 氰化钾 151-50-8 potassium cyanide
            11 液化石油气 68476-85-7 liquefied petroleum gas
            12 液化天然气 8006-14-2 liquefied natural gas
            13 环氧乙烷 75-21-8 ethylene oxide
            14 氯乙烯 75-01-4 vinyl chloride
            15 二甲醚 115-10-6 dimethyl ether
            16 汽油（包括甲醇汽油、乙醇汽油） 8006-61-9 petrol
            17 1,2-环氧丙烷 75-56-9 propylene oxide
            18 二硫化碳 75-15-0 carbon disulphide
            19 甲醇 67-56-1 methanol
            20 乙醇 64-17-5 ethanol
        """),
        certain=False,
    ),
)  # fmt: skip

# Kinds of hazard of GB 30000.2–29-2013, in the order of its parts (from memory).
HAZARD_CLASSES = """
    explosive 爆炸物 explosives
    flammable-gas 易燃气体 flammable gases
    aerosol 气溶胶 aerosols
    oxidising-gas 氧化性气体 oxidising gases
    pressurised-gas 加压气体 gases under pressure
    flammable-liquid 易燃液体 flammable liquids
    flammable-solid 易燃固体 flammable solids
    self-reactive 自反应物质和混合物 self-reactive substances
    pyrophoric-liquid 自燃液体 pyrophoric liquids
    pyrophoric-solid 自燃固体 pyrophoric solids
    self-heating 自热物质和混合物 self-heating substances
    water-reactive 遇水放出易燃气体的物质和混合物 flammable gases with water
    oxidising-liquid 氧化性液体 oxidising liquids
    oxidising-solid 氧化性固体 oxidising solids
    organic-peroxide 有机过氧化物 organic peroxides
    metal-corrosive 金属腐蚀物 corrosive to metals
    acute-toxicity 急性毒性 acute toxicity
    skin 皮肤腐蚀/刺激 skin corrosion or irritation
    eye 严重眼损伤/眼刺激 eye damage or irritation
    sensitiser 呼吸道或皮肤致敏 sensitisation
    mutagen 生殖细胞致突变性 germ cell mutagenicity
    carcinogen 致癌性 carcinogenicity
    reproductive 生殖毒性 reproductive toxicity
    organ-single 特异性靶器官毒性-一次接触 organ toxicity, single exposure
    organ-repeated 特异性靶器官毒性-反复接触 organ toxicity, repeated exposure
    aspiration 吸入危害 aspiration hazard
    aquatic 对水生环境的危害 hazard to water life
    ozone 对臭氧层的危害 hazard to the ozone layer
"""

UNITS = "t 吨 t\nkg 千克 kg\nm3 立方米 m³\nl 升 L\ncylinder 瓶 cylinders\npiece 件 pieces"


def choices_of(editions: tuple[Edition, ...], letter: str) -> str:
    """The lines of `choice` for all entries of these editions: "k01 氯 chlorine", by the official number."""
    return "\n".join(
        f"{letter}{one.number:02} {one.zh} {one.en}" for edition in editions for one in edition.entries
    )


def officially(editions: tuple[Edition, ...], cas: str) -> Substance | None:
    """The entry of a CAS number in these editions, or None."""
    return next((one for edition in editions for one in edition.entries if cas and one.cas == cas), None)
