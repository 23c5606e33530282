"""The figures as SDMX-CSV 2.0, and the data structure that they follow as SDMX-ML 3.0.

SDMX-CSV field guide, 2.0: https://github.com/sdmx-twg/sdmx-csv (data-message/docs/sdmx-csv-field-guide.md). The columns
are STRUCTURE, STRUCTURE_ID, ACTION, then dimensions, measure and attributes in the order of the data structure. There
are only figures in it: choices and words are in the other files.

A cycle is a dimension, since a country may report the same year in two cycles, with another figure in the second: both
stand, each under its own key.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from bot.exports.data import Answered, Data, Reported
from bot.exports.tidy import plain
from bot.formats import Indicator
from bot.words import words
from db.vocabulary import Availability, Kind

AGENCY, VERSION = "SPNET", "1.0.0"
DATAFLOW, DATA_STRUCTURE, CONCEPTS = "DF_MONITORING", "DSD_MONITORING", "CS_MONITORING"
STRUCTURE_ID = f"{AGENCY}:{DATAFLOW}({VERSION})"
DIMENSIONS = ("FREQ", "REF_AREA", "INDICATOR", "CYCLE", "TIME_PERIOD")
MEASURE = "OBS_VALUE"
# What each attribute belongs to: an observation, or one dimension.
ATTRIBUTES = {
    "OBS_STATUS": None,
    "UNIT_MEASURE": "INDICATOR",
    "SERIES": "INDICATOR",
    "SOURCE": None,
    "NOTE": None,
    "FLOOR": None,
    "CEILING": None,
    "TARGET_YEAR": None,
}
MANDATORY = ("OBS_STATUS", "UNIT_MEASURE")
COLUMNS = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *DIMENSIONS, MEASURE, *ATTRIBUTES)
# The code lists: of the SDMX content-oriented guidelines for frequency and status; our own for the others.
CODED = {
    "FREQ": "CL_FREQ",
    "REF_AREA": "CL_AREA",
    "INDICATOR": "CL_INDICATOR",
    "CYCLE": "CL_CYCLE",
    "OBS_STATUS": "CL_OBS_STATUS",
    "UNIT_MEASURE": "CL_UNIT_MEASURE",
}
TEXT_TYPES = {
    "TIME_PERIOD": "ObservationalTimePeriod",
    "OBS_VALUE": "Decimal",
    "FLOOR": "Decimal",
    "CEILING": "Decimal",
    "TARGET_YEAR": "GregorianYear",
}
# CL_OBS_STATUS: a normal value, an estimated one, a missing one.
STATUS = {Availability.GIVEN: "A", Availability.ESTIMATE: "E", Availability.NOT_AVAILABLE: "O"}


def to_csv(data: Data) -> bytes:
    """The message: UTF-8, one line an observation, nothing before its first column."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(_rows(data))
    return out.getvalue().encode("utf-8")


def _rows(data: Data) -> Iterator[list[str]]:
    for one in data.reported:
        for answer in one.answers:
            if answer.indicator.numeric and not answer.set_aside:
                found = _row(one, answer)
                yield [found[column] for column in COLUMNS]


def _row(one: Reported, answer: Answered) -> dict[str, str]:
    asked, aim = answer.indicator, answer.aim
    # A figure that is not available speaks of no year: it is missing for the period that the cycle is about.
    year = answer.year if answer.year is not None and answer.available else one.cycle.period_end.year
    return {
        "STRUCTURE": "dataflow",
        "STRUCTURE_ID": STRUCTURE_ID,
        "ACTION": "I",
        "FREQ": "A",
        "REF_AREA": one.member.code,
        "INDICATOR": answer.code,
        "CYCLE": one.cycle.code,
        "TIME_PERIOD": f"{year:04}",
        "OBS_VALUE": plain(answer.number if answer.available else None),
        "OBS_STATUS": STATUS[answer.availability],
        "UNIT_MEASURE": unit(asked),
        "SERIES": asked.series or "",
        "SOURCE": plain(answer.source),
        "NOTE": plain(answer.note),
        "FLOOR": plain(aim.floor if aim else None),
        "CEILING": plain(aim.ceiling if aim else None),
        "TARGET_YEAR": plain(aim.target_year if aim else None),
    }


def unit(asked: Indicator) -> str:
    """The code of what is counted: PERCENT, INDEX, or NUMBER."""
    if asked.kind is Kind.PERCENT:
        return "PERCENT"
    return "INDEX" if asked.kind is Kind.NUMBER and "index" in (asked.unit or "").lower() else "NUMBER"


_MES = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/message"
_STR = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/structure"
_COM = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_URN = "urn:sdmx:org.sdmx.infomodel"


def structure(data: Data, network: str) -> bytes:
    """The data structure with its concepts and code lists: every country, question and cycle of these data."""
    for prefix, space in (("mes", _MES), ("str", _STR), ("com", _COM)):
        ET.register_namespace(prefix, space)
    root = ET.Element(f"{{{_MES}}}Structure")
    head = _under(root, _MES, "Header")
    _under(head, _MES, "ID").text = f"{DATA_STRUCTURE}-{data.day.isoformat()}"
    _under(head, _MES, "Test").text = "false"
    _under(head, _MES, "Prepared").text = f"{data.day.isoformat()}T00:00:00Z"
    _under(head, _MES, "Sender", id=AGENCY)
    there = _under(root, _MES, "Structures")
    flow = _named(_under(there, _STR, "Dataflows"), "Dataflow", DATAFLOW, network)
    _under(flow, _STR, "Structure").text = f"{_URN}.datastructure.DataStructure={AGENCY}:{DATA_STRUCTURE}({VERSION})"
    lists = _under(there, _STR, "Codelists")
    for codelist, codes in _codes(data).items():
        into = _named(lists, "Codelist", codelist, words().label(f"export_sdmx_{codelist.lower()}"))
        for code, (name, described) in codes.items():
            _item(into, "Code", code, name, described)
    scheme = _named(_under(there, _STR, "ConceptSchemes"), "ConceptScheme", CONCEPTS, network)
    for concept in (*DIMENSIONS, MEASURE, *ATTRIBUTES):
        described = words().label(f"export_sdmx_{concept.lower()}")
        _item(scheme, "Concept", concept, words().label(f"export_sdmx_{concept.lower()}_name"), described)
    found = _named(_under(there, _STR, "DataStructures"), "DataStructure", DATA_STRUCTURE, network)
    _components(_under(found, _STR, "DataStructureComponents"))
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _components(into: ET.Element) -> None:
    dimensions = _under(into, _STR, "DimensionList", id="DimensionDescriptor")
    for place, each in enumerate(DIMENSIONS, 1):
        if each == "TIME_PERIOD":
            _component(_under(dimensions, _STR, "TimeDimension", id=each), each)
        else:
            _component(_under(dimensions, _STR, "Dimension", id=each, position=str(place)), each)
    attributes = _under(into, _STR, "AttributeList", id="AttributeDescriptor")
    for each, whose in ATTRIBUTES.items():
        usage = "mandatory" if each in MANDATORY else "optional"
        attribute = _under(attributes, _STR, "Attribute", id=each, usage=usage)
        _component(attribute, each)
        relation = _under(attribute, _STR, "AttributeRelationship")
        if whose is None:
            _under(relation, _STR, "Observation")
        else:
            _under(relation, _STR, "Dimension").text = whose
    measures = _under(into, _STR, "MeasureList", id="MeasureDescriptor")
    _component(_under(measures, _STR, "Measure", id=MEASURE, usage="optional"), MEASURE)


def _component(into: ET.Element, each: str) -> None:
    concept = f"{_URN}.conceptscheme.Concept={AGENCY}:{CONCEPTS}({VERSION}).{each}"
    _under(into, _STR, "ConceptIdentity").text = concept
    form = _under(into, _STR, "LocalRepresentation")
    if each in CODED:
        _under(form, _STR, "Enumeration").text = f"{_URN}.codelist.Codelist={AGENCY}:{CODED[each]}({VERSION})"
    else:
        _under(form, _STR, "TextFormat", textType=TEXT_TYPES.get(each, "String"))


def _codes(data: Data) -> dict[str, dict[str, tuple[str, str]]]:
    """Each code list: the name of each code, and what it means."""
    said = words().label
    return {
        "CL_FREQ": {"A": (said("export_sdmx_annual"), "")},
        "CL_AREA": {
            member.code: (member.name, f"ISO 3166-1: {member.code}, {member.alpha2}") for member in data.members
        },
        "CL_INDICATOR": {asked.code: (asked.title, asked.help) for asked in _asked(data)},
        "CL_CYCLE": {cycle.code: (cycle.title, "") for cycle in data.cycles},
        "CL_OBS_STATUS": {code: (said(f"export_sdmx_status_{code.lower()}"), "") for code in STATUS.values()},
        "CL_UNIT_MEASURE": {
            code: (said(f"export_sdmx_unit_{code.lower()}"), "") for code in ("PERCENT", "INDEX", "NUMBER")
        },
    }


def _asked(data: Data) -> Iterable[Indicator]:
    return (asked for asked in data.indicators if asked.numeric)


def _under(parent: ET.Element, space: str, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{space}}}{tag}", attributes)


def _named(parent: ET.Element, tag: str, artefact: str, name: str) -> ET.Element:
    made = _under(parent, _STR, tag, id=artefact, version=VERSION, agencyID=AGENCY, isExternalReference="false")
    _name(made, name)
    return made


def _item(parent: ET.Element, tag: str, code: str, name: str, described: str) -> None:
    made = _under(parent, _STR, tag, id=code)
    _name(made, name)
    if described:
        text = _under(made, _COM, "Description")
        text.set(_LANG, "en")
        text.text = described


def _name(into: ET.Element, name: str) -> None:
    text = _under(into, _COM, "Name")
    text.set(_LANG, "en")
    text.text = name
