"""The XML of an E-ARK package: METS (CSIP 2.0.4), PREMIS 3 and EAD 3, written with fixed prefixes and order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from storage.packages import Package, PackagedFile

_HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n'
_METS_NAMES = {
    "xmlns:mets": "http://www.loc.gov/METS/",
    "xmlns:csip": "https://DILCIS.eu/XML/METS/CSIPExtensionMETS",
    "xmlns:xlink": "http://www.w3.org/1999/xlink",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
REPRESENTATIONS = "Representations"
"""Name of the group of files that are METS files of representations."""
_PROFILE = "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml"
_PREMIS_NAMES = {
    "xmlns:premis": "http://www.loc.gov/premis/v3",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "version": "3.0",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to the documents of a package."""

    kind: str
    """PREMIS event type, e.g. `transfer` for digitising as the circular's samples have it."""
    at: datetime
    detail: str
    objects: tuple[str, ...]
    """Paths of the files that it happened to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetsParts:
    """What a METS file describes."""

    identifier: str
    descriptive: tuple[PackagedFile, ...]
    preservation: tuple[PackagedFile, ...]
    groups: Mapping[str, tuple[PackagedFile, ...]]
    """Files by the name of their group: `Documentation`, `Schemas`, `Representations`, `Data`."""


def mets_xml(parts: MetsParts, package: Package) -> bytes:
    """Return a METS file; paths in it are from the place where it stands."""
    at = _time(package.at)
    body = [
        _mets_header(package, at),
        *(_metadata("mets:dmdSec", f"dmd-{n}", "EAD", file, at) for n, file in enumerate(parts.descriptive, 1)),
        *_administrative(parts, at),
        _file_section(parts, at),
        _structure(parts),
    ]
    attributes = {
        **_METS_NAMES,
        "OBJID": parts.identifier,
        "LABEL": package.fields.get("title", "") or package.code,
        "TYPE": "Textual works – Digital",
        "csip:CONTENTINFORMATIONTYPE": "MIXED",
        "PROFILE": _PROFILE,
    }
    return _document(_element("mets:mets", attributes, *body))


def premis_xml(files: Iterable[PackagedFile], events: Sequence[Event], package: Package) -> bytes:
    """Return what preservation must know: each file with digest and format, what happened, and who did it."""
    agent = f"{package.software} {package.version}".strip()
    objects = [_premis_object(file) for file in files]
    happened = [_premis_event(number, event, agent) for number, event in enumerate(events, 1)]
    who = _element(
        "premis:agent",
        {},
        _identifier("agent", agent),
        _element("premis:agentName", {}, escape(agent)),
        _element("premis:agentType", {}, "software"),
    )
    return _document(_element("premis:premis", _PREMIS_NAMES, *objects, *happened, who))


def ead_xml(
    fields: Mapping[str, str], names: Sequence[str], *, level: str, title: str, code: str, at: datetime
) -> bytes:
    """Return archival metadata as EAD 3, every field of the circular under its own name, the empty ones too."""
    control = _element(
        "control",
        {},
        _element("recordid", {}, escape(code)),
        _element("filedesc", {}, _element("titlestmt", {}, _element("titleproper", {}, escape(title)))),
        _element("maintenancestatus", {"value": "new"}),
        _element("maintenanceagency", {}, _element("agencyname", {}, escape(fields.get("organName", "") or "-"))),
        _element("maintenancehistory", {}, _maintenance(at)),
    )
    about = _element("did", {}, _element("unitid", {}, escape(code)), _element("unittitle", {}, escape(title)))
    told = [_element("odd", {"localtype": n}, _element("p", {}, escape(fields.get(n, "")))) for n in names]
    description = _element("archdesc", {"level": level}, about, *told)
    return _document(_element("ead", {"xmlns": "http://ead3.archivists.org/schema/"}, control, description))


def fields_xsd(names: Mapping[str, Sequence[str]]) -> bytes:
    """Return a schema that lists the names of fields, by the name of their list."""
    types = []
    for name, values in names.items():
        listed = [_element("xs:enumeration", {"value": value}) for value in values]
        types.append(
            _element("xs:simpleType", {"name": name}, _element("xs:restriction", {"base": "xs:string"}, *listed))
        )
    return _document(_element("xs:schema", {"xmlns:xs": "http://www.w3.org/2001/XMLSchema"}, *types))


def _maintenance(at: datetime) -> str:
    return _element(
        "maintenanceevent",
        {},
        _element("eventtype", {"value": "created"}),
        _element("eventdatetime", {}, _time(at)),
        _element("agenttype", {"value": "machine"}),
        _element("agent", {}, "sohoa"),
    )


def _mets_header(package: Package, at: str) -> str:
    note = _element("mets:note", {"csip:NOTETYPE": "SOFTWARE VERSION"}, escape(package.version or "0"))
    software = {"ROLE": "CREATOR", "TYPE": "OTHER", "OTHERTYPE": "SOFTWARE"}
    agency = {"ROLE": "ARCHIVIST", "TYPE": "ORGANIZATION"}
    return _element(
        "mets:metsHdr",
        {"CREATEDATE": at, "LASTMODDATE": at, "RECORDSTATUS": "NEW", "csip:OAISPACKAGETYPE": "AIP"},
        _element("mets:agent", software, _element("mets:name", {}, escape(package.software)), note),
        _element("mets:agent", agency, _element("mets:name", {}, escape(package.agency or "-"))),
    )


def _metadata(name: str, identifier: str, kind: str, file: PackagedFile, at: str) -> str:
    attributes = {
        "LOCTYPE": "URL",
        "xlink:type": "simple",
        "xlink:href": file.path,
        "MDTYPE": kind,
        "MIMETYPE": file.media_type,
        "SIZE": str(file.size),
        "CREATED": at,
        "CHECKSUM": file.sha256,
        "CHECKSUMTYPE": "SHA-256",
    }
    reference = _element("mets:mdRef", attributes)
    return _element(name, {"ID": identifier, "CREATED": at, "STATUS": "CURRENT"}, reference)


def _administrative(parts: MetsParts, at: str) -> list[str]:
    events = [
        _metadata("mets:digiprovMD", f"digiprov-{n}", "PREMIS", f, at) for n, f in enumerate(parts.preservation, 1)
    ]
    return [_element("mets:amdSec", {"ID": "amd-1"}, *events)] if events else []


def _file_section(parts: MetsParts, at: str) -> str:
    groups = []
    for place, (name, files) in enumerate(parts.groups.items(), 1):
        listed = [_file(f"file-{place}-{number}", file, at) for number, file in enumerate(files, 1)]
        attributes = {"ID": f"group-{place}", "USE": name}
        if name == REPRESENTATIONS:
            attributes["csip:CONTENTINFORMATIONTYPE"] = "MIXED"
        groups.append(_element("mets:fileGrp", attributes, *listed))
    return _element("mets:fileSec", {"ID": "files"}, *groups)


def _file(identifier: str, file: PackagedFile, at: str) -> str:
    attributes = {
        "ID": identifier,
        "MIMETYPE": file.media_type,
        "SIZE": str(file.size),
        "CREATED": at,
        "CHECKSUM": file.sha256,
        "CHECKSUMTYPE": "SHA-256",
    }
    place = {"LOCTYPE": "URL", "xlink:type": "simple", "xlink:href": file.path}
    return _element("mets:file", attributes, _element("mets:FLocat", place))


def _structure(parts: MetsParts) -> str:
    metadata = {"ID": "div-metadata", "LABEL": "Metadata"}
    if parts.descriptive:
        metadata["DMDID"] = " ".join(f"dmd-{number}" for number in range(1, len(parts.descriptive) + 1))
    if parts.preservation:
        metadata["ADMID"] = " ".join(f"digiprov-{number}" for number in range(1, len(parts.preservation) + 1))
    divisions = [_element("mets:div", metadata)]
    for place, (name, files) in enumerate(parts.groups.items(), 1):
        attributes = {"ID": f"div-{place}", "LABEL": name}
        inner = [_element("mets:fptr", {"FILEID": f"group-{place}"})]
        if name == REPRESENTATIONS:
            inner += [_representation(place, number, file) for number, file in enumerate(files, 1)]
        divisions.append(_element("mets:div", attributes, *inner))
    top = _element("mets:div", {"ID": "div-package", "LABEL": parts.identifier}, *divisions)
    return _element("mets:structMap", {"ID": "structure", "TYPE": "PHYSICAL", "LABEL": "CSIP"}, top)


def _representation(place: int, number: int, file: PackagedFile) -> str:
    """Return the division that points to the METS file of a representation."""
    pointer = {"LOCTYPE": "URL", "xlink:type": "simple", "xlink:href": file.path, "xlink:title": f"group-{place}"}
    label = "/".join(["Representations", *file.path.split("/")[1:-1]])
    return _element("mets:div", {"ID": f"div-{place}-{number}", "LABEL": label}, _element("mets:mptr", pointer))


def _premis_object(file: PackagedFile) -> str:
    fixity = _element(
        "premis:fixity",
        {},
        _element("premis:messageDigestAlgorithm", {}, "SHA-256"),
        _element("premis:messageDigest", {}, file.sha256),
    )
    named = _element("premis:formatDesignation", {}, _element("premis:formatName", {}, file.media_type))
    characteristics = _element(
        "premis:objectCharacteristics",
        {},
        fixity,
        _element("premis:size", {}, str(file.size)),
        _element("premis:format", {}, named),
    )
    return _element("premis:object", {"xsi:type": "premis:file"}, _identifier("object", file.path), characteristics)


def _premis_event(number: int, event: Event, agent: str) -> str:
    links = [
        _element(
            "premis:linkingObjectIdentifier",
            {},
            _element("premis:linkingObjectIdentifierType", {}, "local"),
            _element("premis:linkingObjectIdentifierValue", {}, escape(path)),
        )
        for path in event.objects
    ]
    by = _element(
        "premis:linkingAgentIdentifier",
        {},
        _element("premis:linkingAgentIdentifierType", {}, "local"),
        _element("premis:linkingAgentIdentifierValue", {}, escape(agent)),
    )
    detail = _element("premis:eventDetail", {}, escape(event.detail))
    return _element(
        "premis:event",
        {},
        _identifier("event", f"event-{number}"),
        _element("premis:eventType", {}, escape(event.kind)),
        _element("premis:eventDateTime", {}, _time(event.at)),
        _element("premis:eventDetailInformation", {}, detail),
        by,
        *links,
    )


def _identifier(kind: str, value: str) -> str:
    return _element(
        f"premis:{kind}Identifier",
        {},
        _element(f"premis:{kind}IdentifierType", {}, "local"),
        _element(f"premis:{kind}IdentifierValue", {}, escape(value)),
    )


def _element(name: str, attributes: Mapping[str, str], *children: str) -> str:
    """Return an element; its children are XML already."""
    told = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{told}>{''.join(children)}</{name}>" if children else f"<{name}{told}/>"


def _document(root: str) -> bytes:
    plain = "".join(c for c in root if c >= " " or c in "\t\n\r")
    return (_HEADER + plain + "\n").encode("utf-8")


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
