"""The paper forms of the Henan scheme as the catalogue of requirements counts them, and which field is which.

A line is a row of the form's table there: its number (0 is the header of the paper), how many values the row
asks for, and the fields that hold them. `name:4` has four choices. `@label` is printed and not typed. A group
stands for "how many kinds" (类数、数量), which is the number of its rows. A place on the map is two values.
"""

from __future__ import annotations

FORMS = {
    "enterprise-basics": """
        1 1 name
        2 2 legal_representative legal_representative_mobile
        3 1 address
        4 1 founded
        5 1 industry:11
        6 1 department:4
        7 1 employees
        8 1 county
        9 1 credit_code
        10 1 fixed_assets
        11 1 floor_area
        12 1 own_industry
        13 1 subsidiaries
        14 2 safety_unit safety_unit_phone
        15 2 safety_head safety_head_mobile
        16 1 duty_phone
        17 2 full_time part_time
        18 1 major_hazard
        19 1 risks_identified
        20 1 major_hazard_filed:3
        21 2 where
        """,
    "key-supervision": """
        1 1 @序号
        2 1 name
        3 1 area
        4 1 risk:20
        5 1 process
        6 1 position
        7 1 regulator
        8 1 controlled
        9 1 major_hazard
        10 1 plan
        11 1 monitoring
        12 3 department responsible responsible_phone
        13 1 reviewer
        14 1 remarks
        """,
    "risk-list": """
        0 1 @填表单位（盖章）
        1 2 @序号 name
        2 1 place
        3 1 harm
        4 1 kind:20
        5 1 process
        6 1 tense:3
        7 1 condition:3
        8 1 level:4
        9 4 measures department responsible remarks
        """,
    "major-danger-checks": """
        1 2 @单位名称（盖章） @序号
        2 1 found
        3 2 name place
        4 1 content
        5 1 kind
        6 1 level:1
        7 1 safeguards
        8 1 demands
        """,
    "major-danger-treatment": """
        1 5 danger @隐患排查时间 @隐患地点部位 @隐患级别 @隐患内容
        2 1 kind
        3 1 substance
        4 1 loss
        5 1 casualties
        6 1 surroundings
        7 3 safeguards method demands
        8 2 planned finished
        9 1 present
        10 2 estimated used
        11 1 result
        12 3 filler filled reviewer
        """,
    "accidents": """
        0 2 @单位名称 year
        1 1 month:12
        2 1 occurred
        3 1 name
        4 1 kind:2
        5 3 light serious deaths
        6 1 loss
        7 1 accident_class:4
        8 1 recorder
        """,
    "investigations": """
        1 2 @单位名称（盖章） number
        2 1 accident
        3 1 investigated_on
        4 3 investigated head members
        5 3 course direct_cause indirect_cause
        6 2 direct_responsibility leading_responsibility
        7 1 loss
        8 3 training handling rectification
        9 3 confirmed reviewed approved
        10 2 follow_up follow_up_reviewed
        """,
    "penalties": """
        0 2 @单位名称 year
        1 2 @序号 imposed
        2 1 penalty:7
        3 1 discipline:1
        4 2 department reason
        5 2 penalty_closure:2 discipline_closure:2
        """,
    "tailings-ponds": """
        1 2 name ownerless
        2 2 region address
        3 2 where
        4 1 state:6
        5 1 industry:5
        6 2 of_mine mine
        7 1 watch.special
        8 1 watch.designer
        9 2 licence_number licence_valid
        10 2 watch.online watch.online_normal
        11 1 design.form:5
        12 2 design.volume design.height
        13 1 grade:6
        14 2 design.starter:2 design.starter_form:4
        15 1 storage.way:4
        16 1 storage.wet_dam:5
        17 1 storage.discharge:4
        18 1 storage.upstream:6
        19 2 storage.dry:4 storage.moisture
        20 1 flood.inside:7
        21 1 flood.outside:5
        22 1 design.backfill
        23 1 design.yearly
        24 3 design.stacked_height design.sub_dam_height design.sub_dam_crest
        25 3 present.evaluator present.evaluator_grade:2 present.evaluated
        26 2 present.last_input present.last_rise
        27 1 present.sub_dams
        28 2 present.height present.length
        29 1 present.volume
        30 1 present.slope
        31 2 present.beach present.freeboard
        32 1 present.beach_slope
        33 2 present.designed_concentration present.concentration
        34 2 present.control_depth present.depth
        35 1 downstream.overhead
        36 2 downstream.residents downstream.buildings
        37 1 downstream.facilities
        38 1 downstream.plan_filed
        39 3 closure.designer closure.designer_grade:3 closure.accepted
        40 1 closure.reclaimed
        41 1 closure.reuse:4
        """,
    "underground-mines": """
        1 5 name region address economy area
        2 4 people.total people.managers people.special people.general
        3 5 contractors.name contractors.people.total contractors.people.managers contractors.people.special \
            contractors.people.general
        4 2 permits.pre_evaluator permits.pre_evaluator_grade:2
        5 4 permits.designer permits.designer_grade:3 permits.design_approver permits.design_approved
        6 2 permits.supervisor permits.supervisor_grade:4
        7 3 permits.acceptance_evaluator permits.acceptance_evaluator_grade:2 permits.accepted
        8 6 mining_number mining_issuer mining_valid safety_number safety_issuer safety_valid
        9 2 reserves.ore reserves.metal
        10 2 capacity.ore capacity.metal
        11 4 mining.methods:3 mining.open_stope:4 mining.filling:7 mining.caving:4
        12 2 mining.development:5 mining.combined:6
        13 2 mining.exits mining.most_below
        14 7 shafts.kinds:6 shafts.count shafts.name shafts.collar shafts.bottom shafts.section shafts.hoist
        15 5 inclines.count inclines.name inclines.length inclines.slope inclines.hoist
        16 4 ways.ramp_length ways.ramp_slope ways.adit_length ways.drift_length
        17 3 shaft_lifting.hoist:7 shaft_lifting.hoist_model shaft_lifting.hoist_mark
        18 4 shaft_lifting.cage:3 shaft_lifting.cage_people shaft_lifting.cage_most shaft_lifting.cage_mark
        19 3 shaft_lifting.skip:4 shaft_lifting.skip_volume shaft_lifting.skip_mark
        20 3 shaft_lifting.rope:4 shaft_lifting.rope_factor shaft_lifting.rope_mark
        21 2 incline_lifting.hoist_model incline_lifting.hoist_mark
        22 3 incline_lifting.skip:4 incline_lifting.skip_model incline_lifting.skip_mark
        23 3 incline_lifting.car:4 incline_lifting.cars incline_lifting.car_mark
        24 2 incline_lifting.platform:3 incline_lifting.platform_mark
        25 4 incline_lifting.man_car_model incline_lifting.man_car_sections incline_lifting.man_car_people \
            incline_lifting.man_car_mark
        26 3 incline_lifting.rope:4 incline_lifting.rope_factor incline_lifting.rope_mark
        27 8 transport.locomotives transport.locomotives.power transport.locomotives.count \
            transport.locomotives.track:4 transport.locomotives.track_length transport.locomotives.current:3 \
            transport.locomotives.supply:2 transport.locomotives.hybrid:2
        28 3 transport.car_use:3 transport.car_people transport.car_mark
        29 6 transport.trucks transport.trucks.load transport.trucks.count transport.trucks.brake:3 \
            transport.trucks.purifier transport.trucks.mark
        30 6 transport.carriers transport.carriers.people transport.carriers.count \
            transport.carriers.brake:3 transport.carriers.purifier transport.carriers.mark
        31 5 transport.belts transport.belts.width transport.belts.length transport.belts.retardant \
            transport.belts.mark
        32 4 transport.loaders transport.loaders.volume transport.loaders.count transport.loaders.drive:2
        33 1 transport.other
        34 1 ventilation.mode:7
        35 1 ventilation.method:4
        36 10 ventilation.main ventilation.main.power ventilation.main.count ventilation.main.mark \
            ventilation.auxiliary ventilation.auxiliary.power ventilation.auxiliary.count \
            ventilation.auxiliary.mark ventilation.local_count ventilation.local_mark
        37 5 drainage.hydrogeology:3 drainage.inflow drainage.most_inflow drainage.pumps drainage.pump_mark
        38 6 blasting.drills:4 blasting.air_legs blasting.down_holes blasting.jumbos blasting.others \
            blasting.holes:3
        39 4 power.circuits:2 power.obsolete:2 power.retardant:2 power.armour:2
        40 6 goaf.treatment:4 goaf.total goaf.treated goaf.untreated goaf.largest goaf.exposed
        41 2 depth.designed depth.present
        42 6 six_systems.gases:5 six_systems.detector_mark six_systems.main_sensors \
            six_systems.auxiliary_sensors six_systems.local_sensors six_systems.cameras
        43 1 six_systems.pressure:3
        44 3 six_systems.positioning:2 six_systems.cards six_systems.positioning_mark
        45 7 six_systems.refuge:3 six_systems.chamber_people six_systems.capsule_people \
            six_systems.plan_filed six_systems.rescuer_minutes six_systems.rescuers six_systems.rescuer_mark
        46 2 six_systems.telephones six_systems.two_cables
        47 2 six_systems.air_valves six_systems.compressor:2
        48 1 six_systems.water_valves
        49 1 six_systems.accepted
        """,
    "open-pit-mines": """
        1 2 @企业名称 name
        2 1 ownership:3
        3 2 region address
        4 2 area state:5
        5 1 contractor
        6 1 mineral:6
        7 1 scale
        8 2 designed_height height
        9 2 method:2 sunken:2
        10 2 slope_system most
        11 2 dual:2 dual_digital:2
        12 2 designer evaluator
        13 2 issuer valid
        14 3 dumps dumps.name dumps.state:4
        15 4 dumps.designed_volume dumps.volume dumps.designed_height dumps.height
        16 2 residents buildings
        17 1 slope_watch:2
        """,
    "oil-gas-units": """
        1 3 name address economy
        2 5 staff college safety_managers engineers special
        3 2 fund fund_used
        4 3 mining_number mining_issuer mining_until
        5 3 designer accepted first_licensed
        6 2 area medium:2
        7 3 safety_number safety_issuer safety_until
        8 2 oil gas
        9 4 oil_wells sour_oil_wells gas_wells sour_gas_wells
        10 2 lines lines_length
        11 2 stations stations_capacity
        12 2 tanks tanks_capacity
        13 2 plants plants_capacity
        """,
    "chemical-licences": """
        1 18 number principal principal_phone address kind valid since park name county registered_address \
            production_address postcode @企业名称 safety_staff special level quantity
        """,
    "licensed-chemicals": """
        1 6 @序号 licensed key_supervised others capacity material
        """,
    "hazardous-processes": """
        1 5 @序号 process:19 measures implemented responsible
        """,
    "chemical-major-hazards": """
        1 5 name grade:4 r chemicals filing
        """,
}

# Fields that the paper has no box for, and why they are there.
BESIDE = {
    "enterprise-basics": {"mine_kind", "chemical_kind"},  # row 5 says "subdivided" and does not say how
    "penalties": {"entry"},  # which of the two columns of the paper the row fills, for the two totals
    # The paper prints both units beside the box.
    "underground-mines": {
        "reserves.ore_unit",
        "reserves.metal_unit",
        "capacity.ore_unit",
        "capacity.metal_unit",
    },
}

# What the catalogue of requirements marks as uncertain (‡, ?), has no unit for, or no list of choices.
UNCERTAIN = {
    "enterprise-basics": {"fixed_assets", "floor_area", "mine_kind", "chemical_kind"},
    "risk-list": {"kind"},
    "major-danger-checks": {"kind"},
    "major-danger-treatment": {"kind", "estimated", "used"},
    "tailings-ponds": {"storage.dry", "present.beach_slope"},
    "underground-mines": {"power.armour"},
    "chemical-licences": {"kind", "name", "level", "quantity"},
    "licensed-chemicals": {"licensed"},
    "chemical-major-hazards": {"name", "grade", "r", "chemicals", "filing"},
}
