"""The parts of a workbook file, what leads from one to the other, and whether all of it is of a kind that we know.

A workbook is marked only where every relation in it is of a kind listed here: then each part is copied byte by byte or
changed in a way of which we know what it does. Anything else, a digital signature for one, and it is left alone.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from relmetrics.reporting.workbook.outline import Edits, NotMarkableError, Outline, outline, quoted

__all__ = ["Package", "Relation", "open_package"]

_MOST_BYTES = 400 * 1024**2  # unpacked, of a workbook that is marked
_MOST_PART = 80 * 1024**2  # of a part that is changed
_MOST_PARTS = 5_000
_CHUNK = 1024 * 1024
_CONTENT_TYPES = "[Content_Types].xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships/"
_MICROSOFT = "http://schemas.microsoft.com/office/"
_OFFICE_KINDS = (
    "officeDocument", "extended-properties", "custom-properties", "customXml", "customXmlProps", "worksheet",
    "chartsheet", "dialogsheet", "theme", "themeOverride", "styles", "sharedStrings", "calcChain",
    "sheetMetadata", "volatileDependencies", "connections", "externalLink", "externalLinkPath",
    "pivotCacheDefinition", "pivotCacheRecords", "pivotTable", "queryTable", "table", "tableSingleCells",
    "xmlMaps", "drawing", "vmlDrawing", "comments", "chart", "chartUserShapes", "image", "hyperlink",
    "printerSettings", "oleObject", "package", "control", "ctrlProp", "customProperty", "diagramData",
    "diagramLayout", "diagramQuickStyle", "diagramColors", "attachedToolbars", "audio", "video",
)  # fmt: skip
_MICROSOFT_KINDS = (
    "2006/relationships/vbaProject", "2006/relationships/vbaProjectSignature", "2006/relationships/xlMacrosheet",
    "2006/relationships/xlIntlMacrosheet", "2006/relationships/ui/extensibility",
    "2007/relationships/ui/extensibility", "2006/relationships/ui/userCustomization",
    "2006/relationships/activeXControlBinary", "2007/relationships/slicer", "2007/relationships/slicerCache",
    "2007/relationships/hdphoto", "2007/relationships/diagramDrawing", "2011/relationships/timeline",
    "2011/relationships/timelineCache", "2011/relationships/chartStyle", "2011/relationships/chartColorStyle",
    "2011/relationships/webextension", "2011/relationships/webextensiontaskpanes", "2014/relationships/chartEx",
    "2017/10/relationships/person", "2017/10/relationships/threadedComment", "2017/06/relationships/rdRichValue",
    "2017/06/relationships/rdRichValueStructure", "2017/06/relationships/rdRichValueTypes",
    "2017/06/relationships/richStyles", "2017/06/relationships/rdArray",
    "2017/06/relationships/rdSupportingPropertyBag", "2017/06/relationships/rdSupportingPropertyBagStructure",
    "2020/07/relationships/rdRichValueWebImage", "2022/10/relationships/richValueRel",
    "2019/04/relationships/namedSheetView", "2020/02/relationships/classificationlabels",
    "2017/relationships/docMetadata", "2019/04/relationships/documenttask",
    "2006/relationships/vbaProjectSignatureAgile", "2020/07/relationships/vbaProjectSignatureV3",
    "2006/relationships/xlExternalLinkPath/xlPathMissing", "2006/relationships/xlExternalLinkPath/xlStartup",
    "2006/relationships/xlExternalLinkPath/xlLibrary",
)  # fmt: skip
_KNOWN = frozenset(
    [
        *(_OFFICE + name for name in _OFFICE_KINDS),
        *(_MICROSOFT + name for name in _MICROSOFT_KINDS),
        _PACKAGE + "metadata/core-properties",
        _OFFICE + "metadata/core-properties",  # some programs write it so, some in small letters
        _OFFICE.replace("officeDocument", "officedocument") + "metadata/core-properties",
        _PACKAGE + "metadata/thumbnail",
    ]
)
_SIGNED = _PACKAGE + "digital-signature/"


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation of a part: its id, kind, and the part that it leads to; `target` is empty where that is outside."""

    id: str
    kind: str
    target: str


class Package:
    """A workbook's parts; changed ones stand in memory, the others in the file until they are copied."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.entries = {entry.filename: entry for entry in archive.infolist() if not entry.is_dir()}
        self.changed: dict[str, bytes] = {}
        self.new: list[str] = []
        self._by_name = {name.casefold(): name for name in self.entries}
        if len(self._by_name) < len(self.entries) or len(self.entries) > _MOST_PARTS:
            raise NotMarkableError("form")
        if len(self.entries) != sum(not entry.is_dir() for entry in archive.infolist()):
            raise NotMarkableError("form")
        if sum(entry.file_size for entry in self.entries.values()) > _MOST_BYTES:
            raise NotMarkableError("size")
        self._check_relations()

    def has(self, name: str) -> bool:
        """Whether there is a part of this name; capitals do not count."""
        return name.casefold() in self._by_name

    def read(self, name: str) -> bytes:
        """Bytes of a part, as they are now."""
        real = self._by_name.get(name.casefold())
        if real is None:
            raise NotMarkableError("form")
        if real in self.changed:
            return self.changed[real]
        with self.archive.open(self.entries[real]) as stream:
            data = stream.read(_MOST_PART + 1)
        if len(data) > _MOST_PART:
            raise NotMarkableError("size")
        return data

    def original(self, name: str) -> bytes:
        """Bytes of a part as they were."""
        return self.archive.read(self.entries[self._by_name[name.casefold()]])

    def write(self, name: str, data: bytes) -> None:
        """Change a part, or add one."""
        real = self._by_name.setdefault(name.casefold(), name)
        if real not in self.entries and real not in self.new:
            self.new.append(real)
        self.changed[real] = data

    # --- relations --------------------------------------------------------------------------------------------------

    def relations(self, part: str) -> list[Relation]:
        """Relations of a part; of the package itself where `part` is empty."""
        name = relations_part(part)
        if not self.has(name):
            return []
        found = []
        for one in _relations(self.read(name)).named("Relationship"):
            kind, target = one.attributes.get("Type", ""), one.attributes.get("Target", "")
            is_outside = one.attributes.get("TargetMode", "").casefold() == "external"
            place = "" if is_outside else posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target))
            found.append(Relation(one.attributes.get("Id", ""), kind, place.lstrip("/")))
        return found

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation of a part; return its id."""
        name = relations_part(part)
        if not self.has(name):
            empty = f'<Relationships xmlns="{_PACKAGE.removesuffix("/")}"></Relationships>'
            self.write(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{empty}'.encode())
        used = {one.id for one in self.relations(part)}
        id_ = next(f"rIdMark{number}" for number in range(1, len(used) + 2) if f"rIdMark{number}" not in used)
        links = _relations(self.read(name))
        edits = Edits(links)
        edits.append(
            links.root,
            f'<{links.prefix}Relationship Id="{id_}" Type="{_OFFICE}{kind}" Target={quoted(f"/{target}")}/>',
        )
        self.write(name, edits.applied())
        return id_

    def _check_relations(self) -> None:
        for name in self.entries:
            if not name.casefold().endswith(".rels"):
                continue
            for one in _relations(self.read(name)).named("Relationship"):
                kind = one.attributes.get("Type", "")
                if kind.startswith(_SIGNED):
                    raise NotMarkableError("signed")
                if kind not in _KNOWN:
                    raise NotMarkableError("unknown")

    # --- content types ----------------------------------------------------------------------------------------------

    def declare(self, part: str, content_type: str) -> None:
        """Say of which type a new part is."""
        types = outline(self.read(_CONTENT_TYPES))
        edits = Edits(types)
        edits.append(
            types.root, f"<{types.prefix}Override PartName={quoted(f'/{part}')} ContentType={quoted(content_type)}/>"
        )
        self.write(_CONTENT_TYPES, edits.applied())

    def declare_ending(self, ending: str, content_type: str) -> None:
        """Say of which type parts with an ending are, where that is not said yet."""
        types = outline(self.read(_CONTENT_TYPES))
        known = {one.attributes.get("Extension", "").casefold(): one for one in types.named("Default")}
        if ending in known:
            if known[ending].attributes.get("ContentType") != content_type:
                raise NotMarkableError("form")
            return
        edits = Edits(types)
        place = types.root.open_end
        text = f"<{types.prefix}Default Extension={quoted(ending)} ContentType={quoted(content_type)}/>"
        edits.replace(place, place, text)
        self.write(_CONTENT_TYPES, edits.applied())

    def content_type(self, part: str) -> str:
        """Type of a part, or empty."""
        types = outline(self.read(_CONTENT_TYPES))
        for one in types.named("Override"):
            if one.attributes.get("PartName", "").lstrip("/").casefold() == part.casefold():
                return one.attributes.get("ContentType", "")
        ending = part.rpartition(".")[2].casefold()
        for one in types.named("Default"):
            if one.attributes.get("Extension", "").casefold() == ending:
                return one.attributes.get("ContentType", "")
        return ""

    # --- the file ---------------------------------------------------------------------------------------------------

    def saved(self) -> bytes:
        """Write the file: what was not changed is copied, dates of members and their order stay."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as target:
            for name, entry in self.entries.items():
                info = zipfile.ZipInfo(name, entry.date_time)
                info.compress_type = zipfile.ZIP_DEFLATED
                if name in self.changed:
                    target.writestr(info, self.changed[name])
                    continue
                with self.archive.open(entry) as source, target.open(info, "w") as copy:
                    while chunk := source.read(_CHUNK):
                        copy.write(chunk)
            for name in self.new:
                info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(info, self.changed[name])
        return stream.getvalue()


def open_package(path: Path) -> Package:
    """Open a workbook file.

    Raises
    ------
    NotMarkableError
        It is too large, or not of a kind that we know through and through.
    """
    try:
        return Package(zipfile.ZipFile(path))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeError, ValueError):
        raise NotMarkableError("form") from None
    except OSError:
        raise NotMarkableError("gone") from None


def relations_part(part: str) -> str:
    """Name of the part that holds the relations of a part."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relations(data: bytes) -> Outline:
    part = outline(data)
    if part.bare(part.root) != "Relationships":
        raise NotMarkableError("form")
    return part
