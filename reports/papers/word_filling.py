"""Fills a Word file somebody sent, in a process of its own: a header and the file in, an answer and the file out.

Run by word_templates.py, never imported by it. Nothing in the file is trusted. Besides texts and three kinds of
marks, a name, a condition on a name, a repetition of an offered list, no line of it is ever compiled: what else the
template language knows (attributes, calls, filters, sums, other files) is refused before it runs. A file made to
exhaust memory or to run for ever ends this process and not the server's.

In: one line of JSON {"values": {name: text}, "lists": {name: [text or {column: text}]}}, then the file.
Out: one line of JSON {"names": […]} or {"error": code, "said": text}, then the filled file.
"""

import contextlib
import io
import json
import re
import sys
import zipfile

MEMORY = 1_000_000_000  # bytes of address space
SECONDS = 10  # of computing
MOST_PARTS = 400
LARGEST_INSIDE = 40_000_000  # bytes, unpacked
LARGEST_FILLED = 20_000_000
FORBIDDEN_PARTS = ("vbaproject", "vbadata", "activex", "oleobject", "embeddings/", "afchunk", "attachedtoolbars")
FIELD_CODES = ("PAGE", "NUMPAGES", "SECTIONPAGES")  # what Word may compute by itself; nothing that reads elsewhere
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MARK = re.compile(r"\{[{%].{0,80}?[}%]\}|\{[{%].{0,60}", re.DOTALL)
ENTITY = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
FORBIDDEN_RELATIONS = ("attachedtemplate", "afchunk", "oleobject", "subdocument")
# How pictures (PNG, JPEG, GIF, BMP, TIFF, WMF, EMF) and fonts (TrueType, OpenType) begin.
SIGNATURES = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00",
    b"\x01\x00\x00\x00", b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf",
)  # fmt: skip


class Refused(Exception):
    def __init__(self, code: str, said: str = ""):
        self.code, self.said = code, said
        super().__init__(code)


def limit() -> None:
    """Bound what this process may use, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 2))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


# --- what lies in the file --------------------------------------------------------------------------


def look_inside(content: bytes) -> None:
    """Refuse what is no plain Word document: macros, hidden objects, links outwards, fields that read elsewhere."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_INSIDE:
            raise Refused("too_big")
        names = [part.filename.lower() for part in parts]
        if "word/document.xml" not in names or len(set(names)) != len(names):
            raise Refused("no_document")
        if any(bad in name for name in names for bad in FORBIDDEN_PARTS):
            raise Refused("object")
        for part in parts:
            if part.filename.lower().endswith((".xml", ".rels")):
                _look_at(part.filename.lower(), packed.read(part))
            elif not (part.is_dir() or _is_picture_or_font(part.filename.lower(), packed.read(part))):
                raise Refused("object")


def _is_picture_or_font(name: str, part: bytes) -> bool:
    """A font Word has scrambled begins with anything; _look_at_types sees to it that it is not read as a text."""
    return part.startswith(SIGNATURES) or (part[:4] == b"RIFF" and part[8:12] == b"WEBP") or name.endswith(".odttf")


def _look_at(name: str, part: bytes) -> None:
    if part[:2] in (b"\xff\xfe", b"\xfe\xff") or ENTITY.search(part) or b"\x00" in part:
        raise Refused("damaged")
    tree = _read(part)
    if name.endswith(".rels"):
        _look_at_relations(tree)
    elif name == "[content_types].xml":
        _look_at_types(tree)
    else:  # wherever it lies: what a part is, the types and relations say and not its name
        for code in _codes(tree):
            if code.split(" ")[0].upper() not in FIELD_CODES or "{" in code:
                raise Refused("code", code[:60])


def _read(part: bytes):
    """The tree of a part, its letters decoded. Nothing outside of it is read."""
    from lxml import etree

    tree = etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    if tree.getroottree().docinfo.doctype:
        raise Refused("damaged")
    return tree


def _look_at_relations(tree) -> None:
    for node in tree.iter("{*}*"):
        said = [value.strip().lower() for value in node.attrib.values()]
        if "external" in said:
            raise Refused("outside")
        if any(bad in value for value in said for bad in FORBIDDEN_RELATIONS):
            raise Refused("object")


def _look_at_types(tree) -> None:
    """No macros, and nothing that Word would read as a text under a name that is not looked through as one."""
    for node in tree.iter("{*}*"):
        kind = node.get("ContentType", "").strip().lower()
        name = node.get("PartName") or f".{node.get('Extension', '')}"
        is_text = kind.split(";")[0].rstrip().endswith("xml")
        if "macroenabled" in kind or (is_text and not name.strip().lower().endswith((".xml", ".rels"))):
            raise Refused("object")


def _codes(tree):
    """What every field of Word says, also one written in pieces."""
    open_fields: list[list[str]] = []
    for node in tree.iter():
        if node.tag == f"{WORD}fldSimple":
            yield node.get(f"{WORD}instr", "").strip()
        elif node.tag == f"{WORD}fldChar":
            kind = node.get(f"{WORD}fldCharType")
            if kind == "begin":
                open_fields.append([])
            elif kind == "end" and open_fields:
                yield "".join(open_fields.pop()).strip()
        elif node.tag == f"{WORD}instrText":
            if not open_fields:
                raise Refused("code", (node.text or "")[:60])
            open_fields[-1].append(node.text or "")
    for left_open in open_fields:
        yield "".join(left_open).strip()


# --- the marks -----------------------------------------------------------------------------------------


def careful_environment(values: dict, names: set):
    """A sandbox that compiles nothing but names, conditions on names and repetitions of lists. `names` gathers; what
    is in `values` is a text and no list."""
    from jinja2 import nodes
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Careful(ImmutableSandboxedEnvironment):
        def _parse(self, source, name, filename):
            tree = super()._parse(source, name, filename)
            for node in tree.body:
                self._vet(node, source, {})
            return tree

        def _vet(self, node, source, rows):
            """`rows` maps the word of a repetition to the list it walks through."""
            if isinstance(node, nodes.TemplateData):
                return
            if isinstance(node, nodes.Output | nodes.And | nodes.Or | nodes.Not):
                for inner in node.iter_child_nodes():
                    self._vet(inner, source, rows)
            elif isinstance(node, nodes.Name) and node.ctx == "load":
                if node.name not in rows:
                    names.add(node.name)
            elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name in rows:
                names.add(f"{rows[node.node.name]}.{node.attr}")
            elif isinstance(node, nodes.If):
                for inner in (node.test, *node.body, *node.elif_, *node.else_):
                    self._vet(inner, source, rows)
            elif isinstance(node, nodes.For):
                self._vet_repetition(node, source, rows)
            else:
                raise Refused("forbidden", near(source, node.lineno))

        def _vet_repetition(self, node, source, rows):
            is_plain = isinstance(node.target, nodes.Name) and isinstance(node.iter, nodes.Name)
            if not is_plain or node.test is not None or node.recursive or rows:
                raise Refused("forbidden", near(source, node.lineno))
            if node.iter.name in values:  # its letters are nothing to walk through
                raise Refused("forbidden", near(source, node.lineno))
            names.add(node.iter.name)  # an unknown list is said with the other unknown names
            for inner in node.body:
                self._vet(inner, source, {node.target.name: node.iter.name})
            for inner in node.else_:
                self._vet(inner, source, rows)

        def getattr(self, obj, attribute):
            return obj.get(attribute, "") if type(obj) is dict else ""

        def getitem(self, obj, argument):
            raise SecurityError("no items")

        def call(self, __context, __obj, *args, **kwargs):
            raise SecurityError("no calls")

    made = Careful(autoescape=True)
    made.globals.clear()
    made.filters.clear()
    made.tests.clear()
    return made


def near(source: str, line: int) -> str:
    """The mark on this line, as the sender sees it in Word."""
    lines = source.splitlines()
    plain = re.sub(r"<[^>]*>", "", lines[line - 1]) if 0 < line <= len(lines) else ""
    found = [mark.group() for mark in MARK.finditer(plain)]
    return found[-1][:80] if len(found) == 1 else " ".join(found)[:120]


def fill(content: bytes, values: dict, lists: dict) -> tuple[set, bytes]:
    """(names found, the filled file)."""
    from docxtpl import DocxTemplate
    from jinja2.exceptions import TemplateError

    look_inside(content)
    names: set[str] = set()
    template = DocxTemplate(io.BytesIO(content))
    try:
        template.render({**values, **lists}, careful_environment(values, names), autoescape=True)
    except TemplateError as error:
        raise Refused("syntax", " ".join(getattr(error, "docx_context", ()))[:160].strip()) from error
    out = io.BytesIO()
    template.save(out)
    filled = out.getvalue()
    if len(filled) > LARGEST_FILLED:
        raise Refused("too_big")
    return names, filled


def answered(order: bytes) -> bytes:
    head, _, content = order.partition(b"\n")
    told = json.loads(head)
    try:
        names, filled = fill(content, told["values"], told["lists"])
    except Refused as refusal:
        return json.dumps({"error": refusal.code, "said": refusal.said}).encode()
    except MemoryError:
        return b'{"error": "too_big"}'
    except Exception:
        return b'{"error": "damaged"}'
    return json.dumps({"names": sorted(names)}).encode() + b"\n" + filled


if __name__ == "__main__":
    limit()
    sys.stdout.buffer.write(answered(sys.stdin.buffer.read()))
